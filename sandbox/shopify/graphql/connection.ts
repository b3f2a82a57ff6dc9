import { GraphQLError } from "graphql";

/** The arguments that every connection of Shopify's takes. */
export interface PageArguments {
  readonly first?: number | null;
  readonly last?: number | null;
  readonly after?: string | null;
  readonly before?: string | null;
  readonly reverse?: boolean | null;
}

/** How a list is sorted: every object has a value and an id, and the id decides among equal values. */
export interface Ordering<T> {
  readonly valueOf: (object: T) => number;
  readonly idOf: (object: T) => number;
}

interface Position {
  readonly last_id: number;
  readonly last_value: number;
}

const pageLimit = 250;

function encode<T>(object: T, ordering: Ordering<T>): string {
  const position: Position = { last_id: ordering.idOf(object), last_value: ordering.valueOf(object) };
  return Buffer.from(JSON.stringify(position)).toString("base64");
}

function decode(cursor: string, argument: "after" | "before"): Position {
  try {
    const position = JSON.parse(Buffer.from(cursor, "base64").toString("utf8")) as Partial<Position>;
    if (typeof position.last_id === "number" && typeof position.last_value === "number") {
      return { last_id: position.last_id, last_value: position.last_value };
    }
  } catch {
    // Falls through to the error below: what is no JSON is no cursor either.
  }
  throw new GraphQLError(`Invalid cursor for current pagination sort.`, {
    extensions: { code: "BAD_REQUEST", argument },
  });
}

function pageSize({ first, last }: PageArguments): number {
  const size = first ?? last;
  if (size === undefined || size === null) {
    throw new GraphQLError("you must provide one of first or last", { extensions: { code: "BAD_REQUEST" } });
  }
  if (typeof first === "number" && typeof last === "number") {
    throw new GraphQLError("providing both first and last is not supported", { extensions: { code: "BAD_REQUEST" } });
  }
  if (size < 0 || size > pageLimit) {
    const argument = typeof first === "number" ? "first" : "last";
    throw new GraphQLError(`${argument} cannot exceed ${pageLimit}`, { extensions: { code: "BAD_REQUEST" } });
  }
  return size;
}

/** The first position in `list` (sorted ascending) whose object stands behind, or at, `position`. */
function indexOf<T>(
  list: readonly T[],
  ordering: Ordering<T>,
  isBehind: (value: number, id: number) => boolean,
): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const object = list[middle] as T;
    if (isBehind(ordering.valueOf(object), ordering.idOf(object))) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The half-open range of `list` (ascending) between the cursors, of which `after` comes first in reading direction. */
function rangeOf<T>(list: readonly T[], page: PageArguments, ordering: Ordering<T>): [number, number] {
  const [low, high] = page.reverse === true ? [page.before, page.after] : [page.after, page.before];
  const start =
    low === undefined || low === null
      ? 0
      : ((at) =>
          indexOf(
            list,
            ordering,
            (value, id) => value > at.last_value || (value === at.last_value && id > at.last_id),
          ))(decode(low, "after"));
  const end =
    high === undefined || high === null
      ? list.length
      : ((at) =>
          indexOf(
            list,
            ordering,
            (value, id) => value > at.last_value || (value === at.last_value && id >= at.last_id),
          ))(decode(high, "before"));
  return [start, Math.max(start, end)];
}

export interface Connection<N> {
  readonly nodes: readonly N[];
  readonly edges: readonly { cursor: string; node: N }[];
  readonly pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
}

/**
 * One page of `list`, which is sorted ascending by `ordering`, as a Relay connection of `toNode(object)`.
 *
 * @throws GraphQLError for a page size that Shopify refuses (none, both, more than 250) and for a cursor it did not give.
 */
export function connectionOf<T, N>(
  list: readonly T[],
  page: PageArguments,
  shape: { readonly ordering: Ordering<T>; readonly toNode: (object: T) => N },
): Connection<N> {
  const size = pageSize(page);
  const [start, end] = rangeOf(list, page, shape.ordering);
  const reverse = page.reverse === true;
  const fromEnd = (typeof page.last === "number") !== reverse;
  const [from, to] = fromEnd ? [Math.max(start, end - size), end] : [start, Math.min(end, start + size)];
  const found = list.slice(from, to);
  const objects = reverse ? found.toReversed() : found;
  const edges = objects.map((object) => ({ cursor: encode(object, shape.ordering), node: shape.toNode(object) }));
  const more = { above: to < list.length, below: from > 0 };
  return {
    nodes: edges.map((edge) => edge.node),
    edges,
    pageInfo: {
      hasNextPage: reverse ? more.below : more.above,
      hasPreviousPage: reverse ? more.above : more.below,
      startCursor: edges.at(0)?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}
