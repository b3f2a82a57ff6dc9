import type { App } from "../apps";
import { inWholeSeconds } from "../shown-time";
import type { Shop } from "../shop";

/** A REST request after the token was recognised. */
export interface RestRequest {
  readonly shop: Shop;
  readonly app: App;
  readonly now: Date;
  readonly params: URLSearchParams;
  /** The parsed JSON body; {} where there was none. */
  readonly body: Readonly<Record<string, unknown>>;
  /** The address asked, without its query: where the Link header leads. */
  readonly url: string;
  /** The number in the path, for routes that have one. */
  readonly id: number;
}

export interface RestAnswer {
  readonly status: 200 | 201 | 400 | 404 | 422;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface RestRoute {
  readonly method: "GET" | "POST" | "DELETE";
  /** Below /admin/api/<version>/; `:id` stands for a number. */
  readonly path: string;
  /** What the app must have been granted; none for what every app may ask. */
  readonly scope?: string;
  readonly answer: (request: RestRequest) => RestAnswer;
}

export const notFound: RestAnswer = { status: 404, body: { errors: "Not Found" } };

export function ok(body: object, headers: Readonly<Record<string, string>> = {}): RestAnswer {
  return { status: 200, body: asShown(body), headers };
}

/** Keeps the fields that `fields=id,name` asks for; all without it. */
export function pick<T extends object>(object: T, fields: string | null): Partial<T> {
  if (fields === null || fields === "") return object;
  const wanted = new Set(fields.split(",").map((field) => field.trim()));
  return Object.fromEntries(Object.entries(object).filter(([key]) => wanted.has(key))) as Partial<T>;
}

/** Shopify compares the fractions of its times and shows whole seconds (shown-time.ts); so does REST in each `…_at`. */
export function asShown<T extends object>(object: T): T {
  const text = JSON.stringify(object, (key, value: unknown) =>
    key.endsWith("_at") && typeof value === "string" ? inWholeSeconds(value) : value,
  );
  return JSON.parse(text) as T;
}
