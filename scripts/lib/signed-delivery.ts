import { randomUUID } from "node:crypto";

import type { HttpAnswer, HttpRequest } from "../../clients/http";
import { send } from "../../clients/node-http";
import { SHOPIFY_API_VERSION } from "../../clients/shopify";
import type { Door } from "./cli/open-customer";
import { sign } from "./hmac/signature";

/** A delivery as Shopify would make it. */
export interface SignedDelivery {
  /** `X-Shopify-Topic`, for example "orders/create". */
  readonly topic: string;
  /** The very text that is signed and sent. */
  readonly body: string;
  /** Secret of the app that signs. */
  readonly secret: string;
  /** `<store>.myshopify.com`. */
  readonly shopDomain: string;
}

/** Time for one delivery (milliseconds): Shopify itself gives up after 5 s, an operator can wait a little longer. */
const TIMEOUT_MS = 10_000;

/** The headers of a delivery, by the names that Shopify's documentation gives them; each delivery has ids of its own. */
function deliveryHeaders({ topic, body, secret, shopDomain }: SignedDelivery): Record<string, string> {
  return {
    "Content-Type": "application/json",
    Accept: "*/*",
    "User-Agent": "Shopify-Captain-Hook",
    "X-Shopify-Topic": topic,
    "X-Shopify-Hmac-Sha256": sign(Buffer.from(body), secret),
    "X-Shopify-Shop-Domain": shopDomain,
    // The connector does not read it.
    "X-Shopify-API-Version": SHOPIFY_API_VERSION,
    "X-Shopify-Webhook-Id": randomUUID(),
    "X-Shopify-Event-Id": randomUUID(),
    "X-Shopify-Triggered-At": new Date().toISOString(),
  };
}

/** The request that Shopify would send: the signature is of these very bytes. */
export function deliveryRequest(door: Door, delivery: SignedDelivery): HttpRequest {
  const headers = deliveryHeaders(delivery);
  return { method: "POST", ...door, headers, body: delivery.body, timeoutMs: TIMEOUT_MS };
}

/** Brings a delivery to the customer's public door, once. @throws ConnectionError */
export function deliver(door: Door, delivery: SignedDelivery): Promise<HttpAnswer> {
  return send(deliveryRequest(door, delivery));
}
