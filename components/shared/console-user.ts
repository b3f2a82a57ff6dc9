import { createHmac } from "node:crypto";

/** A Frappe API key pair. */
interface ApiKey {
  readonly apiKey: string;
  readonly apiSecret: string;
}

/**
 * The API key pair of the user that the Sync Console reads as, in hexadecimal digits. It is derived from the automation user's secret, which
 * cannot be found from it: the Worker, whose code and configuration are at Cloudflare, holds nothing that could change a document.
 * host/bench/automation-user.py derives the same.
 */
export function consoleApiKey(automationApiSecret: string): ApiKey {
  const derived = (what: string): string =>
    createHmac("sha256", automationApiSecret).update(`erpnext-shopify-stack/${what}`).digest("hex");
  return { apiKey: derived("console-api-key").slice(0, 32), apiSecret: derived("console-api-secret") };
}
