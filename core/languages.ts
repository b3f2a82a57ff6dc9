/** The languages that the Sync Console speaks (ISO 639-1): those with a catalogue in core/messages. */
export const LANGUAGES = ["de", "en", "es", "fr", "nl"] as const;
export type Language = (typeof LANGUAGES)[number];

/** The language of a locale (BCP 47) where the console speaks it. */
export function languageOf(locale: string): Language | undefined {
  const { language } = new Intl.Locale(locale);
  return LANGUAGES.find((known) => known === language);
}
