import { text, type Text } from "./messages";
import { recordOf } from "./record";
import type { Grade } from "./verdicts";

/** One kind of call of the app's in the last 30 days that Shopify is going to remove. */
export interface DeprecatedCall {
  /** For example "Product" (REST) or "webhookSubscriptionCreate". */
  readonly what: string;
  /** API version that was asked for. */
  readonly version: string;
  readonly description: string;
  /** RFC 3339; undefined where Shopify names none. */
  readonly deadline: string | undefined;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** A new version of the connector takes its makers months (days). */
const NEAR_DAYS = 180;

/**
 * Reads the answer of `GET /admin/api/<version>/deprecated_api_calls.json`; the form is that of Shopify's own libraries' tests
 * (shopify-api-js v8, rest/admin/2023-10/deprecated_api_call). Undefined for anything else.
 */
export function readDeprecatedCalls(body: unknown): readonly DeprecatedCall[] | undefined {
  const { deprecated_api_calls: calls } = recordOf(body);
  if (!Array.isArray(calls)) return undefined;
  return calls.map((call) => {
    const {
      endpoint,
      graphql_schema_name: schema,
      version,
      description,
      migration_deadline: deadline,
    } = recordOf(call);
    return {
      what: textOf(endpoint) ?? textOf(schema) ?? "a call without a name",
      version: textOf(version) ?? "",
      description: textOf(description) ?? "",
      deadline: textOf(deadline),
    };
  });
}

/**
 * What Shopify's own list says, the nearest deadline first. A deadline that has passed is a warning only: REST of products outlived its own
 * by years, and what no longer works shows in the orders.
 */
export function gradeOfDeprecations(
  calls: readonly DeprecatedCall[],
  now: Date,
): { readonly grade: Grade; readonly saw: Text } {
  if (calls.length === 0) return { grade: "good", saw: text("deadlines.none") };
  const end = ({ deadline }: DeprecatedCall): number => (deadline === undefined ? Infinity : Date.parse(deadline));
  const [first, ...others] = [...calls].sort((one, other) => end(one) - end(other));
  if (first === undefined) return { grade: "good", saw: "" };
  const description = first.description.replace(/\.$/, "");
  const values = { call: first.what, version: first.version, description, more: others.length };
  const day = first.deadline?.slice(0, 10);
  const saw = day === undefined ? text("deadlines.without", values) : text("deadlines.until", { ...values, day });
  return { grade: end(first) - now.getTime() < NEAR_DAYS * DAY_MS ? "warning" : "good", saw };
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
