import * as pulumi from "@pulumi/pulumi";

import { SyncConsole, type SyncConsoleArgs } from "./sync-console";
import { COMPANY, ERPNEXT, SYNC } from "./testing/company";
import { type Recording, recordResources, Secret } from "./testing/record-resources";
import { valueOf } from "./testing/value-of";

const ACCOUNT = "a".repeat(32);
const ZONE = "b".repeat(32);
const MODULE = "export default {};";

jest.mock("./testing/cloud-outputs", () => ({
  cloudOutputs: (type: string, inputs: Record<string, unknown>) =>
    type.endsWith(":ZeroTrustAccessApplication") ? { ...inputs, aud: "audience-tag" } : inputs,
}));

const customer: SyncConsoleArgs["customer"] = {
  slug: "acme",
  shopify: {
    shopDomain: "acme.myshopify.com",
    app: "custom",
    delivery: "https",
    topics: ["orders/create", "orders/paid"],
  },
  company: COMPANY,
  environment: "test",
  sync: SYNC,
  erpnext: ERPNEXT,
  hosts: { ui: "erp.example.com", hook: "hooks.example.com", console: "sync.example.com" },
  access: { ui: ["ann@example.com"], console: ["bea@example.com", "@example.org"] },
  cloudflare: { accountId: ACCOUNT, zoneId: ZONE, zone: "example.com" },
  gcp: {
    project: "acme-erpnext",
    region: "europe-west3",
    zone: "europe-west3-a",
    machineType: "e2-standard-4",
    dataDiskGb: 50,
  },
};

const args: SyncConsoleArgs = {
  customer,
  module: MODULE,
  accessIssuer: "https://agency.cloudflareaccess.com",
  migrations: [{ name: "0001_orders.sql", sql: "CREATE TABLE orders (id TEXT);" }],
  webhookUrl: "https://hooks.example.com/deliver",
  healthUrl: "https://hooks.example.com/healthz",
  healthToken: pulumi.secret("canary-health-token"),
  shopify: { adminToken: "canary-admin-token", since: "2026-11-01T00:00:00Z" },
  frappe: {
    apiKey: "canary-api-key",
    apiSecret: "canary-api-secret",
    accessClientId: "id.access",
    accessClientSecret: "canary-access-secret",
  },
  protect: false,
};

function record(change: Partial<SyncConsoleArgs> = {}): Promise<Recording<SyncConsole>> {
  return recordResources(() => new SyncConsole("console", { ...args, ...change }), {
    answer: ({ inputs }) => ({ ...inputs, authDomain: "agency.cloudflareaccess.com" }),
  });
}

const CHILDREN = [
  ["cloudflare:index/d1Database:D1Database", "console-database"],
  ["cloudflare:index/workersCronTrigger:WorkersCronTrigger", "console-schedule"],
  ["cloudflare:index/workersCustomDomain:WorkersCustomDomain", "console-domain"],
  ["cloudflare:index/workersScript:WorkersScript", "console-script"],
  ["cloudflare:index/workersScriptSubdomain:WorkersScriptSubdomain", "console-subdomain"],
  ["cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication", "console-application"],
  ["cloudflare:index/zeroTrustAccessPolicy:ZeroTrustAccessPolicy", "console-people-policy"],
  ["pulumi-nodejs:dynamic/cloudflare:D1Migrations", "console-schema"],
];

test("the Worker, its database and schema, its schedule, name and login, all children of the component", async () => {
  const { resources, calls } = await record();
  const [component, ...children] = resources;
  expect([component?.type, component?.name]).toEqual(["erpnext:cloudflare:SyncConsole", "console"]);
  expect(children.map(({ type, name }) => [type, name]).sort()).toEqual(CHILDREN);
  expect(new Set(children.map(({ parentType }) => parentType))).toEqual(new Set(["erpnext:cloudflare:SyncConsole"]));
  expect(calls).toEqual([]);
});

test("the Worker has all that it needs, every secret as a secret binding and to Pulumi a secret", async () => {
  const { named } = await record();
  const { bindings, ...rest } = named("console-script").exactInputs;
  expect(rest).toEqual({
    accountId: ACCOUNT,
    scriptName: "acme-erpnext-sync-console",
    content: MODULE,
    mainModule: "worker.mjs",
    compatibilityDate: "2026-01-14",
    compatibilityFlags: ["global_fetch_strictly_public"],
    observability: { enabled: true, logs: { enabled: true, invocationLogs: true } },
  });
  const plain = (name: string, text: string) => ({ name, type: "plain_text", text });
  const secret = (name: string, text: string) => ({ name, type: "secret_text", text: new Secret(text) });
  expect(bindings).toEqual([
    { name: "DATABASE", type: "d1", id: "console-database-id" },
    plain("CUSTOMER", "acme"),
    plain("COMPANY", '{"name":"Acme GmbH","currency":"EUR","timeZone":"Europe/Berlin","locale":"de-DE"}'),
    plain("SALES_INVOICES", "true"),
    plain("DELIVERY_NOTES", "false"),
    plain("TEST_ORDERS", "true"),
    plain("SHOP_DOMAIN", "acme.myshopify.com"),
    plain("WEBHOOK_URL", "https://hooks.example.com/deliver"),
    plain("SHOPIFY_TOPICS", "orders/create,orders/paid"),
    plain("SHOPIFY_TOKEN_SINCE", "2026-11-01T00:00:00Z"),
    plain("ERPNEXT_URL", "https://erp.example.com"),
    plain("HEALTH_URL", "https://hooks.example.com/healthz"),
    plain("ERPNEXT_ACCESS_CLIENT_ID", "id.access"),
    plain("ACCESS_ISSUER", "https://agency.cloudflareaccess.com"),
    plain("ACCESS_AUDIENCE", "audience-tag"),
    secret("SHOPIFY_ADMIN_TOKEN", "canary-admin-token"),
    secret("ERPNEXT_API_KEY", "canary-api-key"),
    secret("ERPNEXT_API_SECRET", "canary-api-secret"),
    secret("ERPNEXT_ACCESS_CLIENT_SECRET", "canary-access-secret"),
    secret("HEALTH_TOKEN", "canary-health-token"),
  ]);
});

/** The bindings that another Worker has beside or instead of the first one's. */
async function otherBindings(change: Partial<SyncConsoleArgs>): Promise<{ gone: unknown[]; made: unknown[] }> {
  const bindingsOf = ({ named }: Recording<unknown>) => named("console-script").exactInputs["bindings"] as object[];
  const before = bindingsOf(await record()).map((binding) => JSON.stringify(binding));
  const after = bindingsOf(await record(change)).map((binding) => JSON.stringify(binding));
  const parse = (text: string) => JSON.parse(text) as { name: string; type: string };
  return {
    gone: before.filter((text) => !after.includes(text)).map((text) => parse(text).name),
    made: after.filter((text) => !before.includes(text)).map(parse),
  };
}

test("a Dev-Dashboard app has its client id in clear and its secret as a secret, and no token", async () => {
  const shopify = { clientId: "client-1", clientSecret: pulumi.secret("canary-client-secret") };
  expect(await otherBindings({ shopify })).toEqual({
    gone: ["SHOPIFY_TOKEN_SINCE", "SHOPIFY_ADMIN_TOKEN"],
    made: [
      { name: "SHOPIFY_CLIENT_ID", type: "plain_text", text: "client-1" },
      { name: "SHOPIFY_CLIENT_SECRET", type: "secret_text", text: { value: "canary-client-secret" } },
    ],
  });
});

test("other addresses of Shopify and ERPNext are handed on", async () => {
  const addresses = { shopifyApiUrl: "http://127.0.0.1:1", frappeApiUrl: "http://127.0.0.1:2" };
  expect(await otherBindings(addresses)).toEqual({
    gone: [],
    made: [
      { name: "SHOPIFY_API_URL", type: "plain_text", text: "http://127.0.0.1:1" },
      { name: "ERPNEXT_API_URL", type: "plain_text", text: "http://127.0.0.1:2" },
    ],
  });
});

test("another company's name changes its own binding alone", async () => {
  const company = { ...customer.company, legalName: "Acme AG" };
  const { gone, made } = await otherBindings({ customer: { ...customer, company } });
  expect(gone).toEqual(["COMPANY"]);
  expect(made).toMatchObject([{ name: "COMPANY", text: expect.stringContaining('"name":"Acme AG"') as string }]);
});

test("the database gets its schema before the Worker runs on it", async () => {
  const { named } = await record();
  expect(named("console-database").inputs).toEqual({
    accountId: ACCOUNT,
    name: "acme-erpnext-sync-console",
    jurisdiction: "eu",
  });
  expect(named("console-schema").inputs).toMatchObject({
    accountId: ACCOUNT,
    databaseId: "console-database-id",
    migrations: args.migrations,
    customer: "acme",
  });
  expect(named("console-script").dependencies).toContain(named("console-schema").urn);
});

test.each([
  ["europe-west3", { jurisdiction: "eu" }],
  ["us-west1", { primaryLocationHint: "wnam" }],
  ["us-central1", { primaryLocationHint: "enam" }],
  ["southamerica-east1", { primaryLocationHint: "enam" }],
  ["asia-south1", { primaryLocationHint: "apac" }],
  ["australia-southeast1", { primaryLocationHint: "oc" }],
  ["me-central1", {}],
])("a customer in %s has the database at %j", async (region, place) => {
  const { named } = await record({ customer: { ...customer, gcp: { ...customer.gcp, region } } });
  expect(named("console-database").inputs).toEqual({ accountId: ACCOUNT, name: "acme-erpnext-sync-console", ...place });
});

test("what Cloudflare tells by itself of the database and the Worker is no change", async () => {
  const { resources } = await record();
  const ignored = resources.filter(({ ignoreChanges }) => ignoreChanges.length > 0);
  expect(Object.fromEntries(ignored.map(({ name, ignoreChanges }) => [name, ignoreChanges]))).toEqual({
    "console-database": ["readReplication"],
    "console-script": [
      "limits",
      "observability.headSamplingRate",
      "observability.logs.destinations",
      "observability.logs.headSamplingRate",
      "observability.traces",
    ],
  });
});

test("it is reached at its host alone, once the login stands and the other addresses are closed", async () => {
  const { named } = await record();
  const scriptName = "acme-erpnext-sync-console";
  expect(named("console-domain").inputs).toEqual({
    accountId: ACCOUNT,
    zoneId: ZONE,
    hostname: "sync.example.com",
    service: scriptName,
  });
  expect(named("console-subdomain").inputs).toEqual({
    accountId: ACCOUNT,
    scriptName,
    enabled: false,
    previewsEnabled: false,
  });
  expect(named("console-domain").dependencies).toEqual(
    expect.arrayContaining([named("console-application").urn, named("console-subdomain").urn]),
  );
});

test("the login lets only the named people in", async () => {
  const { named } = await record();
  expect(named("console-application").inputs).toEqual({
    accountId: ACCOUNT,
    name: "acme-console",
    type: "self_hosted",
    domain: "sync.example.com",
    sessionDuration: "24h",
    httpOnlyCookieAttribute: true,
    policies: [{ id: "console-people-policy-id", precedence: 1 }],
  });
  expect(named("console-people-policy").inputs).toEqual({
    accountId: ACCOUNT,
    name: "acme-console-people",
    decision: "allow",
    includes: [{ email: { email: "bea@example.com" } }, { emailDomain: { domain: "example.org" } }],
  });
});

test("it scans each minute", async () => {
  const { named } = await record();
  expect(named("console-schedule").inputs).toEqual({
    accountId: ACCOUNT,
    scriptName: "acme-erpnext-sync-console",
    schedules: [{ cron: "* * * * *" }],
  });
});

test.each([true, false])("with protection %s the database is kept, and nothing else", async (protect) => {
  const { resources } = await record({ protect });
  const kept = resources.filter((resource) => resource.protect || resource.retainOnDelete).map(({ name }) => name);
  expect(kept).toEqual(protect ? ["console-database"] : []);
});

test("the output is the page's address", async () => {
  const { result, resources, outputs } = await record();
  expect(await valueOf(result.consoleUrl)).toBe("https://sync.example.com");
  expect(outputs.get(resources[0]!.urn)).toEqual({ consoleUrl: "https://sync.example.com" });
});
