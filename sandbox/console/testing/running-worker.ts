import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Miniflare, type Response as MiniflareResponse } from "miniflare";

import type { ConsoleEnv } from "../../../console/env";
import { AccessIssuer, AUDIENCE, ISSUER } from "./access-issuer";

const MIGRATIONS = join(__dirname, "../../../console/migrations");

/** What the Worker's requests reach, by host name. */
export type Hosts = Readonly<Record<string, (request: Request) => Response | Promise<Response>>>;

export interface WorkerOptions {
  readonly script: string;
  readonly hosts: Hosts;
  readonly env?: Partial<Omit<ConsoleEnv, "DATABASE">>;
  /** A directory that the database outlives the Worker in. */
  readonly persist?: string;
}

/** The console in workerd, with a database as D1 has it. */
export interface RunningWorker {
  readonly issuer: AccessIssuer;
  readonly miniflare: Miniflare;
  /** Every request that left the Worker: method and address. */
  readonly sent: readonly SentRequest[];
  /** What the Worker wrote to its log. */
  readonly logged: readonly string[];
  /** A request with a sound token, or with these headers instead. */
  get(path: string, init?: { method?: string; headers?: Record<string, string> }): Promise<MiniflareResponse>;
  json<Body>(path: string): Promise<Body>;
  /** What the schedule does each minute. */
  tick(): Promise<void>;
  query<Row>(sql: string): Promise<readonly Row[]>;
  close(): Promise<void>;
}

export interface SentRequest {
  readonly method: string;
  readonly url: string;
  readonly body: string;
}

/** Secrets that must never be seen again. */
export const CANARY = {
  SHOPIFY_ADMIN_TOKEN: "shpat_canary_admin_token",
  ERPNEXT_API_KEY: "key0123456",
  ERPNEXT_API_SECRET: "secret0123",
  ERPNEXT_ACCESS_CLIENT_ID: "canary-client-id.access",
  ERPNEXT_ACCESS_CLIENT_SECRET: "canary-client-secret",
  HEALTH_TOKEN: "canary-health-token",
} as const;

export const ENV: Omit<ConsoleEnv, "DATABASE"> = {
  CUSTOMER: "acme",
  COMPANY: JSON.stringify({
    name: "Acme & Söhne GmbH",
    currency: "EUR",
    timeZone: "Europe/Berlin",
    locale: "de-DE",
  }),
  ACCESS_ISSUER: ISSUER,
  ACCESS_AUDIENCE: AUDIENCE,
  SHOP_DOMAIN: "demo-store.myshopify.com",
  WEBHOOK_URL: "https://hook.sandbox.example/api/method/ecommerce_integrations.shopify.connection.store_request_data",
  SHOPIFY_TOPICS: "orders/create,orders/paid,orders/fulfilled,orders/cancelled,orders/partially_fulfilled",
  SHOPIFY_TOKEN_SINCE: "2026-01-01",
  ERPNEXT_URL: "https://erp.demo.invalid",
  HEALTH_URL: "https://hook.sandbox.example/healthz",
  SALES_INVOICES: "true",
  DELIVERY_NOTES: "true",
  TEST_ORDERS: "true",
  ...CANARY,
};

export async function startWorker({ script, hosts, env, persist }: WorkerOptions): Promise<RunningWorker> {
  const issuer = new AccessIssuer();
  const sent: SentRequest[] = [];
  const logged: string[] = [];
  const bindings: Record<string, string> = { ...ENV, ...env };
  const miniflare = new Miniflare({
    modules: true,
    script,
    compatibilityDate: "2026-01-14",
    compatibilityFlags: ["global_fetch_strictly_public"],
    d1Databases: { DATABASE: "console" },
    bindings,
    ...(persist === undefined ? {} : { d1Persist: persist }),
    outboundService: async (request) => {
      const body = await request.text();
      sent.push({ method: request.method, url: request.url, body });
      const { hostname } = new URL(request.url);
      const answer = hostname === new URL(ISSUER).hostname ? () => issuer.certs() : hosts[hostname];
      if (answer === undefined) return new Response("no such host", { status: 530 }) as never;
      const { method, url, headers } = request;
      const plain = new Request(url, {
        method,
        headers: [...headers] as [string, string][],
        ...(body === "" ? {} : { body }),
      });
      return (await answer(plain)) as never;
    },
    handleRuntimeStdio: (stdout, stderr) => {
      for (const stream of [stdout, stderr]) stream.on("data", (chunk: Buffer) => logged.push(chunk.toString("utf8")));
    },
  });
  await migrate(miniflare);
  const origin = "https://console.acme.example";
  const get: RunningWorker["get"] = (path, { method = "GET", headers } = {}) =>
    miniflare.dispatchFetch(`${origin}${path}`, {
      method,
      redirect: "manual",
      headers: headers ?? { "Cf-Access-Jwt-Assertion": issuer.token() },
    });
  return {
    issuer,
    miniflare,
    sent,
    logged,
    get,
    json: async <Body>(path: string) => (await (await get(path)).json()) as Body,
    tick: async () => {
      const worker = await miniflare.getWorker();
      const { outcome } = await worker.scheduled({ cron: "* * * * *" });
      if (outcome !== "ok") throw new Error(`the schedule ended with "${outcome}": ${logged.join("")}`);
    },
    query: async <Row>(sql: string) =>
      (await (await miniflare.getD1Database("DATABASE")).prepare(sql).run<Row>()).results,
    close: () => miniflare.dispose(),
  };
}

/** Statement by statement, as the stack applies them. */
async function migrate(miniflare: Miniflare): Promise<void> {
  const database = await miniflare.getD1Database("DATABASE");
  if ((await database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'fact'").first()) !== null) return;
  for (const file of readdirSync(MIGRATIONS).sort()) {
    const sql = readFileSync(join(MIGRATIONS, file), "utf8").replace(/--.*$/gm, "");
    const statements = sql.split(";").filter((statement) => statement.trim() !== "");
    await database.batch(statements.map((statement) => database.prepare(statement)));
  }
}
