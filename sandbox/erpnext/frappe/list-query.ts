import { doctypeOf, hasDoctype } from "./doctypes";
import { amount, type Doc, type Fields, isFields, rows, text, type Value } from "./document";
import { badJson, builtin, thrown, unknownColumn } from "./exceptions";

/** A list request: what frappe.client.get_list and GET /api/resource/<Doctype> understand. */
export interface ListQuery {
  readonly fields: readonly string[];
  readonly filters: readonly Filter[];
  /** One of them has to hold, where there are any. */
  readonly orFilters?: readonly Filter[];
  /** e.g. "creation asc, name desc". */
  readonly orderBy: string;
  readonly start: number;
  /** 0 for all. */
  readonly length: number;
}

export interface Filter {
  /** Doctype of the field, where it is not the listed one's: a child's, of which one row has to match. */
  readonly doctype?: string;
  readonly field: string;
  readonly operator: string;
  readonly value: Value;
}

const DEFAULT_LENGTH = 20;

/** Reads a list request from its parameters; JSON inside them may come as text or as itself. */
export function parseListQuery(params: Fields): ListQuery {
  const fields = parsed(params["fields"]);
  const length = params["limit_page_length"] ?? params["limit"];
  return {
    fields: Array.isArray(fields) && fields.length > 0 ? fields.map((field) => text(field as Value)) : ["name"],
    filters: parseFilters(params["filters"]),
    orFilters: parseFilters(params["or_filters"]),
    orderBy: text(params["order_by"]) || "modified desc",
    start: amount(params["limit_start"]),
    length: length === undefined || length === null ? DEFAULT_LENGTH : amount(length),
  };
}

/**
 * Filters as an object or as a list of [field, operator, value] or [doctype, field, operator, value].
 * @param least how many parts one in a list must have
 */
export function parseFilters(given: Value, least = 2): Filter[] {
  const filters = parsed(given);
  if (isFields(filters)) {
    return Object.entries(filters).map(([field, value]) =>
      Array.isArray(value)
        ? { field, operator: text(value[0] as Value), value: value[1] as Value }
        : { field, operator: "=", value },
    );
  }
  if (!Array.isArray(filters)) return [];
  return filters.map((filter) => {
    const parts = Array.isArray(filter) ? (filter as Value[]) : [];
    if (parts.length < 2) throw builtin("ValueError", "not enough values to unpack");
    if (parts.length < least) throw builtin("IndexError", "list index out of range");
    const [field, operator, value] =
      parts.length === 4 ? parts.slice(1) : parts.length === 2 ? [parts[0], "=", parts[1]] : parts;
    const doctype = parts.length === 4 ? { doctype: text(parts[0]) } : {};
    return { ...doctype, field: text(field), operator: text(operator).toLowerCase(), value };
  });
}

/** Applies a list request to documents whose columns are known. */
export function list(docs: Iterable<Doc>, query: ListQuery, columns: ReadonlySet<string>): Fields[] {
  const { orFilters = [] } = query;
  const all = filtered(docs, query.filters, columns);
  for (const { field } of orFilters) if (!columns.has(field)) throw unknownColumn(field);
  const matching =
    orFilters.length === 0 ? all : all.filter((doc) => orFilters.some((filter) => meets(doc[filter.field], filter)));
  const count = /^count\((?:\*|name)\)(?: as (\w+))?$/i.exec(query.fields[0] ?? "");
  if (count !== null) return [{ [count[1] ?? "count(name)"]: matching.length }];
  for (const field of query.fields) {
    if (field !== "*" && !columns.has(plain(field)))
      throw thrown("DataError", `Field not permitted in query: ${field}`);
  }
  matching.sort(comparator(query.orderBy));
  const page =
    query.length === 0 ? matching.slice(query.start) : matching.slice(query.start, query.start + query.length);
  return page.map((doc) =>
    Object.fromEntries(selected(query.fields, columns).map((field) => [field, doc[field] ?? null])),
  );
}

/**
 * The documents that meet every filter; a filter on a column that does not exist is MariaDB's error 1054. Frappe joins the table of a
 * child that a filter names (frappe/model/db_query.py, append_table).
 */
export function filtered(docs: Iterable<Doc>, filters: readonly Filter[], columns: ReadonlySet<string>): Doc[] {
  const own = filters.filter((filter) => !isChilds(filter));
  for (const { field } of own) if (!columns.has(field)) throw unknownColumn(field);
  const ofChildren = filters.filter(isChilds);
  return [...docs].filter(
    (doc) =>
      own.every((filter) => meets(doc[filter.field], filter)) &&
      ofChildren.every((filter) => childrenOf(doc, filter.doctype).some((row) => meets(row[filter.field], filter))),
  );
}

function isChilds({ doctype = "" }: Filter): boolean {
  return hasDoctype(doctype) && doctypeOf(doctype).child === true;
}

function childrenOf(doc: Doc, doctype: string | undefined): readonly Fields[] {
  return Object.values(doc)
    .flatMap(rows)
    .filter((row) => row["doctype"] === doctype);
}

function plain(field: string): string {
  return field.replaceAll("`", "").split(".").at(-1) ?? field;
}

function selected(fields: readonly string[], columns: ReadonlySet<string>): string[] {
  return fields.flatMap((field) => (field === "*" ? [...columns] : [plain(field)]));
}

type Test = (actual: Value, wanted: Value) => boolean;

const TESTS: Readonly<Record<string, Test>> = {
  "=": (actual, wanted) => compare(actual, wanted) === 0,
  "!=": (actual, wanted) => compare(actual, wanted) !== 0,
  ">": (actual, wanted) => compare(actual, wanted) > 0,
  "<": (actual, wanted) => compare(actual, wanted) < 0,
  ">=": (actual, wanted) => compare(actual, wanted) >= 0,
  "<=": (actual, wanted) => compare(actual, wanted) <= 0,
  in: (actual, wanted) => choices(wanted).some((choice) => compare(actual, choice) === 0),
  "not in": (actual, wanted) => !choices(wanted).some((choice) => compare(actual, choice) === 0),
  like,
  "not like": (actual, wanted) => !like(actual, wanted),
  is: (actual, wanted) => (text(actual) !== "") === (text(wanted).toLowerCase() === "set"),
  between: (actual, wanted) => {
    const [from, to] = choices(wanted);
    return compare(actual, from) >= 0 && compare(actual, to) <= 0;
  },
};

function meets(actual: Value, filter: Filter): boolean {
  const test = TESTS[filter.operator];
  if (test !== undefined) return test(actual, filter.value);
  throw thrown("ValidationError", `Operator must be one of ${Object.keys(TESTS).join(", ")}`);
}

function choices(value: Value): Value[] {
  if (Array.isArray(value)) return value as Value[];
  return text(value)
    .split(",")
    .map((choice) => choice.trim());
}

function like(actual: Value, pattern: Value): boolean {
  const escaped = text(pattern)
    .replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
    .replaceAll("%", ".*")
    .replaceAll("_", ".");
  return new RegExp(`^${escaped}$`, "is").test(text(actual));
}

/** As MariaDB compares: numbers by value, text without regard to case. */
function compare(left: Value, right: Value): number {
  if (typeof left === "number" || typeof right === "number") return amount(left) - amount(right);
  const [a, b] = [text(left).toLowerCase(), text(right).toLowerCase()];
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function comparator(orderBy: string): (left: Doc, right: Doc) => number {
  // Version 16 sorts by columns alone; what version 15 would let through must not be relied on.
  if (orderBy.includes("(")) throw thrown("ValidationError", `Order By: ${orderBy} is not a valid field`);
  const keys = orderBy.split(",").map((part) => {
    const [column = "modified", direction = "asc"] = part.trim().split(/\s+/);
    return { column: plain(column), sign: direction.toLowerCase() === "desc" ? -1 : 1 };
  });
  return (left, right) => {
    for (const { column, sign } of keys) {
      const difference = compare(left[column], right[column]);
      if (difference !== 0) return difference * sign;
    }
    return 0;
  };
}

function parsed(value: Value): Value {
  if (typeof value !== "string" || value === "") return value;
  try {
    return JSON.parse(value) as Value;
  } catch {
    throw badJson();
  }
}
