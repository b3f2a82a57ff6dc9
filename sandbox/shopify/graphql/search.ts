/**
 * Shopify's search syntax, as far as filters of this project go: `field:value`, comparators (`created_at:>='2026-01-01'`), quotes, lists
 * (`id:1,2`), AND (also by mere juxtaposition), OR, NOT or a leading minus, and parentheses.
 */
export type Comparator = "=" | "<" | "<=" | ">" | ">=";

export interface Term {
  readonly field: string;
  readonly comparator: Comparator;
  readonly value: string;
}

/** Says whether an object meets a term; undefined for a field that cannot be searched by. */
export type Matcher<T> = (term: Term) => ((object: T) => boolean) | undefined;

export interface SearchWarning {
  readonly field: string;
  readonly message: string;
  readonly code: string;
}

export interface Search<T> {
  readonly matches: (object: T) => boolean;
  readonly warnings: readonly SearchWarning[];
}

const tokenPattern =
  /\s*(\(|\)|-(?=[\w(])|[\w.]+:(?:<=|>=|<|>)?(?:'[^']*'|"[^"]*"|[^\s()]+)|'[^']*'|"[^"]*"|[^\s()]+)/gy;

function tokensOf(query: string): string[] {
  return [...query.trim().matchAll(tokenPattern)].map(([, token = ""]) => token);
}

function parseTerm(token: string): Term {
  const [, field = "default", comparator = "", value = token] = /^([\w.]+):(<=|>=|<|>)?(.*)$/s.exec(token) ?? [];
  return {
    field,
    comparator: (comparator === "" ? "=" : comparator) as Comparator,
    value: value.replace(/^(['"])(.*)\1$/s, "$2"),
  };
}

/** Reads a query from left to right; OR binds less than AND. */
class Parser<T> {
  readonly warnings: SearchWarning[] = [];
  readonly #tokens: string[];
  readonly #matcher: Matcher<T>;

  constructor(query: string, matcher: Matcher<T>) {
    this.#tokens = tokensOf(query);
    this.#matcher = matcher;
  }

  either(): (object: T) => boolean {
    const sides = [this.#all()];
    while (this.#tokens[0] === "OR") {
      this.#tokens.shift();
      sides.push(this.#all());
    }
    return (object) => sides.some((side) => side(object));
  }

  #all(): (object: T) => boolean {
    const parts: ((object: T) => boolean)[] = [];
    for (let next = this.#tokens[0]; next !== undefined && next !== "OR" && next !== ")"; next = this.#tokens[0]) {
      this.#tokens.shift();
      if (next !== "AND") parts.push(this.#one(next));
    }
    return (object) => parts.every((part) => part(object));
  }

  #one(token: string): (object: T) => boolean {
    if (token === "-" || token === "NOT") {
      const negated = this.#one(this.#tokens.shift() ?? "");
      return (object) => !negated(object);
    }
    if (token === "(") {
      const inner = this.either();
      this.#tokens.shift();
      return inner;
    }
    const term = parseTerm(token);
    const matches = this.#matcher(term);
    if (matches !== undefined) return matches;
    // Shopify warns in `extensions.search` and goes on as if the term were not there: a misspelt filter filters nothing.
    this.warnings.push({ field: term.field, message: "Invalid search field for this query.", code: "invalid_field" });
    return () => true;
  }
}

export function parseSearch<T>(query: string | null | undefined, matcher: Matcher<T>): Search<T> {
  const parser = new Parser(query ?? "", matcher);
  return { matches: parser.either(), warnings: parser.warnings };
}

/** Compares numbers or times. */
export function compare(actual: number, comparator: Comparator, expected: number): boolean {
  switch (comparator) {
    case "<":
      return actual < expected;
    case "<=":
      return actual <= expected;
    case ">":
      return actual > expected;
    case ">=":
      return actual >= expected;
    case "=":
      return actual === expected;
  }
}

/** A term over times; a date alone stands for its first moment, and `created_at:2026-01-31` for all that day. */
export function matchesTime<T>(term: Term, now: Date, timeOf: (object: T) => number): (object: T) => boolean {
  const at = term.value === "now" ? now.getTime() : Date.parse(term.value);
  const wholeDay = term.comparator === "=" && /^\d{4}-\d\d-\d\d$/.test(term.value);
  if (wholeDay) return (object) => timeOf(object) >= at && timeOf(object) < at + 24 * 60 * 60 * 1000;
  return (object) => compare(timeOf(object), term.comparator, at);
}

/** A term over ids, which are numbers, lists of numbers or global ids. */
export function matchesId<T>(term: Term, idOf: (object: T) => number): (object: T) => boolean {
  const wanted = term.value.split(",").map((part) => Number(part.replace(/^gid:\/\/shopify\/\w+\//, "")));
  if (term.comparator === "=") return (object) => wanted.includes(idOf(object));
  return (object) => compare(idOf(object), term.comparator, wanted[0] ?? Number.NaN);
}
