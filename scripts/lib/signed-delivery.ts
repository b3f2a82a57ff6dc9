import { createHmac, randomUUID } from "node:crypto";

import type { HttpAnswer } from "../../clients/http";
import { send } from "../../clients/node-http";
import type { Door } from "./cli/open-customer";

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

/** The version that `X-Shopify-API-Version` names; the connector does not read it. */
const API_VERSION = "2026-10";

/** Time for one delivery (milliseconds): Shopify itself gives up after 5 s, an operator can wait a little longer. */
const TIMEOUT_MS = 10_000;

/** base64(HMAC-SHA256(secret, body)), as in `X-Shopify-Hmac-Sha256`. */
export function signature(body: string, secret: string): string {
  return createHmac("sha256", secret).update(body, "utf8").digest("base64");
}

/** The headers of a delivery, by the names that Shopify's documentation gives them; each delivery has ids of its own. */
export function deliveryHeaders({ topic, body, secret, shopDomain }: SignedDelivery): Record<string, string> {
  return {
    "Content-Type": "application/json",
    "X-Shopify-Topic": topic,
    "X-Shopify-Hmac-Sha256": signature(body, secret),
    "X-Shopify-Shop-Domain": shopDomain,
    "X-Shopify-API-Version": API_VERSION,
    "X-Shopify-Webhook-Id": randomUUID(),
    "X-Shopify-Event-Id": randomUUID(),
    "X-Shopify-Triggered-At": new Date().toISOString(),
  };
}

/** Brings a delivery to the customer's public door, once. @throws ConnectionError */
export function deliver(door: Door, delivery: SignedDelivery): Promise<HttpAnswer> {
  const headers = deliveryHeaders(delivery);
  return send({ method: "POST", ...door, headers, body: delivery.body, timeoutMs: TIMEOUT_MS });
}
