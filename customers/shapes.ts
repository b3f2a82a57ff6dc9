import { z } from "zod";
import { SLUG_LIMIT, TIGHTEST_NAME } from "./name-limits";
import { refuse, type RefusedValue } from "./refusal";
import { text, upperCaseHint, type Hint } from "./text-shape";

/** Shapes that belong to no cloud: what a customer is called, dates, money, countries, people, host names. */

/** A customer's slug: RFC 1035 label in lower case, as long as the tightest name made of it allows. */
export const slug = text({
  pattern: new RegExp(`^(?=.{1,${SLUG_LIMIT}}$)[a-z][a-z0-9]*(?:-[a-z0-9]+)*$`),
  kind: "a customer's name in lower case letters, digits and single hyphens that starts with a letter",
  example: "demo-store",
  accepts: (value) => slugReservation(value) === undefined,
  hint: slugHint,
});

function slugHint(value: string): Hint | undefined {
  if (value.length > SLUG_LIMIT) {
    const { what, around, limit } = TIGHTEST_NAME;
    return {
      which: `has ${value.length} characters, where ${SLUG_LIMIT} fit (the ${what} adds "${around}" and ends at ${limit})`,
    };
  }
  return slugReservation(value) ?? upperCaseHint(value);
}

/** Slugs that are well formed and still lead to a name that is someone else's. */
function slugReservation(value: string): Hint | undefined {
  if (value === "frappe") {
    return {
      which:
        "would name the customer's image frappe/erpnext like Docker Hub's public one, so that a pull puts an image without the apps in its place",
    };
  }
  // Cloud Storage refuses bucket names with "google" or a close misspelling in them, and those that start with "goog".
  if (/^goog|g[o0]{2}gle/.test(value)) return { which: "no Cloud Storage bucket may be named after" };
  return undefined;
}

const SHOP_DOMAIN = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.myshopify\.com$/;

/** A shop's permanent domain, `<store>.myshopify.com`; the only one the Admin API answers on. */
export const shopDomain = text({
  pattern: SHOP_DOMAIN,
  kind: "a shop's own domain <store>.myshopify.com",
  example: "demo-store.myshopify.com",
  hint: shopDomainHint,
});

function shopDomainHint(value: string): Hint | undefined {
  const store = /admin\.shopify\.com\/store\/([A-Za-z0-9-]+)/.exec(value)?.[1];
  if (store !== undefined) {
    return {
      which: "is an address of the admin and not the shop's domain",
      corrected: `${store.toLowerCase()}.myshopify.com`,
    };
  }
  const host = /^[a-z]+:\/\/([^/?#]+)/i.exec(value)?.[1] ?? /^([^/?#]+)\//.exec(value)?.[1];
  if (host !== undefined) return { which: "is a web address and not a domain", corrected: host.toLowerCase() };
  if (/^[A-Za-z0-9-]+$/.test(value)) {
    return { which: "lacks .myshopify.com", corrected: `${value.toLowerCase()}.myshopify.com` };
  }
  if (SHOP_DOMAIN.test(value.toLowerCase())) return upperCaseHint(value);
  if (value.includes(".") && !value.endsWith(".myshopify.com")) {
    return {
      which:
        "is a custom domain, on which Shopify's Admin API does not answer (Settings > Domains shows the right one)",
    };
  }
  return undefined;
}

/** A host name: at least two labels of RFC 1035 in lower case, at most 253 characters; no scheme, port, wildcard or address. */
export function hostname(example: string): z.ZodString {
  return text({
    pattern: /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/,
    kind: "a host name in lower case, without https://, port or path",
    example,
    hint: (value) => {
      const host = /^[a-z]+:\/\/([^/:?#]+)/i.exec(value)?.[1];
      if (host !== undefined) return { which: "is a web address and not a host name", corrected: host.toLowerCase() };
      if (value.endsWith(".")) return { which: "ends with a dot", corrected: value.slice(0, -1) };
      return upperCaseHint(value);
    },
  });
}

/** A day that exists, `YYYY-MM-DD`. Never compared with today: what reads customers may not read the clock. */
export function calendarDate(example: string): z.ZodString {
  return text({
    pattern: /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/,
    kind: "a date YYYY-MM-DD",
    example,
    accepts: isDay,
    hint: (value) =>
      /^\d{4}-\d{2}-\d{2}$/.test(value) ? { which: "is not a day of the calendar (YYYY-MM-DD)" } : undefined,
  });
}

/** A day that exists in every year, `MM-DD`. */
export const monthDay = text({
  pattern: /^(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/,
  kind: "a day of the year MM-DD",
  example: "01-01",
  // 2001 has no 29 February, so that the fiscal year can start on this day every year.
  accepts: (value) => isDay(`2001-${value}`),
  hint: (value) => (/^\d{2}-\d{2}$/.test(value) ? { which: "is not a day that every year has (MM-DD)" } : undefined),
});

function isDay(date: string): boolean {
  const parsed = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(date);
}

/** A currency of ISO 4217, three capital letters. */
export const currency = text({
  pattern: /^[A-Z]{3}$/,
  kind: "a currency of ISO 4217",
  example: "EUR",
  accepts: (value) => Intl.supportedValuesOf("currency").includes(value),
  hint: (value) =>
    /^[A-Za-z]{3}$/.test(value) && value !== value.toUpperCase()
      ? { which: "is not in capital letters", corrected: value.toUpperCase() }
      : undefined,
});

/** A country by the English name that ERPNext lists it under; only the server knows that list, so this checks the form. */
export const country = text({
  pattern: /^[A-ZÀ-Þ][A-Za-zÀ-ɏ ,.'’()-]{2,59}$/,
  kind: "a country's English name as ERPNext lists it",
  example: "Germany",
  accepts: (value) => !/^[A-Z]{3}$/.test(value),
  hint: (value) => {
    if (!/^[A-Za-z]{2}$/.test(value)) return undefined;
    const name = new Intl.DisplayNames("en", { type: "region" }).of(value.toUpperCase());
    return {
      which: "is a country's code and not the name ERPNext lists it under",
      ...(name === undefined ? {} : { corrected: name }),
    };
  },
});

/** A time zone of the tz database, spelt as there: Frappe compares the names letter by letter. */
export const timeZone = text({
  pattern: /^(?:UTC|[A-Z][A-Za-z_]*(?:\/[A-Z][A-Za-z0-9_+-]*){1,2})$/,
  kind: "a time zone of the tz database",
  example: "Europe/Berlin",
  accepts: (value) => Intl.supportedValuesOf("timeZone").includes(value) || isTimeZoneAlias(value),
  hint: (value) => {
    const resolved = resolvedTimeZone(value);
    return resolved?.toLowerCase() === value.toLowerCase()
      ? { which: "is not spelt as in the tz database", corrected: resolved }
      : undefined;
  },
});

/** Names beside the canonical ones, such as UTC; asked second, because a formatter takes 20 ms to make. */
function isTimeZoneAlias(name: string): boolean {
  const resolved = resolvedTimeZone(name);
  return resolved !== undefined && (resolved === name || resolved.toLowerCase() !== name.toLowerCase());
}

function resolvedTimeZone(name: string): string | undefined {
  // An offset, which Node takes for a zone since version 22, and Frappe does not.
  if (/^[+-]/.test(name)) return undefined;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

const EMAIL =
  /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?=.{4,253}$)(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}$/;

/** One e-mail address. */
export const email = text({ pattern: EMAIL, kind: "an e-mail address", example: "ops@agency.example" });

/** Domains at which anyone can have an address: as "@domain" they would open the door to everyone. */
const PUBLIC_MAIL = new Set(
  "gmail.com googlemail.com outlook.com hotmail.com live.com yahoo.com icloud.com aol.com gmx.de gmx.net web.de proton.me protonmail.com".split(
    " ",
  ),
);

/** Who may pass Cloudflare Access: one e-mail address, or "@domain" for everyone of an organisation. */
export const accessEntry = text({
  pattern: new RegExp(EMAIL.source.replace("{1,64}@", "{0,64}@")),
  kind: 'an e-mail address or "@domain"',
  example: "@demo-store.example",
  accepts: (value) => !isPublicMailDomain(value),
  hint: (value) => {
    if (isPublicMailDomain(value))
      return { which: "lets in everyone who has a mailbox there", corrected: `owner${value}` };
    if (/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i.test(value)) return { which: 'lacks the "@"', corrected: `@${value}` };
    return undefined;
  },
});

function isPublicMailDomain(value: string): boolean {
  return value.startsWith("@") && PUBLIC_MAIL.has(value.slice(1).toLowerCase());
}

/** Yes or no. */
export function flag(example: boolean): z.ZodBoolean {
  const error = (issue: RefusedValue): string =>
    refuse(issue, { which: "is neither true nor false", example: String(example) });
  return z.boolean({ error }).meta({ examples: [example] });
}

/** One of a few words. */
export function choice<const Words extends readonly [string, ...string[]]>(
  words: Words,
): z.ZodEnum<{ [W in Words[number]]: W }> {
  const error = (issue: RefusedValue): string =>
    refuse(issue, { which: `is not one of ${words.map((word) => `"${word}"`).join(", ")}`, example: `"${words[0]}"` });
  return z.enum(words, { error }).meta({ examples: [words[0]] });
}

/** A whole number between two bounds, both included. */
export function wholeNumber(range: { from: number; to: number; unit: string; example: number }): z.ZodInt {
  const error = (issue: RefusedValue): string =>
    refuse(issue, {
      which: `is not a whole number of ${range.unit} from ${range.from} to ${range.to}`,
      example: String(range.example),
    });
  return z
    .int({ error })
    .min(range.from, { error })
    .max(range.to, { error })
    .meta({ examples: [range.example] });
}

/** A rate above 0, at most 100, in per cent. */
export function percentage(example: number): z.ZodNumber {
  const error = (issue: RefusedValue): string =>
    refuse(issue, { which: "is not a rate in per cent above 0 and up to 100", example: String(example) });
  return z
    .number({ error })
    .gt(0, { error })
    .max(100, { error })
    .meta({ examples: [example] });
}
