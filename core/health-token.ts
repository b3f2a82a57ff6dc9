import { createHash, createHmac } from "node:crypto";

/**
 * The bearer token for which /healthz shows steps, facts and last words, in hexadecimal digits. It is derived from the 256 random bits that
 * `intake` makes for the automation user, so a stack has no further secret to keep and rotates this one with it.
 */
export function healthToken(automationApiSecret: string): string {
  return createHmac("sha256", automationApiSecret).update("erpnext-shopify-stack/healthz").digest("hex");
}

/** What the server compares a token with (host/health.caddy). It may be known to everyone: no token is found from it. */
export function healthTokenDigest(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
