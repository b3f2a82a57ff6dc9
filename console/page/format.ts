import { languageOf } from "../../core/languages";
import type { Writer } from "../../core/messages";
import type { CompanyFormat } from "../model";

/**
 * How the company writes numbers, amounts and times. The server and the page's script both use it, so that what appears
 * later looks like what was there before.
 */
export interface Format {
  number(value: number): string;
  /** A decimal of Shopify's or ERPNext's in the company's currency, digit by digit. */
  money(decimal: string): string;
  /**
   * A share in per cent with two decimals. It is cut, not rounded: it says 100 % when nothing at all is missing, and 0 %
   * when nothing at all is there.
   */
  share(part: number, whole: number): string;
  /** A moment of today by its time alone, any other with its day. */
  moment(iso: string): string;
  /** A moment with its day, weekday and time zone. */
  fullMoment(iso: string): string;
  day(iso: string): string;
  /** "2026-11" as a month with its year. */
  month(month: string): string;
  /** "2026-11" as short as a chart's axis needs it. */
  shortMonth(month: string): string;
  /** A text with its ISO 8601 moments written as {@link moment} does. */
  localTimes(text: string): string;
}

const ISO_MOMENT = /\b\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})/g;
const DECIMAL = /^-?\d+(\.\d+)?$/;

/** @param now the moment whose day is today */
export function formatFor({ locale, currency, timeZone }: CompanyFormat, now: Date): Format {
  const wording = dateLocaleOf(locale);
  const dates = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat(wording, { timeZone, ...options });
  const plain = new Intl.NumberFormat(locale);
  const amounts = new Intl.NumberFormat(locale, { style: "currency", currency });
  const perCent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 2 });
  const time = dates({ timeStyle: "short" });
  const day = dates({ dateStyle: "medium" });
  const dayAndTime = dates({ dateStyle: "medium", timeStyle: "short" });
  const full = dates({
    weekday: "long",
    day: "numeric",
    month: "long",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    timeZoneName: "short",
  });
  const month = new Intl.DateTimeFormat(wording, { timeZone: "UTC", month: "short", year: "numeric" });
  const shortMonth = new Intl.DateTimeFormat(wording, { timeZone: "UTC", month: "short" });
  const today = day.format(now);
  const moment = written((at) => (day.format(at) === today ? time : dayAndTime).format(at));
  return {
    number: (value) => plain.format(value),
    money: (decimal) => (DECIMAL.test(decimal) ? amounts.format(decimal as `${number}`) : decimal),
    share: (part, whole) => perCent.format(cut(part / whole)),
    moment,
    fullMoment: written((at) => full.format(at)),
    day: written((at) => day.format(at)),
    month: (text) => written((at) => month.format(at))(`${text}-15T00:00:00Z`),
    shortMonth: (text) => written((at) => shortMonth.format(at))(`${text}-15T00:00:00Z`),
    localTimes: (text) => text.replace(ISO_MOMENT, moment),
  };
}

/**
 * The locale of names of days and months. Where the page speaks English to a company of another language, English names in the manner
 * of its country, with its hours: else an English sentence says "poniedziałek".
 */
function dateLocaleOf(locale: string): string {
  if (languageOf(locale) !== undefined) return locale;
  const { region } = new Intl.Locale(locale);
  const english = `en-${region ?? "001"}`;
  const { locale: known } = new Intl.DateTimeFormat(english).resolvedOptions();
  const { hourCycle } = new Intl.DateTimeFormat(locale, { hour: "numeric" }).resolvedOptions();
  return `${known === "en" ? "en-001" : english}-u-hc-${hourCycle ?? "h23"}`;
}

/** What is no time is shown as it came. */
function written(write: (at: number) => string): (iso: string) => string {
  return (iso) => {
    const at = Date.parse(iso);
    return Number.isNaN(at) ? iso : write(at);
  };
}

/** To hundredths of a per cent, away from 0 and from 1, so that neither is said of a share that only comes near it. */
function cut(share: number): number {
  const hundredths = share * 10_000;
  if (share === 0 || share === 1) return share;
  return (share > 1 ? Math.ceil(hundredths) : Math.max(1, Math.floor(hundredths))) / 10_000;
}

/** How the page writes: numbers and times as the company does, and words in its language. */
export type PageFormat = Format & Writer;

/** A clause or a sentence of someone else's, with its full stop. */
export function sentence(text: string): string {
  return /[.!?…]["')]?$/.test(text.trimEnd()) ? text : `${text}.`;
}

/** The addresses come from the two shops' settings; one that is not a web address is not made a link. */
export function webAddress(text: string): string | undefined {
  return /^https?:\/\//i.test(text) ? text : undefined;
}
