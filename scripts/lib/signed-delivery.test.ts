import { deliveryRequest } from "./signed-delivery";

const DOOR = { url: new URL("https://127.0.0.1:8443/path"), host: "hooks.acme.example", anyCertificate: true };
const DELIVERY = { topic: "orders/paid", body: '{"name":"Käse"}', secret: "s", shopDomain: "acme.myshopify.com" };

it("is what Shopify would send to that door, with ids of its own", () => {
  const request = deliveryRequest(DOOR, DELIVERY);
  expect(request).toEqual({
    ...{ method: "POST", ...DOOR, body: '{"name":"Käse"}', timeoutMs: 10_000 },
    headers: {
      "Content-Type": "application/json",
      Accept: "*/*",
      "User-Agent": "Shopify-Captain-Hook",
      "X-Shopify-Topic": "orders/paid",
      // printf '{"name":"Käse"}' | openssl dgst -sha256 -hmac s -binary | base64
      "X-Shopify-Hmac-Sha256": "Nc68vW0Pmcmuq6FfpupQsm0PoewFrnm0aGl5RrhJ5L0=",
      "X-Shopify-Shop-Domain": "acme.myshopify.com",
      "X-Shopify-API-Version": "2026-10",
      "X-Shopify-Webhook-Id": expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      "X-Shopify-Event-Id": expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      "X-Shopify-Triggered-At": expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string,
    },
  });
  expect(deliveryRequest(DOOR, DELIVERY).headers["X-Shopify-Webhook-Id"]).not.toBe(
    request.headers["X-Shopify-Webhook-Id"],
  );
});
