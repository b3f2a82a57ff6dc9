import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { Fields } from "../frappe/document";

const API = "/admin/api/2024-01/";

export interface FakeWebhook {
  readonly id: number;
  readonly topic: string;
  readonly address: string;
}

/** As much of a shop's Admin REST as the connector calls, over lists that a test fills. */
export interface FakeShopify {
  readonly url: string;
  /** "METHOD path?query" of every request, without the version's prefix. */
  readonly requests: string[];
  webhooks: FakeWebhook[];
  products: Fields[];
  orders: Fields[];
  /** How long an answer takes, in milliseconds of the wall clock. */
  delayMs: number;
  /** How many entries a page holds at most, whatever limit is asked for. */
  pageSize: number;
  close(): Promise<void>;
}

export const TOKEN = "shpat_0123456789abcdef0123456789abcdef";

export async function startFakeShopify(): Promise<FakeShopify> {
  const server = createServer((request, response) => void answer(fake, request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const fake: FakeShopify = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    webhooks: [],
    products: [],
    orders: [],
    delayMs: 0,
    pageSize: 250,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
  return fake;
}

async function answer(fake: FakeShopify, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "", fake.url);
  const resource = url.pathname.slice(API.length);
  fake.requests.push(`${request.method ?? ""} ${resource}${url.search}`);
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  if (fake.delayMs > 0) await delay(fake.delayMs);
  const send = (status: number, body: Fields, headers: Record<string, string> = {}): void => {
    response.writeHead(status, { "Content-Type": "application/json", ...headers }).end(JSON.stringify(body));
  };
  if (request.headers["x-shopify-access-token"] !== TOKEN) {
    send(401, { errors: "[API] Invalid API key or access token (unrecognized login or wrong password)" });
    return;
  }
  route(fake, { method: request.method ?? "", resource, url, body: Buffer.concat(chunks).toString() }, send);
}

interface Asked {
  readonly method: string;
  readonly resource: string;
  readonly url: URL;
  readonly body: string;
}

type Send = (status: number, body: Fields, headers?: Record<string, string>) => void;

function route(fake: FakeShopify, asked: Asked, send: Send): void {
  const [collection = "", id] = asked.resource.replace(".json", "").split("/");
  if (collection === "webhooks") {
    routeWebhooks(fake, asked, send);
  } else if (collection === "products" && id === "count") {
    send(200, { count: fake.products.length });
  } else if (collection === "products" && id !== undefined) {
    const product = fake.products.find((candidate) => String(candidate["id"] as number) === id);
    if (product === undefined) send(404, { errors: "Not Found" });
    else send(200, { product });
  } else if (collection === "products") {
    page(fake, { asked, collection, entries: fake.products }, send);
  } else {
    const isAny = asked.url.searchParams.get("status") === "any" || asked.url.searchParams.has("page_info");
    page(
      fake,
      { asked, collection, entries: fake.orders.filter((order) => isAny || order["closed_at"] == null) },
      send,
    );
  }
}

function routeWebhooks(fake: FakeShopify, asked: Asked, send: Send): void {
  if (asked.method === "GET") {
    send(200, { webhooks: fake.webhooks.map((webhook) => ({ ...webhook })) });
  } else if (asked.method === "DELETE") {
    fake.webhooks = fake.webhooks.filter(({ id }) => asked.resource !== `webhooks/${id}.json`);
    send(200, {});
  } else {
    const { webhook } = JSON.parse(asked.body) as { webhook: { topic: string; address: string } };
    const created = { id: 1000 + fake.requests.length, topic: webhook.topic, address: webhook.address };
    fake.webhooks.push(created);
    send(201, { webhook: { ...created } });
  }
}

function page(fake: FakeShopify, of: { asked: Asked; collection: string; entries: Fields[] }, send: Send): void {
  const start = Number(of.asked.url.searchParams.get("page_info") ?? 0);
  const end = start + fake.pageSize;
  const next = `<https://demo-store.myshopify.com${API}${of.collection}.json?limit=${fake.pageSize}&page_info=${end}>; rel="next"`;
  send(200, { [of.collection]: of.entries.slice(start, end) }, end < of.entries.length ? { Link: next } : {});
}
