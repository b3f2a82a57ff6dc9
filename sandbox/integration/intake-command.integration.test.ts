import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { loadCustomer } from "../../customers/load";
import { startCloudflareApi, type CloudflareWorld } from "../cloudflare-api";
import { startGoogleApi, type GoogleWorld } from "../google-api";
import { printed } from "../pulumi-output";
import type { PulumiRun, RunOptions } from "../pulumi-runner";
import type { RestServer } from "../rest-server";
import { demoCredentials } from "../shopify";
import { oneLine, outage, STACK_TRACE, succeeded, useSession } from "./testing";

const holder = useSession();

const CLOUDFLARE_TOKEN = "canary-cloudflare-token-77aa01-abcdefghijklmn";
const GOOGLE_TOKEN = "canary-google-token-90cd12";

const cloudflare: CloudflareWorld = {
  accountId: "9a7806061c88ada191ed06f989cc3dac",
  zones: [{ id: "023e105f4ecef8ad9ca31a8372d0c353", name: "demo-store.example", status: "active" }],
  tokens: [{ token: CLOUDFLARE_TOKEN, owner: "user", status: "active", denied: [] }],
};
const google: GoogleWorld = {
  token: GOOGLE_TOKEN,
  project: "demo-store-erpnext",
  billingEnabled: true,
  computeEnabled: true,
  zones: { "europe-west3-a": ["e2-standard-4"] },
};

let servers: { cloudflare: RestServer; google: RestServer };
let scratch: string;

beforeAll(async () => {
  servers = { cloudflare: await startCloudflareApi(cloudflare), google: await startGoogleApi(google) };
  scratch = mkdtempSync(join(tmpdir(), "erpnext-intake-"));
});

afterAll(async () => {
  await servers.cloudflare.close();
  await servers.google.close();
  rmSync(scratch, { recursive: true, force: true });
});

/** The demo store under another name, as a file of answers. */
function answers(slug: string, change: (yaml: string) => string = (yaml) => yaml): string {
  const yaml = readFileSync(holder.session.customerFile(), "utf8").replace("slug: demo-store", `slug: ${slug}`);
  const file = join(scratch, `${slug}.yaml`);
  writeFileSync(file, change(yaml));
  return file;
}

function secretFile(name: string, value: string, mode = 0o600): string {
  const file = join(scratch, name);
  rmSync(file, { force: true });
  writeFileSync(file, `${value}\n`, { mode });
  return file;
}

/** The options that point an intake at the stand-ins; the credentials come from the environment. */
function intake(args: readonly string[], options: RunOptions = {}): Promise<PulumiRun> {
  const { session } = holder;
  const addresses = {
    shopifyApiUrl: session.world.urls.shopify,
    "cloudflare:baseUrl": `${servers.cloudflare.url}/client/v4`,
    "gcp:resourceManagerV3CustomEndpoint": `${servers.google.url}/v3/`,
    "gcp:resourceManagerCustomEndpoint": `${servers.google.url}/v1/`,
    "gcp:cloudBillingCustomEndpoint": `${servers.google.url}/v1/`,
    "gcp:computeCustomEndpoint": `${servers.google.url}/compute/v1/`,
  };
  const config = args.includes("--check")
    ? []
    : Object.entries(addresses).flatMap(([key, value]) => ["--config", `${key}=${value}`]);
  const environment = {
    SHOPIFY_ADMIN_TOKEN: demoCredentials.custom.token,
    SHOPIFY_API_SECRET: demoCredentials.custom.secret,
    CLOUDFLARE_API_TOKEN: CLOUDFLARE_TOKEN,
    GOOGLE_OAUTH_ACCESS_TOKEN: GOOGLE_TOKEN,
    ...options.environment,
  };
  return session.operator(["intake", ...args, ...config], { ...options, environment });
}

function customersDirectory(): string {
  return join(holder.session.workspace, "customers");
}

function filesOf(slug: string): string[] {
  return readdirSync(customersDirectory()).filter((name) => name.includes(slug) && !name.startsWith("Pulumi.demo"));
}

async function hasStack(slug: string): Promise<boolean> {
  const { stdout } = await holder.session.pulumi.must(["stack", "ls", "--json"]);
  return (JSON.parse(stdout) as { name: string }[]).some(({ name }) => name === slug);
}

/** A run that has to be refused, with nothing made. @returns what it said, on one line */
async function refused(slug: string, run: Promise<PulumiRun>): Promise<string> {
  const { code, ...rest } = await run;
  const text = printed({ code, ...rest });
  expect([code, text]).toEqual([1, expect.not.stringMatching(STACK_TRACE)]);
  expect(filesOf(slug)).toEqual([]);
  expect(await hasStack(slug)).toBe(false);
  return oneLine(text);
}

describe("a whole intake from a file", () => {
  const seen: string[] = [];
  let run: PulumiRun;

  beforeAll(async () => {
    const stop = watchArguments(seen);
    run = await intake(["acme", "--file", answers("acme"), "--json"]);
    stop();
  });

  test("ends well and says what is next", () => {
    const result = JSON.parse(succeeded(run).stdout) as { findings: { state: string; check: string }[] };
    expect(result).toMatchObject({
      ok: true,
      customer: "acme",
      files: ["customers/acme.yaml", "customers/Pulumi.acme.yaml"],
      stack: "made",
      generated: ["automationApiKey", "automationApiSecret", "databaseRootPassword", "administratorPassword"],
    });
    expect(result.findings.filter(({ state }) => state !== "ok").map(({ check }) => check)).toEqual(["shopify secret"]);
  });

  test("writes the customer that the answers say, and no draft is left", () => {
    const written = loadCustomer("acme", customersDirectory());
    const given = loadCustomer("demo-store", customersDirectory());
    if (!written.ok || !given.ok) throw new Error("a customer has faults");
    expect(written.customer).toEqual({ ...given.customer, slug: "acme" });
    expect(filesOf("acme")).toEqual(["Pulumi.acme.yaml", "acme.yaml"]);
  });

  test("keeps every secret encrypted, and shows it nowhere", async () => {
    const { stdout } = await holder.session.pulumi.must(["config", "--json", "--show-secrets", "--stack", "acme"]);
    const config = JSON.parse(stdout) as Record<string, { value: string; secret: boolean }>;
    const secrets = Object.entries(config).filter(([, { secret }]) => secret);
    expect(secrets.map(([key]) => key).sort()).toEqual([
      "cloudflare:apiToken",
      "erpnext:administratorPassword",
      "erpnext:automationApiKey",
      "erpnext:automationApiSecret",
      "erpnext:databaseRootPassword",
      "erpnext:shopifyAdminToken",
      "erpnext:shopifyApiSecret",
    ]);
    expect(config["erpnext:automationApiKey"]?.value).toMatch(/^[0-9a-f]{32}$/);
    const places = [printed(run), seen.join("\n"), ...filesOf("acme").map((name) => read(name))];
    expect(seen.some((line) => line.includes("config\0set"))).toBe(true);
    for (const [key, { value }] of secrets)
      expect([key, places.some((text) => text.includes(value))]).toEqual([key, false]);
  });

  test("makes a stack that can be previewed", async () => {
    const preview = succeeded(await holder.session.pulumi.run(["preview", "--stack", "acme"]));
    expect(preview.stdout).toMatch(/\+ \d+ to create\n/);
  });

  test("is not written over, and can be checked again", async () => {
    const before = read("acme.yaml");
    const again = await intake(["acme", "--file", answers("acme")]);
    expect(oneLine(printed(again))).toContain(
      'customers/acme.yaml is there already for customer "acme": run "./stack intake acme --check"',
    );
    cloudflare.records = [{ name: "sync.demo-store.example", type: "A", content: "198.51.100.1" }];
    const check = await intake(["acme", "--check", "--json"]);
    cloudflare.records = [];
    const { findings, ...result } = JSON.parse(check.stdout) as { findings: { check: string; saw: string }[] };
    expect([check.code, result]).toEqual([0, { ok: true, customer: "acme" }]);
    expect(findings.find((one) => one.check === "cloudflare hosts")).toMatchObject({
      state: "limited",
      saw: "sync.demo-store.example has a record A 198.51.100.1 already",
    });
    expect(read("acme.yaml")).toBe(before);
  });

  test("the check sees a token that was taken back", async () => {
    const token = cloudflare.tokens[0]!;
    token.status = "disabled";
    const check = await intake(["acme", "--check"]);
    token.status = "active";
    expect([check.code, check.stdout]).toEqual([
      1,
      expect.stringContaining("cloudflare token · refused · the token is disabled"),
    ]);
  });

  test("the check sees that the Sync Console could not be made", async () => {
    const token = cloudflare.tokens[0]!;
    token.denied = ["database", "organizations"];
    const check = await intake(["acme", "--check"]);
    token.denied = [];
    expect([check.code, oneLine(check.stdout)]).toEqual([
      1,
      expect.stringContaining(
        "the token is refused Account / D1 / Edit (Authentication error, code 10000), Account / Access: Organizations, Identity Providers, and Groups / Read (Authentication error, code 10000)",
      ),
    ]);
  });
});

describe("refuses, and makes nothing", () => {
  const { custom, devDashboard, stranger } = demoCredentials;
  const shop = () => holder.session.world.shopify;

  test("a wrong token", async () => {
    const environment = { SHOPIFY_ADMIN_TOKEN: custom.token.replace(/.$/, (last) => (last === "0" ? "1" : "0")) };
    expect(await refused("beta", intake(["--file", answers("beta")], { environment }))).toContain(
      "shopify token · refused · demo-store.myshopify.com does not accept the app's token (HTTP 401)",
    );
  });

  test("a missing scope, and says apart that history ends", async () => {
    shop().setScopes("erpnext-sync", ["read_products", "read_orders", "read_inventory"]);
    const said = await refused("beta", intake(["--file", answers("beta")]));
    shop().setScopes("erpnext-sync", [
      ...["read_products", "read_orders", "read_all_orders", "read_customers", "read_inventory", "read_locations"],
    ]);
    expect(said).toContain("shopify scopes · refused · the app lacks read_customers");
    expect(said).toContain("shopify read_all_orders · limited · not granted: history ends 60 days back");
  });

  test("another currency, another zone, a machine that is not offered", async () => {
    const file = answers("beta", (yaml) =>
      yaml
        .replace("currency: EUR", "currency: CHF")
        .replace("zoneId: 023e", "zoneId: 123e")
        .replace("machineType: e2-standard-4", "machineType: e2-standard-8"),
    );
    const said = await refused("beta", intake(["--file", file]));
    expect(said).toContain(`shopify currency · refused · the shop's currency is "EUR" but "company.currency" is "CHF"`);
    expect(said).toContain(
      '"cloudflare.zoneId" is "123e105f4ecef8ad9ca31a8372d0c353" but demo-store.example has "023e',
    );
    expect(said).toContain('google machine · refused · europe-west3-a does not offer "e2-standard-8"');
  });

  test("another shop", async () => {
    const file = answers("beta", (yaml) => yaml.replace("demo-store.myshopify.com", "elsewhere.myshopify.com"));
    expect(await refused("beta", intake(["--file", file]))).toContain("there is no such shop");
  });

  test("the secret of another app", async () => {
    const file = answers("beta", (yaml) => yaml.replace("app: custom", "app: dev-dashboard"));
    const environment = { SHOPIFY_CLIENT_ID: devDashboard.clientId, SHOPIFY_API_SECRET: stranger.secret };
    expect(await refused("beta", intake(["--file", file], { environment }))).toContain("invalid_client");
  });

  test("an app without access to orders", async () => {
    shop().denyProtectedData("erpnext-sync", true);
    const said = await refused("beta", intake(["--file", answers("beta")]));
    shop().denyProtectedData("erpnext-sync", false);
    expect(said).toContain("This app is not approved to access the Order object");
    expect(said).toContain("give the app access to protected customer data");
  });

  test("a Shopify that is down", async () => {
    const end = outage(shop(), /graphql/);
    const said = await refused("beta", intake(["--file", answers("beta")]));
    end();
    expect(said).toMatch(/shopify token · could not be checked · .* HTTP 500, given up after 5 tries/);
  });

  test("a secret in the answers, a secret file that others may read, a secret among the options", async () => {
    const file = answers("beta", (yaml) => `${yaml}# ${custom.token}\n`);
    expect(await refused("beta", intake(["--file", file]))).toContain("what looks like a secret (not shown)");
    const open = secretFile("open", custom.secret, 0o644);
    expect(
      await refused("beta", intake(["--file", answers("beta"), "--secret-file", `shopifyApiSecret=${open}`])),
    ).toContain(`may be read by others (mode 0644): run "chmod 600 ${open}"`);
  });
});

/** A busy machine takes a minute to come that far. */
async function until(reached: () => boolean): Promise<void> {
  const deadline = Date.now() + 120_000;
  while (!reached()) {
    if (Date.now() > deadline) throw new Error("the intake did not come that far within two minutes");
    await sleep(25);
  }
}

function read(name: string): string {
  return readFileSync(join(customersDirectory(), name), "utf8");
}

/** Collects the arguments of every process of this machine that has to do with the project, until it is told to stop. */
function watchArguments(into: string[]): () => void {
  const timer = setInterval(() => {
    for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, "utf8");
        if (line.includes("acme") && !into.includes(line)) into.push(line);
      } catch {
        // It has ended meanwhile.
      }
    }
  }, 5);
  return () => {
    clearInterval(timer);
  };
}

describe("interrupted", () => {
  test("goes on where it stopped, keeping the secrets that were made up", async () => {
    const interruption = new AbortController();
    const file = answers("gamma");
    const started = intake(["gamma", "--file", file], { signal: interruption.signal });
    const stackFile = join(customersDirectory(), "Pulumi.gamma.yaml");
    await until(() => existsSync(stackFile) && readFileSync(stackFile, "utf8").includes("automationApiKey"));
    interruption.abort();
    const stopped = await started;
    expect([stopped.code, existsSync(join(customersDirectory(), "gamma.yaml"))]).toEqual([1, false]);
    expect(filesOf("gamma")).toEqual([".draft-gamma.yaml", "Pulumi.gamma.yaml"]);
    expect(read(".draft-gamma.yaml")).not.toContain(demoCredentials.custom.token);
    const key = await automationKey();
    succeeded(await intake(["gamma", "--file", file]));
    expect(await automationKey()).toBe(key);
    expect(filesOf("gamma")).toEqual(["Pulumi.gamma.yaml", "gamma.yaml"]);
  });

  async function automationKey(): Promise<string> {
    const { stdout } = await holder.session.pulumi.must(["config", "get", "automationApiKey", "--stack", "gamma"]);
    return stdout.trim();
  }

  test("by another operator who was faster: the file stays theirs", async () => {
    const started = intake(["delta", "--file", answers("delta")]);
    const stackFile = join(customersDirectory(), "Pulumi.delta.yaml");
    await until(() => existsSync(stackFile));
    writeFileSync(join(customersDirectory(), "delta.yaml"), "# someone else's\n");
    const run = await started;
    expect([run.code, oneLine(run.stderr)]).toEqual([
      1,
      expect.stringContaining('customers/delta.yaml has appeared meanwhile and is left as it is for customer "delta"'),
    ]);
    expect(read("delta.yaml")).toBe("# someone else's\n");
  });
});
