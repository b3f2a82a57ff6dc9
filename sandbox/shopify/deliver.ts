import { createHmac, randomUUID } from "node:crypto";
import type { ClientRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { types } from "node:util";
import { restTopic, type Subscription } from "./subscriptions";

/** Where a host name really leads on this machine. */
export interface DialTarget {
  readonly host: string;
  readonly port: number;
  /** PEM of the authority to trust besides none: without it, the system's. */
  readonly ca?: string;
}

/** Resolves the host and port of a delivery address; rejects the way a DNS failure does. */
export type Dial = (hostname: string, port: number) => Promise<DialTarget>;

/** One delivery as every attempt sends it: the body never changes between attempts (shopify.md, 3). */
export interface Parcel {
  readonly subscription: Subscription;
  readonly shopDomain: string;
  readonly apiVersion: string;
  /** Stays the same over retries and duplicates: what a receiver may drop repeats by. */
  readonly webhookId: string;
  /** Shared by all deliveries of one action of the merchant. */
  readonly eventId: string;
  readonly triggeredAt: string;
  readonly body: string;
}

/** Publishes to a topic of Pub/Sub as Shopify's own account. */
export type Publish = (
  uri: string,
  data: string,
  attributes: Readonly<Record<string, string>>,
) => Promise<AttemptResult>;

export interface AttemptLimits {
  /** Milliseconds of real time until the connection must stand; Shopify gives it one second. */
  readonly connectTimeoutMs: number;
  /** Milliseconds of real time until the answer must be there; Shopify gives it five seconds. */
  readonly totalTimeoutMs: number;
}

/** Whatever ended an attempt: a status, or the reason why there was none. */
export type AttemptResult = { readonly status: number } | { readonly error: string };

export function newDeliveryId(): string {
  return randomUUID();
}

/** base64(HMAC-SHA256(secret, body)), as in X-Shopify-Hmac-Sha256. */
export function signBody(body: string, secret: string): string {
  return createHmac("sha256", secret).update(body, "utf8").digest("base64");
}

export function deliveryHeaders(parcel: Parcel, secret: string): Record<string, string> {
  const { subscription } = parcel;
  return {
    "Content-Type": "application/json",
    "Content-Length": String(Buffer.byteLength(parcel.body)),
    Accept: "*/*",
    "User-Agent": "Shopify-Captain-Hook",
    "X-Shopify-Topic": restTopic(subscription.topic),
    "X-Shopify-Hmac-Sha256": signBody(parcel.body, secret),
    "X-Shopify-Shop-Domain": parcel.shopDomain,
    "X-Shopify-API-Version": parcel.apiVersion,
    "X-Shopify-Webhook-Id": parcel.webhookId,
    "X-Shopify-Event-Id": parcel.eventId,
    "X-Shopify-Triggered-At": parcel.triggeredAt,
    ...(subscription.name === null ? {} : { "X-Shopify-Name": subscription.name }),
  };
}

function reasonOf(error: unknown): string {
  // Not instanceof: the error may come from another realm, as everything of Node's does in a test runner.
  if (!types.isNativeError(error)) return String(error);
  const code = (error as NodeJS.ErrnoException).code;
  return code === undefined ? error.message : `${code}: ${error.message}`;
}

/**
 * What a message of Pub/Sub has beside the body: the headers of a delivery that say something of it, with the signature over the body. So
 * five public consumers read them; that the signature is there Shopify does not promise.
 */
export function messageAttributes(parcel: Parcel, secret: string): Record<string, string> {
  const headers = Object.entries(deliveryHeaders(parcel, secret)).filter(([name]) => name.startsWith("X-Shopify-"));
  return Object.fromEntries(headers.map(([name, value]) => [name.replace("Hmac-Sha256", "Hmac-SHA256"), value]));
}

/** Sends `parcel` once over TLS with the certificate checked. Redirects are not followed: like Shopify, the 3xx is the answer. */
export async function attemptDelivery(
  parcel: Parcel,
  secret: string,
  means: AttemptLimits & { readonly dial: Dial; readonly publish: Publish; readonly signal: AbortSignal },
): Promise<AttemptResult> {
  const { uri } = parcel.subscription;
  if (uri.startsWith("pubsub:")) return means.publish(uri, parcel.body, messageAttributes(parcel, secret));
  const url = new URL(parcel.subscription.uri);
  const limit = AbortSignal.any([means.signal, AbortSignal.timeout(means.totalTimeoutMs)]);
  try {
    const target = await means.dial(url.hostname, url.port === "" ? 443 : Number(url.port));
    const request = httpsRequest({
      method: "POST",
      host: target.host,
      port: target.port,
      path: `${url.pathname}${url.search}`,
      headers: { ...deliveryHeaders(parcel, secret), Host: url.host },
      servername: url.hostname,
      agent: false,
      signal: limit,
      ...(target.ca === undefined ? {} : { ca: target.ca }),
    });
    return { status: await answerTo(request, parcel.body, means.connectTimeoutMs) };
  } catch (error) {
    return { error: limit.aborted ? `no answer within ${means.totalTimeoutMs} ms` : reasonOf(error) };
  }
}

/** Resolves with the status; rejects when the connection does not stand in time or breaks. */
function answerTo(request: ClientRequest, body: string, connectTimeoutMs: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const connecting = setTimeout(() => {
      request.destroy(new Error(`no connection within ${connectTimeoutMs} ms`));
    }, connectTimeoutMs);
    request.once("socket", (socket) =>
      socket.once("connect", () => {
        clearTimeout(connecting);
      }),
    );
    request.once("close", () => {
      clearTimeout(connecting);
    });
    request.once("error", reject);
    request.once("response", (response) => {
      // The status decides; the body is read off so that the connection ends in order, and a broken one no longer matters.
      response.on("error", () => undefined);
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.end(body);
  });
}
