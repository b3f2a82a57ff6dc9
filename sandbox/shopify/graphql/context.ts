import { GraphQLError, type GraphQLFieldResolver } from "graphql";
import { allows } from "../access";
import type { App } from "../apps";
import type { Shop } from "../shop";
import { parseSearch, type Matcher, type SearchWarning } from "./search";

/** Who asks, of which shop, and what Shopify would remark on the way. */
export interface AdminContext {
  readonly shop: Shop;
  readonly app: App;
  readonly now: Date;
  /** Becomes `extensions.search`. */
  readonly remarks: { path: string[]; query: string; warnings: readonly SearchWarning[] }[];
}

/** @throws GraphQLError the way Shopify denies a field to an app without the scope. */
export function requireScope(context: AdminContext, scope: string, field: string): void {
  if (allows(context.app.scopes, scope)) return;
  const requiredAccess = `\`${scope}\` access scope.`;
  throw new GraphQLError(`Access denied for ${field} field. Required access: ${requiredAccess}`, {
    extensions: {
      code: "ACCESS_DENIED",
      documentation: "https://shopify.dev/api/usage/access-scopes",
      requiredAccess,
    },
  });
}

/** Reads the `query` argument of a root field, and remarks on fields that cannot be searched by. */
export function searchIn<T>(
  context: AdminContext,
  request: { readonly field: string; readonly query: string | null | undefined },
  matcher: Matcher<T>,
): (object: T) => boolean {
  const search = parseSearch(request.query, matcher);
  if (search.warnings.length > 0) {
    context.remarks.push({ path: [request.field], query: request.query ?? "", warnings: search.warnings });
  }
  return search.matches;
}

/**
 * Takes a field from the object that stands for its type. A field of Shopify's schema that no object here has is an error that says so: null
 * would look like an answer.
 */
export const resolveField: GraphQLFieldResolver<unknown, AdminContext> = (...[source, args, context, info]) => {
  const object = (source ?? {}) as Record<string, unknown>;
  if (!(info.fieldName in object)) {
    throw new GraphQLError(`the Shopify stand-in does not answer ${info.parentType.name}.${info.fieldName}`, {
      extensions: { code: "NOT_IN_STAND_IN" },
    });
  }
  const value = object[info.fieldName];
  return typeof value === "function"
    ? (value as (...given: unknown[]) => unknown).call(object, args, context, info)
    : value;
};

/** Shopify's global id: gid://shopify/Order/1. */
export function gid(type: string, id: number): string {
  return `gid://shopify/${type}/${id}`;
}

/** The number in a global id of `type`; NaN, which no object has, for the id of something else. */
export function idIn(type: string, globalId: string): number {
  const prefix = `gid://shopify/${type}/`;
  return globalId.startsWith(prefix) ? Number(globalId.slice(prefix.length)) : Number.NaN;
}

/** Counts stop at `limit` (null: at nothing) and then say that there are at least as many. */
export function countOf(found: number, limit: number | null | undefined): { count: number; precision: string } {
  return typeof limit === "number" && found > limit
    ? { count: limit, precision: "AT_LEAST" }
    : { count: found, precision: "EXACT" };
}
