import { IntlMessageFormat } from "intl-messageformat";

import { LANGUAGES } from "../languages";
import { CATALOGUES, ENGLISH, text, writerFor, type MessageKey, type Text } from ".";

type Elements = ReturnType<IntlMessageFormat["getAst"]>;

function parse(message: string): Elements {
  return new IntlMessageFormat(message).getAst();
}

/** `TYPE.argument` of @formatjs/icu-messageformat-parser: a value as it is. */
const ARGUMENT = 1;

/** The values that a message names; one that is counted or chosen by is marked with a star. */
function namesIn(elements: Elements): readonly string[] {
  return elements.flatMap((element) => {
    if ("options" in element) {
      return [`${element.value}*`, ...Object.values(element.options).flatMap(({ value }) => namesIn(value))];
    }
    return (element.type as number) === ARGUMENT && "value" in element ? [element.value] : [];
  });
}

function branchesIn(elements: Elements): readonly string[] {
  return elements.flatMap((element) =>
    "options" in element
      ? Object.entries(element.options).flatMap(([name, { value }]) => [name, ...branchesIn(value)])
      : [],
  );
}

const KEYS = Object.keys(CATALOGUES.en) as MessageKey[];
const OTHERS = LANGUAGES.filter((language) => language !== "en");

/** The same word in several languages. */
const SHARED = /^[^a-z]*(in ERPNext|In ERPNext|in Shopify,? *(in)?|in|Total|min|h)?[^a-z]*$/;

describe.each(LANGUAGES)("the catalogue of %s", (language) => {
  const catalogue = CATALOGUES[language];

  it("has every message, and no other", () => {
    expect(Object.keys(catalogue)).toEqual(KEYS);
  });

  it("names in each message what English names there", () => {
    const names = (of: string): readonly string[] => [...new Set(namesIn(parse(of)))].sort();
    const inEnglish = KEYS.map((key) => [key, names(CATALOGUES.en[key])]);
    expect(KEYS.map((key) => [key, names(catalogue[key])])).toEqual(inEnglish);
  });

  it("has the branches of English, and none whose words could be taken for a name", () => {
    const branches = (of: string): readonly string[] => [...new Set(branchesIn(parse(of)))].sort();
    expect(KEYS.map((key) => branches(catalogue[key]))).toEqual(KEYS.map((key) => branches(CATALOGUES.en[key])));
    expect(KEYS.filter((key) => /\{[a-zA-Z]+\}/.test(catalogue[key].replace(/\{(\w+)\}/g, nameless(key))))).toEqual([]);
  });
});

/** Leaves of a message those words in braces that it does not name. */
function nameless(key: MessageKey): (match: string, name: string) => string {
  const names = new Set(namesIn(parse(CATALOGUES.en[key])));
  return (match, name) => (names.has(name) ? "" : match);
}

test.each(OTHERS)("%s translates every message", (language) => {
  const same = KEYS.filter((key) => CATALOGUES[language][key] === CATALOGUES.en[key]);
  const words = same.filter((key) => !SHARED.test(CATALOGUES.en[key].replace(/\{[^{}]*\}/g, "")));
  expect(words).toEqual([]);
});

test("counts, amounts and lists are written as the language does", () => {
  const missing = text("verdict.missing", { count: 1200 });
  expect(LANGUAGES.map((language) => writerFor(language).write(missing).replace("\u202f", " "))).toEqual([
    "1.200 Bestellungen fehlen in ERPNext",
    "1,200 orders are missing in ERPNext",
    "Faltan 1200 pedidos en ERPNext",
    "1 200 commandes manquent dans ERPNext",
    "1.200 bestellingen ontbreken in ERPNext",
  ]);
  const total = text("finding.total", { there: { amount: "1234567.50" }, here: { amount: "-0.125" }, order: "SO-1" });
  expect(writerFor("de-DE").write(total)).toBe("1.234.567,50 in Shopify, -0,125 in SO-1");
  expect(ENGLISH.write(total)).toBe("1234567.50 in Shopify, -0.125 in SO-1");
  const line = text("finding.line", { total, line: text("finding.duplicate", { orders: ["SO-1", "SO-2"] }) });
  expect(ENGLISH.write(line)).toBe("1234567.50 in Shopify, -0.125 in SO-1: SO-1, SO-2 are all of this order");
});

test("a language without a catalogue gets English with its own numbers", () => {
  const polish = writerFor("pl-PL");
  expect([polish.language, polish.t("verdict.missing", { count: 12000 })]).toEqual([
    "en",
    "12\u00a0000 orders are missing in ERPNext",
  ]);
  expect(writerFor("de-CH").language).toBe("de-CH");
});

test("words of another program stay as they are, whatever is in them", () => {
  const words = "{count, plural} <b>'it'</b> #1";
  expect(writerFor("de").write(words)).toBe(words);
  expect(writerFor("de").write(text("finding.said", { detail: words, said: words }))).toBe(
    `${words}; Meldung des Connectors: „${words}“`,
  );
});

test("a message that another version of the console has stored is not known, and the page stands", () => {
  const theirs = { key: "finding.renamed" as MessageKey, values: {} };
  const renamed: Text = { key: "verdict.missing", values: { number: 2 } };
  const list = text("verdict.notKnown", { items: [theirs, renamed, "a name"] });
  expect(ENGLISH.write(list)).toBe("Not known: not known, not known, a name.");
  expect([writerFor("de").write(theirs), writerFor("de").write(renamed)]).toEqual(["nicht bekannt", "nicht bekannt"]);
});

test("elements of a page stand between the pieces of a message", () => {
  const at = { element: "time" };
  expect(writerFor("fr").pieces("scan.asOf", { started: at })).toEqual(["Selon la comparaison du ", at, "."]);
  expect(writerFor("fr").pieces("asOf", { at: "7 h" })).toEqual(["au 7 h"]);
});

test("the types demand what a message names", () => {
  // @ts-expect-error one of two values is missing
  expect(() => ENGLISH.t("health.ofAll", { count: 1 })).toThrow("all");
  // @ts-expect-error a plural is named too
  expect(() => ENGLISH.t("verdict.missing")).toThrow("count");
});
