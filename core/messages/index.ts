import { FormatError, IntlMessageFormat } from "intl-messageformat";

import { languageOf, type Language } from "../languages";
import { de } from "./de";
import { en } from "./en";
import { es } from "./es";
import { fr } from "./fr";
import { nl } from "./nl";

export type MessageKey = keyof typeof en;

/** All messages in one language. The type demands every key; messages.test.ts compares the values that they name. */
export type Catalogue = Readonly<Record<MessageKey, string>>;

export const CATALOGUES: Readonly<Record<Language, Catalogue>> = { de, en, es, fr, nl };

/** A decimal such as "129.90", which is written as the language writes numbers. */
export interface Amount {
  readonly amount: string;
}

export interface Message {
  readonly key: MessageKey;
  readonly values: Readonly<Record<string, Value>>;
}

/** Something to be written in the reader's language; a string is a name or the words of another program, and stays as it is. */
export type Text = string | Message;

type Value = Text | number | Amount | readonly Text[];

/** The names in `{name}` and `{name, plural, …}`. A branch such as `{# orders}` is told by its spaces. */
type NamesIn<Template extends string> = Template extends `${string}{${infer Inner}`
  ? NameAtStart<Inner> | NamesIn<Inner>
  : never;
type NameAtStart<Inner extends string> = Inner extends `${infer Name}}${string}` ? NameOf<Name> : never;
type NameOf<Text extends string> = Text extends `${infer Name},${string}` ? Plain<Name> : Plain<Text>;
type Plain<Name extends string> = Name extends "" | `${string} ${string}` | `${string}{${string}` ? never : Name;

type ValuesOf<Key extends MessageKey> = Readonly<Record<NamesIn<(typeof en)[Key]>, Value>>;
type Arguments<Key extends MessageKey, Values> = [NamesIn<(typeof en)[Key]>] extends [never] ? [] : [values: Values];

/** A message of the catalogue with what it names. */
export function text<Key extends MessageKey>(key: Key, ...[values]: Arguments<Key, ValuesOf<Key>>): Message {
  return { key, values: values ?? {} };
}

/** Writes messages in one language. */
export interface Writer {
  /** BCP 47, for the attribute `lang`. */
  readonly language: string;
  readonly write: (text: Text) => string;
  /** The message by its key. */
  readonly t: <Key extends MessageKey>(key: Key, ...values: Arguments<Key, ValuesOf<Key>>) => string;
  /** The same with elements of a page among the values, as the pieces between which they stand. */
  readonly pieces: <Key extends MessageKey, Element>(
    key: Key,
    values: Readonly<Record<NamesIn<(typeof en)[Key]>, string | Element>>,
  ) => (string | Element)[];
}

/** Writes in the language of a locale (BCP 47), or in English with the numbers of that locale. */
export function writerFor(locale: string): Writer {
  const known = WRITERS.get(locale) ?? newWriter(locale);
  WRITERS.set(locale, known);
  return known;
}

/** They keep the messages that they have parsed: a page has some 150, and a console one locale. */
const WRITERS = new Map<string, Writer>();

function newWriter(locale: string): Writer {
  const theirs = languageOf(locale);
  return writerOf(CATALOGUES[theirs ?? "en"], {
    language: theirs === undefined ? "en" : locale,
    numbers: (options) => new Intl.NumberFormat(locale, options),
    amount: (decimal) => amountIn(decimal, locale),
  });
}

/** English for commands and logs, with amounts as both sides write them: "1299.90". */
export const ENGLISH = writerOf(en, {
  language: "en",
  numbers: (options) => new Intl.NumberFormat("en", options),
  amount: (decimal) => decimal,
});

interface Manner {
  readonly language: string;
  readonly numbers: (options?: Intl.NumberFormatOptions) => Intl.NumberFormat;
  readonly amount: (decimal: string) => string;
}

function writerOf(catalogue: Catalogue, { language, numbers, amount }: Manner): Writer {
  const formats = new Map<MessageKey, IntlMessageFormat>();
  const formatters = {
    getNumberFormat: (_locales: unknown, options?: Intl.NumberFormatOptions) => numbers(options),
    getDateTimeFormat: (...of: ConstructorParameters<typeof Intl.DateTimeFormat>) => new Intl.DateTimeFormat(...of),
    getPluralRules: (...of: ConstructorParameters<typeof Intl.PluralRules>) => new Intl.PluralRules(...of),
  };
  const formatOf = (key: MessageKey): IntlMessageFormat => {
    const message = catalogue[key in catalogue ? key : "notKnown"];
    const known = formats.get(key) ?? new IntlMessageFormat(message, language, undefined, { formatters });
    formats.set(key, known);
    return known;
  };
  const plain = (value: Value): string | number => {
    if (typeof value === "string" || typeof value === "number") return value;
    if (isList(value)) return value.map(write).join(", ");
    return "amount" in value ? amount(value.amount) : write(value);
  };
  const format = (of: Message): string => {
    const values = Object.entries(of.values).map(([name, value]) => [name, plain(value)] as const);
    return String(formatOf(of.key).format(Object.fromEntries(values)));
  };
  /** What is stored may come from a version with other keys or other values; a page must not end with it. */
  function write(of: Text): string {
    if (typeof of === "string") return of;
    try {
      return format(of);
    } catch (error) {
      if (error instanceof FormatError) return catalogue.notKnown;
      throw error;
    }
  }
  return {
    language,
    write,
    t: (key, ...[values]) => format({ key, values: values ?? {} }),
    pieces: (key, values) => [formatOf(key).format(values as never)].flat() as never,
  };
}

function isList(value: object): value is readonly Text[] {
  return Array.isArray(value);
}

function amountIn(decimal: string, locale: string): string {
  const [, fraction = ""] = decimal.split(".");
  const digits = { minimumFractionDigits: fraction.length, maximumFractionDigits: fraction.length };
  return new Intl.NumberFormat(locale, digits).format(decimal as `${number}`);
}
