import type { HttpRequest, Send } from "../../clients/http";
import * as diagnosis from "../../clients/shopify-diagnosis";
import * as monitor from "../../clients/shopify-monitor";
import * as operations from "../../clients/shopify-operations";
import { NotReading, readsFrappe, readsShopify } from "./read-only";

const passed: string[] = [];
const send: Send = ({ method, url }) => {
  passed.push(`${method} ${url.pathname}`);
  return Promise.resolve({ status: 200, headers: {}, text: "" });
};
beforeEach(() => passed.splice(0));

function request(method: HttpRequest["method"], path: string, body?: string): HttpRequest {
  const url = new URL(path, "https://side.example");
  return { method, url, headers: {}, timeoutMs: 1, ...(body === undefined ? {} : { body }) };
}

const GRAPHQL = "/admin/api/2026-10/graphql.json";
const all = Object.values({ ...operations, ...diagnosis, ...monitor });

test("there are operations of both kinds", () => {
  expect(all.filter(({ document }) => document.startsWith("mutation")).map(({ name }) => name)).toEqual([
    "WebhookSubscriptionCreate",
    "WebhookSubscriptionDelete",
    "WebhookSubscriptionUpdate",
  ]);
});

test.each(all.map(({ name, document }) => [name, document] as const))(
  "%s passes if it reads",
  async (name, document) => {
    const sent = readsShopify(send)(request("POST", GRAPHQL, JSON.stringify({ query: document, operationName: name })));
    if (document.startsWith("query")) await sent;
    else await expect(sent).rejects.toThrow(NotReading);
    expect(passed).toEqual(document.startsWith("query") ? [`POST ${GRAPHQL}`] : []);
  },
);

test.each([
  ["a mutation behind a query", "POST", GRAPHQL, JSON.stringify({ query: "query A { shop { id } } mutation B { x }" })],
  ["a mutation behind a comment", "POST", GRAPHQL, JSON.stringify({ query: "# query\nmutation { x }" })],
  ["a document without a keyword", "POST", GRAPHQL, JSON.stringify({ query: "{ shop { id } }" })],
  ["a list of documents", "POST", GRAPHQL, JSON.stringify([{ query: "query { shop { id } }" }])],
  ["no document", "POST", GRAPHQL, undefined],
  ["what is no JSON", "POST", GRAPHQL, "query { shop { id } }"],
  ["REST", "GET", "/admin/api/2026-10/orders/1.json", undefined],
  ["REST that writes", "POST", "/admin/api/2026-10/orders.json", "{}"],
  ["REST that deletes", "DELETE", "/admin/api/2026-10/webhooks/1.json", undefined],
] as const)("Shopify is not sent %s", async (...[, method, path, body]) => {
  await expect(readsShopify(send)(request(method, path, body))).rejects.toThrow(
    `the console only reads, and ${method} ${path} at Shopify may write.`,
  );
  expect(passed).toEqual([]);
});

test("the list of deprecated calls may be read", async () => {
  await readsShopify(send)(request("GET", "/admin/api/2026-10/deprecated_api_calls.json"));
  expect(passed).toEqual(["GET /admin/api/2026-10/deprecated_api_calls.json"]);
});

test("a token may be asked for", async () => {
  await readsShopify(send)(request("POST", "/admin/oauth/access_token", "grant_type=client_credentials"));
  expect(passed).toEqual(["POST /admin/oauth/access_token"]);
});

test.each([
  ["POST", "/api/resource/Sales%20Order"],
  ["PUT", "/api/resource/Shopify%20Setting/Shopify%20Setting"],
  ["DELETE", "/api/resource/Sales%20Order/SO-1"],
  ["POST", "/api/method/frappe.client.get_count"],
  ["GET", "/api/method/frappe.client.delete"],
  ["GET", "/api/method/frappe.client.get_countess"],
  ["GET", "/app/sales-order"],
] as const)("ERPNext is not sent %s %s", async (method, path) => {
  await expect(readsFrappe(send)(request(method, path))).rejects.toThrow(NotReading);
  expect(passed).toEqual([]);
});

test.each([
  "/api/resource/Sales%20Order?limit_page_length=1",
  "/api/resource/Sales%20Order/SO-1",
  "/api/method/frappe.client.get_count?doctype=Bin",
])("ERPNext may be sent GET %s", async (path) => {
  await readsFrappe(send)(request("GET", path));
  expect(passed).toHaveLength(1);
});
