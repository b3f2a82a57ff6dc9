import { createHmac } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { type IncomingHttpHeaders, request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Clock, speededClock } from "../../clock";
import { RequestLog } from "../../request-log";
import type { Fields } from "../frappe/document";
import { type ErpnextOptions, type ErpnextStandIn, startErpnext } from "../index";
import { type FakeShopify, startFakeShopify, TOKEN } from "./fake-shopify";

export const SITE = "erp.demo.invalid";
export const SECRET = "shpss_test";
export const DOOR = "/api/method/ecommerce_integrations.shopify.connection.store_request_data";
export const SETTING = "/api/resource/Shopify Setting/Shopify Setting";

/** The setting that the project saves: everything mapped, the webhook table filled, the old data marked as migrated. */
export const GOOD_SETTING: Fields = {
  enable_shopify: 1,
  shopify_url: "demo-store.myshopify.com",
  password: TOKEN,
  shared_secret: SECRET,
  webhooks: [{ webhook_id: "1", method: "orders/create" }],
  customer_group: "Individual",
  warehouse: "Stores - DSG",
  company: "Demo Store GmbH",
  cash_bank_account: "Demo Bank - DSG",
  cost_center: "Main - DSG",
  sales_order_series: "SO-Shopify-",
  sync_sales_invoice: 1,
  sales_invoice_series: "SI-Shopify-",
  sync_delivery_note: 1,
  delivery_note_series: "DN-Shopify-",
  taxes: [{ shopify_tax: "DE MwSt", tax_account: "Umsatzsteuer 19 % - DSG" }],
  default_shipping_charges_account: "Freight and Forwarding Charges - DSG",
  is_old_data_migrated: 1,
};

/** What a new site is set up with. */
export const SETUP = {
  company: { name: "Demo Store GmbH", abbreviation: "DSG", country: "Germany", currency: "EUR" },
  automation: { user: "automation@demo.invalid", apiKey: "key0123456", apiSecret: "secret0123" },
  administratorPassword: "admin-password",
};

export interface Answer {
  readonly status: number;
  readonly body: Fields;
  readonly text: string;
  readonly headers: IncomingHttpHeaders;
}

/** A stand-in and a fake shop, with what tests do to them all the time. */
export interface TestSite {
  readonly erpnext: ErpnextStandIn;
  readonly shopify: FakeShopify;
  readonly log: RequestLog;
  readonly options: ErpnextOptions;
  /** A request as the automation user; `headers` may override everything, `body` an object or raw bytes. */
  call(line: string, body?: Fields | string, headers?: Record<string, string>): Promise<Answer>;
  /** The same without credentials. */
  callAsGuest(line: string, body?: Fields | string, headers?: Record<string, string>): Promise<Answer>;
  /** A delivery signed with `secret`. */
  deliver(topic: string, payload: Fields, secret?: string): Promise<Answer>;
  /** Delivers, waits for the queue, and gives the newest log row. */
  process(topic: string, payload: Fields): Promise<Fields>;
  close(): Promise<void>;
}

export async function startTestSite(
  overrides: Partial<ErpnextOptions> = {},
  clock: Clock = speededClock(100),
): Promise<TestSite> {
  const dir = await mkdtemp(join(tmpdir(), "erpnext-"));
  const shopify = await startFakeShopify();
  const log = new RequestLog();
  const options: ErpnextOptions = {
    dir,
    siteName: SITE,
    setup: SETUP,
    shopifyUrl: () => shopify.url,
    patches: { statusAny: true, truncate: true, perOrderTry: true, booksApp: true },
    log,
    clock,
    ...overrides,
  };
  const erpnext = await startErpnext(options);
  const credentials = { Authorization: "token key0123456:secret0123" };
  const callAsGuest: TestSite["call"] = (line, body, headers = {}) => request(erpnext.url, { line, body, headers });
  const call: TestSite["call"] = (line, body, headers) => callAsGuest(line, body, { ...credentials, ...headers });
  const deliver: TestSite["deliver"] = (topic, payload, secret = SECRET) => {
    const raw = JSON.stringify(payload);
    const hmac = createHmac("sha256", secret).update(raw).digest("base64");
    return callAsGuest(`POST ${DOOR}`, raw, { "X-Shopify-Topic": topic, "X-Shopify-Hmac-Sha256": hmac });
  };
  return {
    erpnext,
    shopify,
    log,
    options,
    call,
    callAsGuest,
    deliver,
    process: async (topic, payload) => {
      await deliver(topic, payload);
      await erpnext.settled();
      return erpnext.logs().at(-1) ?? {};
    },
    close: async () => {
      await erpnext.close();
      await shopify.close();
      await rm(dir, { recursive: true });
    },
  };
}

/** A site whose setting is saved and enabled. */
export async function startConfiguredSite(
  overrides: Partial<ErpnextOptions> = {},
  setting: Fields = {},
): Promise<TestSite> {
  const site = await startTestSite(overrides);
  const saved = await site.call(`PUT ${SETTING}`, { ...GOOD_SETTING, ...setting });
  if (saved.status === 200) return site;
  await site.close();
  throw new Error(saved.text);
}

/** Node's own client, since `fetch` does not let its caller choose the Host header. */
function request(
  base: string,
  asked: { line: string; body: Fields | string | undefined; headers: Record<string, string> },
): Promise<Answer> {
  const space = asked.line.indexOf(" ");
  const options = {
    method: asked.line.slice(0, space),
    headers: { Host: SITE, "Content-Type": "application/json", ...asked.headers },
    agent: false as const,
  };
  return new Promise((resolve, reject) => {
    const sent = httpRequest(`${base}${encodeURI(asked.line.slice(space + 1))}`, options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString();
        const isJson = (response.headers["content-type"] ?? "").includes("json");
        const body = isJson ? (JSON.parse(text) as Fields) : {};
        resolve({ status: response.statusCode ?? 0, body, text, headers: response.headers });
      });
    });
    sent.on("error", reject);
    sent.end(typeof asked.body === "object" ? JSON.stringify(asked.body) : asked.body);
  });
}
