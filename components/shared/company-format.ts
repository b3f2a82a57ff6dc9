import type { Customer } from "../../customers/schema";
import type { CompanyFormat } from "../../console/model";

/** Of a company whose country is not recognised: English, the day before the month, dots in decimals. */
const WORLD_ENGLISH = "en-001";

/** Countries by ERPNext's name where it is not the one that Unicode uses in English; in {@link plain}'s spelling. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  "brunei darussalam": "BN",
  "cape verde": "CV",
  "czech republic": "CZ",
  "hong kong": "HK",
  "ivory coast": "CI",
  "lao peoples democratic republic": "LA",
  macao: "MO",
  macedonia: "MK",
  "palestinian territory": "PS",
  "russian federation": "RU",
  swaziland: "SZ",
  turkey: "TR",
};

/** Where books are written in English, though most people speak something else first. */
const ENGLISH_BOOKS = new Set(["HK", "IN", "KE", "LK", "MT", "MY", "PH", "PK", "TZ"]);

/** How the company writes, from the intake. */
export function companyFormat({ legalName, currency, timeZone, country }: Customer["company"]): CompanyFormat {
  return { name: legalName, currency, timeZone, locale: localeOf(country) };
}

/** The locale (BCP 47) of a country by its English name: the language that is most written there, in that country's manner. */
export function localeOf(country: string): string {
  const region = regionOf(country);
  if (region === undefined) return WORLD_ENGLISH;
  if (ENGLISH_BOOKS.has(region)) return `en-${region}`;
  const { language, script } = new Intl.Locale(`und-${region}`).maximize();
  // A script is said only where the language alone would mean another one.
  const usual = new Intl.Locale(language).maximize().script;
  const middle = script === undefined || script === usual ? "" : `-${script}`;
  return `${language}${middle}-${region}`;
}

/** ISO 3166-1 alpha-2. */
function regionOf(country: string): string | undefined {
  if (/^Korea,/.test(country)) return /Democratic/.test(country) ? "KP" : "KR";
  if (/^Congo,/.test(country)) return "CD";
  if (/^Congo/.test(country)) return "CG";
  const name = plain(country);
  return OTHER_NAMES[name] ?? regionNamed(name);
}

/** The region whose English name, as Unicode knows it, is this one. */
function regionNamed(wanted: string): string | undefined {
  const names = new Intl.DisplayNames("en", { type: "region", fallback: "none" });
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ".match(/./g) ?? [];
  return letters
    .flatMap((first) => letters.map((second) => first + second))
    .find((code) => {
      const name = names.of(code);
      // Unicode knows codes that were given up ("UK", "FX") as other names of the ones in use.
      const inUse = (): boolean => Intl.getCanonicalLocales(`und-${code}`)[0] === `und-${code}`;
      return name !== undefined && plain(name) === wanted && inUse();
    });
}

/** Without accents, capitals, what follows a comma or stands in brackets, and with "and" and "saint" written out. */
function plain(name: string): string {
  return name
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[,(].*$/, "")
    .replaceAll("&", "and")
    .replace(/\bst\./g, "saint")
    .trim();
}
