import { parseJson, type HttpRequest, type Send } from "../../clients/http";

/** A request that might change something, which the console never sends. A defect of this project. */
export class NotReading extends Error {
  override readonly name = "NotReading";
}

/** How an Access or Shopify token is granted: the one form that the console posts. */
const GRANT_PATH = "/admin/oauth/access_token";
const GRAPHQL_PATH = /^\/admin\/api\/\d{4}-\d{2}\/graphql\.json$/;
/** The one question that Shopify answers in REST alone. */
const DEPRECATED_PATH = /^\/admin\/api\/\d{4}-\d{2}\/deprecated_api_calls\.json$/;
/** What Frappe is asked: lists and documents, and how many there are. A method behind GET could still write. */
const FRAPPE_PATHS = [/^\/api\/resource\/[^/]+(\/.+)?$/, /^\/api\/method\/frappe\.client\.get_count$/];

/** Lets queries of Shopify's GraphQL pass, its list of deprecated calls, and the grant of a token. */
export function readsShopify(send: Send): Send {
  return passing(send, "Shopify", ({ method, url, body }) => {
    if (method !== "POST") return method === "GET" && DEPRECATED_PATH.test(url.pathname);
    return url.pathname === GRANT_PATH || (GRAPHQL_PATH.test(url.pathname) && isQuery(body));
  });
}

/** Lets GET requests for documents pass. */
export function readsFrappe(send: Send): Send {
  return passing(send, "ERPNext", ({ method, url }) =>
    method === "GET" ? FRAPPE_PATHS.some((path) => path.test(url.pathname)) : false,
  );
}

function passing(send: Send, side: string, reads: (request: HttpRequest) => boolean): Send {
  return (request) => {
    if (reads(request)) return send(request);
    return Promise.reject(
      new NotReading(`the console only reads, and ${request.method} ${request.url.pathname} at ${side} may write.`),
    );
  };
}

/** One document of queries and fragments. Its keywords are ASCII, and text in quotes cannot hide one from this look. */
function isQuery(body: string | undefined): boolean {
  const request = parseJson(body ?? "");
  const document = typeof request === "object" && request !== null && "query" in request ? request.query : undefined;
  return typeof document === "string" && /^\s*query\b/.test(document) && !/\b(mutation|subscription)\b/.test(document);
}
