import { deliveryHeaders, signature } from "./signed-delivery";

it("signs the bytes of the body as Shopify does", () => {
  // RFC 4231's second test case.
  const expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
  expect(Buffer.from(signature("what do ya want for nothing?", "Jefe"), "base64").toString("hex")).toBe(expected);
  expect(signature('{"name":"Käse"}', "shpss")).not.toBe(signature('{"name":"Kase"}', "shpss"));
});

it("says what is delivered, of which shop, with ids of its own", () => {
  const delivery = { topic: "orders/paid", body: "{}", secret: "s", shopDomain: "acme.myshopify.com" };
  const headers = deliveryHeaders(delivery);
  expect(headers).toEqual({
    "Content-Type": "application/json",
    "X-Shopify-Topic": "orders/paid",
    "X-Shopify-Hmac-Sha256": signature("{}", "s"),
    "X-Shopify-Shop-Domain": "acme.myshopify.com",
    "X-Shopify-API-Version": "2026-10",
    "X-Shopify-Webhook-Id": expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    "X-Shopify-Event-Id": expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    "X-Shopify-Triggered-At": expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string,
  });
  expect(deliveryHeaders(delivery)["X-Shopify-Webhook-Id"]).not.toBe(headers["X-Shopify-Webhook-Id"]);
});
