import { createHmac } from "node:crypto";

import { startStubServer, type StubServer } from "../../../clients/testing/stub-server";
import { UserError } from "../../../core/user-error";
import { deliver, DoorUnreachable, type Sender } from "./delivery";

const PATH = "/api/method/ecommerce_integrations.shopify.connection.store_request_data";
const PATIENCE = { maxWaitMs: 5_000, tries: 3, firstDelayMs: 1 };
const delivery = { event: "orders/create", body: '{"id":9007199254740993,"note":"Größe"}' } as const;

let server: StubServer;
let sender: Sender;
beforeEach(async () => {
  server = await startStubServer({ status: 200 });
  const door = { url: new URL(PATH, server.url), host: "hook.acme.example", anyCertificate: false };
  sender = { door, shopDomain: "acme.myshopify.com", customer: "acme", secret: "shpss_secret" };
});
afterEach(async () => server.close());

test("is what Shopify would send, signed over its very bytes", async () => {
  await deliver(sender, delivery, PATIENCE);
  expect(server.seen).toHaveLength(1);
  const { method, path, headers, body } = server.seen[0]!;
  expect([method, path, body, headers.host]).toEqual(["POST", PATH, delivery.body, "hook.acme.example"]);
  expect(headers).toMatchObject({
    "content-type": "application/json",
    "user-agent": "Shopify-Captain-Hook",
    "x-shopify-topic": "orders/create",
    "x-shopify-hmac-sha256": createHmac("sha256", "shpss_secret").update(Buffer.from(delivery.body)).digest("base64"),
    "x-shopify-shop-domain": "acme.myshopify.com",
    "x-shopify-api-version": "2026-10",
  });
  expect(headers["x-shopify-webhook-id"]).toMatch(/^[0-9a-f-]{36}$/);
  expect(Date.parse(String(headers["x-shopify-triggered-at"]))).not.toBeNaN();
});

test("is sent again while no receiver behind the door listens", async () => {
  server.script({ status: 503 }, { status: 502 }, { status: 200 });
  await deliver(sender, delivery, PATIENCE);
  expect(server.seen).toHaveLength(3);
  // By which the server knows that it is one delivery.
  expect(new Set(server.seen.map(({ headers }) => headers["x-shopify-webhook-id"])).size).toBe(1);
});

test("is given up after some tries", async () => {
  server.script({ status: 503 });
  const failure = deliver(sender, delivery, PATIENCE);
  await expect(failure).rejects.toThrow(DoorUnreachable);
  await expect(failure).rejects.toThrow(
    /the door of hook.acme.example did not take it: HTTP 503, given up after 3 tries/,
  );
});

test("is not sent again when it may have arrived", async () => {
  server.script("reset");
  await deliver(sender, delivery, PATIENCE);
  expect(server.seen).toHaveLength(1);
});

test("is given up when there is no door at all", async () => {
  await server.close();
  await expect(deliver(sender, delivery, PATIENCE)).rejects.toThrow(DoorUnreachable);
});

test.each([
  [401, 'run "pulumi up -s acme", which gives the server the stack\'s "shopifyApiSecret"'],
  [404, 'see that "hosts.hook" leads to this server and that it has converged'],
])("HTTP %i says what to look at, and not the secret", async (status, next) => {
  server.script({ status });
  const error: unknown = await deliver(sender, delivery, PATIENCE).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UserError);
  expect((error as UserError).message).toBe(
    `the door of hook.acme.example answered HTTP ${status} to a signed delivery for customer "acme": ${next}.`,
  );
  expect(server.seen).toHaveLength(1);
});
