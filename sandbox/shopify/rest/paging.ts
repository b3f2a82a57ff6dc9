import { ok, type RestAnswer, type RestRequest } from "./request";

const defaultLimit = 50;
const largestLimit = 250;

/** What a `page_info` holds: the filters of the first page, and the object beside which this page lies. */
interface PageInfo {
  readonly after?: number;
  readonly before?: number;
  readonly filters: readonly (readonly [string, string])[];
}

interface Page {
  readonly limit: number;
  readonly info: PageInfo;
}

function encode(info: PageInfo): string {
  return Buffer.from(JSON.stringify(info)).toString("base64url");
}

function decode(value: string): PageInfo | undefined {
  try {
    const info = JSON.parse(Buffer.from(value, "base64url").toString("utf8")) as Partial<PageInfo>;
    return Array.isArray(info.filters) ? (info as PageInfo) : undefined;
  } catch {
    return undefined;
  }
}

function refuse(field: string, message: string): RestAnswer {
  return { status: 400, body: { errors: { [field]: message } } };
}

/** The page that a list request asks for, or what Shopify answers to a wrong one. */
function readPage(params: URLSearchParams): Page | RestAnswer {
  const limit = Number(params.get("limit") ?? defaultLimit);
  if (!Number.isInteger(limit) || limit < 1 || limit > largestLimit) {
    return refuse("limit", `limit must be between 1 and ${largestLimit}`);
  }
  const pageInfo = params.get("page_info");
  if (pageInfo === null) {
    return { limit, info: { filters: [...params].filter(([key]) => key !== "limit" && key !== "fields") } };
  }
  const extra = [...params.keys()].find((key) => !["page_info", "limit", "fields"].includes(key));
  if (extra !== undefined) {
    const help = "See https://shopify.dev/api/usage/pagination-rest for more information.";
    return refuse(extra, `${extra} cannot be passed when page_info is present. ${help}`);
  }
  const info = decode(pageInfo);
  return info === undefined ? refuse("page_info", "Invalid value.") : { limit, info };
}

/** Where the page begins: beside an object rather than at a number, so that a new order does not shift the pages behind it. */
function startOf(found: readonly { readonly id: number }[], { limit, info }: Page): number {
  if (info.before !== undefined) return Math.max(0, found.findIndex(({ id }) => id === info.before) - limit);
  return info.after === undefined ? 0 : found.findIndex(({ id }) => id === info.after) + 1;
}

function linkTo(request: RestRequest, page: Page, neighbour: { rel: "previous" | "next"; info: PageInfo }): string {
  const params = new URLSearchParams({ limit: String(page.limit), page_info: encode(neighbour.info) });
  const fields = request.params.get("fields");
  if (fields !== null) params.set("fields", fields);
  return `<${request.url}?${params.toString()}>; rel="${neighbour.rel}"`;
}

/** Answers a list route: finds with the page's filters, cuts the page out, and links to its neighbours in the Link header. */
export function answerList<T extends { readonly id: number }>(
  request: RestRequest,
  find: (filters: URLSearchParams) => readonly T[],
  show: (page: readonly T[]) => object,
): RestAnswer {
  const page = readPage(request.params);
  if ("status" in page) return page;
  const { filters } = page.info;
  const found = find(new URLSearchParams(filters.map(([key, value]): [string, string] => [key, value])));
  const start = startOf(found, page);
  const cut = found.slice(start, start + page.limit);
  const [first, last] = [cut.at(0), cut.at(-1)];
  const links = [
    ...(start > 0 && first !== undefined
      ? [linkTo(request, page, { rel: "previous", info: { before: first.id, filters } })]
      : []),
    ...(start + page.limit < found.length && last !== undefined
      ? [linkTo(request, page, { rel: "next", info: { after: last.id, filters } })]
      : []),
  ];
  return ok(show(cut), links.length === 0 ? {} : { Link: links.join(", ") });
}
