import {
  startStubServer,
  type SeenRequest,
  type StubAnswer,
  type StubServer,
} from "../../../clients/testing/stub-server";
import { send } from "../../../clients/node-http";
import { ShopifyError } from "../../../clients/shopify";
import { buyersCurrencyFinding, skuFinding } from "./check-catalogue";
import { checkCloudflare } from "./check-cloudflare";
import { checkWorkers } from "./check-workers";
import { checkGoogle } from "./check-google";
import { checkHosts, matches } from "./check-hosts";
import { checkShopify, gatewayFinding, taxFinding } from "./check-shopify";
import { allHold, obstacles, type Finding } from "./finding";
import { fakeShop, recentOrder, SHOP } from "./testing/intake-world";

let server: StubServer;

beforeEach(async () => {
  server = await startStubServer();
});

afterEach(() => server.close());

/** Answers by the part of the path that a request ends in. */
function answering(answers: Readonly<Record<string, StubAnswer>>): void {
  server.script(({ path }: SeenRequest) => {
    const key = Object.keys(answers).find((part) => path.includes(part));
    return key === undefined ? { status: 404, body: {} } : (answers[key] ?? "reset");
  });
}

function brief(findings: readonly Finding[]): string[] {
  return findings.map(({ check, state, saw }) => `${check}: ${state}: ${saw}`);
}

describe("Cloudflare", () => {
  const wanted = {
    accountId: "9a7806061c88ada191ed06f989cc3dac",
    zoneId: "023e105f4ecef8ad9ca31a8372d0c353",
    zone: "acme.example",
  };
  const good = (result: unknown): StubAnswer => ({ status: 200, body: { success: true, errors: [], result } });
  const bad = (status: number, code: number, message: string): StubAnswer => ({
    status,
    body: { success: false, errors: [{ code, message }], result: null },
  });
  const zone = { id: wanted.zoneId, name: "acme.example", status: "active", account: { id: wanted.accountId } };
  const fine = { "user/tokens/verify": good({ status: "active" }), "/zones?name=": good([zone]) };
  const rest = {
    "access/organizations": good({ auth_domain: "agency.cloudflareaccess.com" }),
    ...{ dns_records: good([]), cfd_tunnel: good([]), "access/": good([]), "workers/": good([]), "d1/": good([]) },
  };
  const look = () => checkCloudflare({ send, token: "cf-token", baseUrl: `${server.url}/client/v4/` }, wanted);

  it("is asked with the token, below the given address", async () => {
    answering({ ...fine, ...rest });
    expect((await look()).map(({ state }) => state)).toEqual(["ok", "ok", "ok", "ok"]);
    expect(server.seen[0]).toMatchObject({
      path: "/client/v4/user/tokens/verify",
      headers: { authorization: "Bearer cf-token" },
    });
  });

  it("verifies a token that belongs to an account at the account's address", async () => {
    const account = { [`accounts/${wanted.accountId}/tokens/verify`]: good({ status: "active" }) };
    answering({ ...fine, ...rest, "user/tokens/verify": bad(401, 1000, "Invalid API Token"), ...account });
    expect(allHold(await look())).toBe(true);
  });

  it.each<[string, Record<string, StubAnswer>, string]>([
    [
      "a malformed token",
      { "tokens/verify": bad(401, 1000, "Invalid API Token") },
      "cloudflare token: refused: Cloudflare does not accept it (Invalid API Token, code 1000)",
    ],
    [
      "an expired token",
      { "user/tokens/verify": good({ status: "expired" }) },
      "cloudflare token: refused: the token is expired",
    ],
    [
      "a zone that it does not see",
      { "/zones?name=": good([]) },
      'cloudflare zone: refused: the token sees no zone "acme.example"',
    ],
    [
      "another account",
      { "/zones?name=": good([{ ...zone, account: { id: "0".repeat(32) } }]) },
      `cloudflare zone: refused: "cloudflare.accountId" is "${wanted.accountId}" but acme.example is in "${"0".repeat(32)}"`,
    ],
    [
      "a zone that is not active",
      { "/zones?name=": good([{ ...zone, status: "pending" }]) },
      "cloudflare zone: limited: acme.example is pending",
    ],
    [
      "a permission that is missing",
      { cfd_tunnel: bad(403, 10000, "Authentication error") },
      "cloudflare permissions: refused: the token is refused Account / Cloudflare Tunnel / Edit (Authentication error, code 10000)",
    ],
    [
      "the Sync Console's permissions that are missing",
      {
        "d1/database?per_page=10": bad(403, 7403, "The given account is not authorized to access this service"),
        "workers/scripts": bad(403, 10000, "Authentication error"),
        "workers/routes": bad(403, 10000, "Authentication error"),
        "access/organizations": bad(403, 10000, "Authentication error"),
      },
      "cloudflare permissions: refused: the token is refused Account / D1 / Edit (The given account is not authorized to access this service, code 7403), Account / Workers Scripts / Edit (Authentication error, code 10000), Zone / Workers Routes / Edit (Authentication error, code 10000), Account / Access: Organizations, Identity Providers, and Groups / Read (Authentication error, code 10000)",
    ],
    [
      "an account without Zero Trust",
      { "access/organizations": good({ auth_domain: "" }) },
      "cloudflare zero trust: refused: the account has no team domain",
    ],
  ])("says of %s what is wrong", async (_what, change, said) => {
    answering({ ...change, ...fine, ...rest, ...change });
    expect(brief(await look())).toContain(said);
  });

  it("that does not answer is not taken for one that refuses", async () => {
    answering({ verify: { status: 503 } });
    const findings = await look();
    expect(brief(findings)).toEqual([
      expect.stringMatching(/^cloudflare token: unknown: Cloudflare did not answer at .* HTTP 503/),
    ]);
    expect(obstacles(findings)).toEqual(findings);
  });
});

describe("Workers at Cloudflare", () => {
  const customer = { slug: "acme", cloudflare: { accountId: "9".repeat(32) } };
  const good = (result: unknown): StubAnswer => ({ status: 200, body: { success: true, errors: [], result } });
  const DENIED: StubAnswer = {
    status: 403,
    body: { success: false, errors: [{ code: 10000, message: "Authentication error" }], result: null },
  };
  const WHY =
    "the Sync Console needs Workers Paid: Workers Free has 5 cron triggers an account, 10 ms of CPU a call and 50 queries of D1";
  const OWN = "acme-erpnext-sync-console";
  const look = async (answers: Record<string, StubAnswer>, outputs = {}) => {
    answering(answers);
    return brief(
      await checkWorkers({ send, token: "cf-token", baseUrl: `${server.url}/client/v4/` }, customer, outputs),
    );
  };
  const free = { "d1/database": good([]), cfd_tunnel: good([]) };
  const busy = (triggers: number): Record<string, StubAnswer> => ({
    "/schedules": good({ schedules: Array.from({ length: triggers }, () => ({ cron: "* * * * *" })) }),
    "workers/scripts": good([{ id: "shop" }, { id: OWN }]),
  });
  const UP = { uiUrl: "https://erp.acme.example" };

  it.each<[string, Record<string, StubAnswer>, string]>([
    ["is paid", { subscriptions: good([{ rate_plan: { id: "workers_paid" } }]) }, "ok: the account has Workers Paid"],
    [
      "is not",
      { subscriptions: good([{ rate_plan: { id: "free" } }]), ...busy(2) },
      `limited: no subscription of Workers Paid is to be seen: ${WHY} (2 of 5 triggers are in use)`,
    ],
    [
      "cannot be seen",
      { subscriptions: DENIED, ...busy(5) },
      `unknown: whether the account has it cannot be seen (Authentication error, code 10000; it takes Account / Billing / Read): ${WHY} (5 of 5 triggers are in use)`,
    ],
    [
      "shows by its use",
      { subscriptions: DENIED, ...busy(6) },
      "ok: 6 cron triggers are in use, which takes Workers Paid",
    ],
  ])("has a plan that %s", async (...[, answers, said]) => {
    expect(await look({ ...answers, ...free }, UP)).toEqual([`cloudflare workers plan: ${said}`]);
  });

  it("has names that the first update would overwrite or end at, and no others", async () => {
    const paid = { subscriptions: good([{ rate_plan: { id: "workers_paid" } }]) };
    const taken = { ...busy(1), "d1/database": good([{ name: OWN }]), cfd_tunnel: good([{ name: "acme-ui" }]) };
    expect((await look({ ...paid, ...taken }))[1]).toBe(
      `cloudflare names: limited: the account has Worker "${OWN}", D1 database "${OWN}", tunnel "acme-ui" already`,
    );
    expect((await look({ ...paid, ...free, "workers/scripts": good([]) }))[1]).toBe(
      'cloudflare names: ok: no Worker, database or tunnel is called after "acme"',
    );
    expect(await look({ ...paid, ...taken }, UP)).toHaveLength(1);
  });
});

describe("the three hosts at Cloudflare", () => {
  const customer = {
    slug: "acme",
    hosts: { ui: "erp.acme.example", hook: "hooks.acme.example", console: "sync.acme.example" },
    cloudflare: { accountId: "9".repeat(32), zoneId: "0".repeat(32), zone: "acme.example" },
  };
  const good = (...result: readonly object[]): StubAnswer => ({
    status: 200,
    body: { success: true, errors: [], result },
  });
  const look = (outputs = {}) =>
    checkHosts({ send, token: "cf-token", baseUrl: `${server.url}/client/v4/` }, customer, outputs);
  const free = { dns_records: good(), "workers/domains": good(), "workers/routes": good() };
  const OWN = {
    "dns_records?name=erp.acme.example": good({ type: "CNAME", content: "t-1.cfargotunnel.com" }),
    "dns_records?name=hooks.acme.example": good({ type: "A", content: "203.0.113.7" }),
    "dns_records?name=sync.acme.example": good({ type: "AAAA", content: "100::" }),
    "workers/domains": good({ hostname: "sync.acme.example", service: "acme-erpnext-sync-console" }),
  };

  it("are asked for in account and zone", async () => {
    answering(free);
    expect(brief([await look()])).toEqual(["cloudflare hosts: ok: nothing else uses the three hosts"]);
    const [account, zone] = [`/client/v4/accounts/${"9".repeat(32)}`, `/client/v4/zones/${"0".repeat(32)}`];
    expect(server.seen.map(({ path }) => path)).toEqual([
      `${account}/workers/domains?zone_id=${"0".repeat(32)}`,
      `${zone}/workers/routes`,
      ...Object.values(customer.hosts).map((host) => `${zone}/dns_records?name=${host}&per_page=100`),
    ]);
  });

  it.each<[string, Record<string, StubAnswer>, object, string]>([
    [
      "what this customer's stack has made",
      OWN,
      { tunnelId: "t-1", serverAddress: "203.0.113.7" },
      "ok: nothing else uses the three hosts",
    ],
    [
      "the same before any stack",
      OWN,
      {},
      "limited: erp.acme.example has a record CNAME t-1.cfargotunnel.com already; hooks.acme.example has a record A 203.0.113.7 already",
    ],
    [
      "another's record, and one that leads nowhere",
      { "?name=sync.acme.example": good({ type: "A", content: "198.51.100.1" }, { type: "TXT", content: "v=spf1" }) },
      {},
      "limited: sync.acme.example has a record A 198.51.100.1 already",
    ],
    [
      "another Worker's domain with its record",
      {
        "?name=sync.acme.example": good({ type: "AAAA", content: "100::" }),
        "workers/domains": good(
          { hostname: "sync.acme.example", service: "other" },
          { hostname: "www.acme.example", service: "shop" },
        ),
      },
      {},
      'limited: sync.acme.example has a record AAAA 100:: already; sync.acme.example is a custom domain of the Worker "other"',
    ],
    [
      "routes, of which one is before two hosts, one elsewhere and one of no Worker",
      {
        "workers/routes": good(
          { pattern: "*.acme.example/*", script: "wall" },
          { pattern: "https://www.acme.example/*", script: "shop" },
          { pattern: "*sync.acme.example/api/*" },
        ),
      },
      {},
      'limited: the route "*.acme.example/*" leads erp.acme.example to the Worker "wall"; the route "*.acme.example/*" leads sync.acme.example to the Worker "wall"',
    ],
    [
      "a list that the token may not see",
      {
        "workers/domains": {
          status: 403,
          body: { success: false, errors: [{ code: 10000, message: "Authentication error" }], result: null },
        },
      },
      {},
      "unknown: workers/domains cannot be listed (Authentication error, code 10000)",
    ],
  ])("say of %s what it is", async (...row) => {
    const [, change, outputs, said] = row;
    answering({ ...change, ...free, ...change });
    const finding = await look(outputs);
    expect(brief([finding])).toEqual([`cloudflare hosts: ${said}`]);
    expect(allHold([finding])).toBe(true);
  });

  it.each([
    ["acme.example/*", false],
    ["*acme.example/*", true],
    ["*/*", true],
    ["erp.acme.example/*", true],
    ["https://erp.acme.example/app", true],
    ["*.erp.acme.example/*", false],
    ["hooks.acme.example/*", false],
  ])("the route %s is before erp.acme.example: %s", (pattern, expected) => {
    expect(matches(pattern, "erp.acme.example")).toBe(expected);
  });
});

describe("Google Cloud", () => {
  const RIGHTS = [
    "serviceusage.services.enable",
    "resourcemanager.projects.setIamPolicy",
    "compute.instances.create",
    "iam.serviceAccounts.create",
    "iam.serviceAccounts.actAs",
    "artifactregistry.repositories.create",
    "secretmanager.secrets.create",
    "storage.buckets.create",
    "monitoring.alertPolicies.create",
  ];
  const quota = (metric: string, limit: number, usage: number): object => ({ metric, limit, usage });
  const wanted = {
    project: "acme-erpnext",
    region: "europe-west3",
    zone: "europe-west3-a",
    machineType: "e2-standard-4",
    dataDiskGb: 50,
  };
  const good = (body: object): StubAnswer => ({ status: 200, body });
  const bad = (code: number, message: string): StubAnswer => ({ status: code, body: { error: { code, message } } });
  const fine = {
    testIamPermissions: good({ permissions: RIGHTS }),
    getEffectiveOrgPolicy: good({}),
    "/regions/": good({ quotas: [quota("CPUS", 24, 20), quota("SSD_TOTAL_GB", 500, 420), quota("GPUS", 0, 0)] }),
    machineTypes: good({ name: "e2-standard-4", guestCpus: 4 }),
    "/zones/": good({ status: "UP", region: "https://compute.example/regions/europe-west3" }),
    billingInfo: good({ billingEnabled: true }),
    "/projects/acme-erpnext": good({ state: "ACTIVE" }),
  };
  const look = (token: string | undefined = "google-token", delivery: "https" | "pubsub" = "https") => {
    const config = Object.fromEntries(
      ["resourceManagerV3", "resourceManager", "cloudBilling", "compute"].map((name) => [
        `gcp:${name}CustomEndpoint`,
        `${server.url}/${name}/`,
      ]),
    );
    return checkGoogle({ send, token, config }, { ...wanted, delivery });
  };

  it("with delivery by Pub/Sub asks for its right, and for the policy that refuses Shopify's grant", async () => {
    const saw = async (policy: object): Promise<string[]> => {
      answering({ ...fine, getEffectiveOrgPolicy: good(policy) });
      return (await look("google-token", "pubsub")).map(({ check, state, saw: words }) => `${check} ${state} ${words}`);
    };
    const open = await saw({});
    expect(open[4]).toBe("google rights limited this login lacks pubsub.topics.create in acme-erpnext");
    expect(open.at(-1)).toBe("google grant ok the organisation lets Shopify publish to the topic");
    expect((await saw({ listPolicy: { allowedValues: ["is:C01abc"] } })).at(-1)).toBe(
      'google grant limited acme-erpnext is under constraints/iam.allowedPolicyMemberDomains, which may refuse the grant to "serviceAccount:delivery@shopify-pubsub-webhooks.iam.gserviceaccount.com"',
    );
  });

  it("finds project, billing, zone, machine, rights, quotas and policies", async () => {
    answering(fine);
    expect((await look()).map(({ state }) => state)).toEqual(Array(7).fill("ok"));
    expect(server.seen.map(({ path }) => path)).toEqual([
      "/resourceManagerV3/projects/acme-erpnext",
      "/cloudBilling/projects/acme-erpnext/billingInfo",
      "/compute/projects/acme-erpnext/zones/europe-west3-a",
      "/compute/projects/acme-erpnext/zones/europe-west3-a/machineTypes/e2-standard-4",
      "/resourceManagerV3/projects/acme-erpnext:testIamPermissions",
      "/compute/projects/acme-erpnext/zones/europe-west3-a/machineTypes/e2-standard-4",
      "/compute/projects/acme-erpnext/regions/europe-west3",
      ...Array<string>(3).fill("/resourceManager/projects/acme-erpnext:getEffectiveOrgPolicy"),
    ]);
  });

  it("is left alone without a login, and that stops nothing", async () => {
    const findings = await checkGoogle({ send, token: undefined, config: {} }, wanted);
    expect([findings.length, findings[0]?.state, allHold(findings), server.seen]).toEqual([1, "unknown", true, []]);
  });

  it.each<[string, Record<string, StubAnswer>, string]>([
    [
      "a project that is not there",
      { "/projects/acme-erpnext": bad(403, "The caller does not have permission") },
      'google project: refused: there is no project "acme-erpnext", or this login may not see it',
    ],
    [
      "a project that is being deleted",
      { "/projects/acme-erpnext": good({ state: "DELETE_REQUESTED" }) },
      "google project: refused: acme-erpnext is DELETE_REQUESTED",
    ],
    ["no billing", { billingInfo: good({}) }, "google billing: refused: acme-erpnext has no active billing account"],
    [
      "a malformed zone",
      { "/zones/": bad(404, "not found") },
      'google zone: refused: there is no zone "europe-west3-a"',
    ],
    [
      "a zone of another region",
      { "/zones/": good({ status: "UP", region: "regions/europe-west4" }) },
      'google zone: refused: "europe-west3-a" is in the region "europe-west4", not in "europe-west3"',
    ],
    [
      "a machine that the zone does not have",
      { machineTypes: bad(404, "not found") },
      'google machine: refused: europe-west3-a does not offer "e2-standard-4"',
    ],
    [
      "an API that is not switched on yet",
      { machineTypes: bad(403, "Compute Engine API has not been used in project 1 before or it is disabled.") },
      "google machine: unknown: the project has this API not switched on yet; the first update does it",
    ],
    [
      "a login that may not all",
      { testIamPermissions: good({ permissions: RIGHTS.filter((right) => !right.startsWith("compute.")) }) },
      "google rights: limited: this login lacks compute.instances.create in acme-erpnext",
    ],
    [
      "rights that cannot be seen",
      { testIamPermissions: bad(403, "The caller does not have permission") },
      'google rights: unknown: Google answered "The caller does not have permission"',
    ],
    [
      "a region without room",
      { "/regions/": good({ quotas: [quota("CPUS", 24, 21), quota("SSD_TOTAL_GB", 500, 421)] }) },
      "google quotas: limited: europe-west3 is short of CPUS 21 of 24, 4 needed; SSD_TOTAL_GB 421 of 500, 80 needed",
    ],
    [
      "an organisation without public addresses",
      { getEffectiveOrgPolicy: good({ listPolicy: { allValues: "DENY" } }) },
      "google policies: refused: acme-erpnext is under constraints/compute.vmExternalIpAccess (the server needs a public address, for Shopify's deliveries), constraints/iam.disableServiceAccountCreation (the server needs a service account of its own), constraints/gcp.resourceLocations (everything of the customer's stands in its region)",
    ],
    [
      "an organisation of another region",
      { getEffectiveOrgPolicy: good({ listPolicy: { allowedValues: ["europe-west4"] } }) },
      "google policies: refused: acme-erpnext is under constraints/gcp.resourceLocations (everything of the customer's stands in its region)",
    ],
    [
      "an organisation of a group of regions",
      { getEffectiveOrgPolicy: good({ listPolicy: { allowedValues: ["in:eu-locations"] } }) },
      "google policies: ok: the organisation forbids nothing that is needed",
    ],
  ])("says of %s what is wrong", async (_what, change, said) => {
    answering({ ...fine, ...change });
    expect(brief(await look())).toContain(said);
  });
});

describe("Shopify", () => {
  const expected = {
    slug: "acme",
    shopDomain: "demo-store.myshopify.com",
    app: "dev-dashboard",
    clientId: "0123abcd",
  } as const;
  const error = (kind: ShopifyError["kind"], what: string): ShopifyError =>
    new ShopifyError(kind, { what, next: "fix it" });

  it("proves the secret of a Dev Dashboard app by the grant, and that of a custom app not at all", async () => {
    const dashboard = await checkShopify(fakeShop(SHOP), expected);
    const custom = await checkShopify(fakeShop(SHOP), { ...expected, app: "custom", clientId: undefined });
    const secretOf = ({ findings }: typeof custom): string | undefined =>
      findings.find(({ check }) => check === "shopify secret")?.state;
    expect([secretOf(dashboard), secretOf(custom), allHold(custom.findings)]).toEqual(["ok", "unknown", true]);
  });

  it("tells the token of another app from one that works", async () => {
    const { findings } = await checkShopify(fakeShop(SHOP), { ...expected, clientId: "ffff" });
    expect(brief(obstacles(findings))).toEqual([
      'shopify app: refused: "shopifyClientId" is "ffff" but the token is of app "ERPNext" (gid://shopify/App/1, handle erpnext, client id 0123abcd)',
    ]);
  });

  it.each<[ShopifyError["kind"], string, Finding["state"]]>([
    ["unauthorized", "no", "refused"],
    ["unreachable", "no route", "unknown"],
    ["throttled", "busy", "unknown"],
    ["http", "a did not answer: HTTP 503", "unknown"],
    ["http", "a answered HTTP 404: there is no such shop", "refused"],
  ])("takes %s (%s) for %s", async (kind, what, state) => {
    const { findings, seen } = await checkShopify(fakeShop({ ...SHOP, CurrentApp: error(kind, what) }), expected);
    expect([findings, seen]).toEqual([[{ check: "shopify token", state, saw: what, next: "fix it" }], undefined]);
  });

  it.each([
    [undefined, "limited", '"VAT" of 19 %, "VAT" of 7 % under titles of several rates'],
    [7, "limited", '"VAT" of 19 % under titles'],
  ])("names rates that share a title and an account (a row for %s %%)", async (rate, state, saw) => {
    const line = (of: number) => recentOrder({ title: "VAT", rate: of }, []);
    const shop = fakeShop({ ...SHOP, RecentTaxes: { orders: { nodes: [line(0.19), line(0.07), line(0.19)] } } });
    const { seen } = await checkShopify(shop, expected);
    const taxAccounts = [{ shopifyTax: "VAT", ...(rate === undefined ? {} : { rate }), account: "VAT - A" }];
    expect(seen?.taxes).toHaveLength(1);
    const finding = taxFinding({ taxAccounts } as never, seen!);
    expect(finding).toMatchObject({ state, saw: expect.stringContaining(saw) as string });
  });

  it("names gateways that share an account", async () => {
    const { seen } = await checkShopify(fakeShop(SHOP), expected);
    const accounting = { paymentAccounts: [{ gateway: "paypal", account: "PayPal - A" }], cashBankAccount: "Bank - A" };
    expect(gatewayFinding(accounting as never, seen!)).toMatchObject({ state: "ok", saw: "shopify_payments" });
    const two = { ...seen!, gateways: ["shopify_payments", "paypal"] };
    expect(gatewayFinding(accounting as never, two)).toMatchObject({
      state: "limited",
      saw: 'recent orders were paid by "shopify_payments", which goes to "Bank - A"',
    });
  });

  it.each<{ twice?: readonly string[]; booksApp: boolean; state: string; saw: string }>([
    { twice: ["A", ""], booksApp: false, state: "ok", saw: "no SKU twice" },
    { twice: ["A", "A"], booksApp: false, state: "limited", saw: 'share "A"' },
    { twice: ["A", "A"], booksApp: true, state: "ok", saw: "items of their own" },
    { booksApp: true, state: "unknown", saw: "could not be read" },
  ])("looks for SKUs of several variants ($twice, app $booksApp)", async ({ twice, booksApp, state, saw }) => {
    const nodes = twice?.map((sku) => ({ sku }));
    const answer =
      nodes === undefined
        ? error("unreachable", "no route")
        : { productVariants: { nodes: [...nodes, { sku: "" }], pageInfo: { hasNextPage: false } } };
    const { seen } = await checkShopify(fakeShop({ ...SHOP, VariantSkus: answer }), expected);
    expect(skuFinding({ booksApp }, seen!)).toMatchObject({ state, saw: expect.stringContaining(saw) as string });
  });

  it("says in which currencies buyers pay", async () => {
    const orders = {
      nodes: [recentOrder({ title: "VAT", rate: 0.19 }, [], "USD"), recentOrder({ title: "VAT", rate: 0.19 })],
    };
    const { seen } = await checkShopify(fakeShop({ ...SHOP, RecentTaxes: { orders } }), expected);
    expect(buyersCurrencyFinding(seen!).saw).toMatch(/^recent buyers also paid in USD; orders are booked in EUR/);
    expect(buyersCurrencyFinding({ ...seen!, buyersCurrencies: ["EUR"] }).saw).toBe("recent buyers paid in EUR");
  });

  it("names taxes of recent orders that have no account", async () => {
    const { seen } = await checkShopify(fakeShop(SHOP), expected);
    const accounting = { taxAccounts: [{ shopifyTax: "VAT", account: "VAT - A" }], defaultTaxAccount: "Tax - A" };
    expect(taxFinding(accounting as never, seen!)).toEqual({
      check: "shopify taxes",
      state: "limited",
      saw: 'recent orders have "VAT reduced" too, not in "accounting.taxAccounts"',
      next: 'add them, or let them be booked to "Tax - A"',
    });
  });
});
