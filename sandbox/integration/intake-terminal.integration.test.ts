import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { loadCustomer } from "../../customers/load";
import { startCloudflareApi, type CloudflareWorld } from "../cloudflare-api";
import { KEYS, PseudoTerminal } from "../pseudo-terminal";
import type { RestServer } from "../rest-server";
import { demoCredentials } from "../shopify";
import { useSession } from "./testing";

const holder = useSession();

const CLOUDFLARE_TOKEN = "canary-cloudflare-token-31bb07-abcdefghijklmn";

const cloudflare: CloudflareWorld = {
  accountId: "9a7806061c88ada191ed06f989cc3dac",
  zones: [{ id: "023e105f4ecef8ad9ca31a8372d0c353", name: "demo-store.example", status: "active" }],
  tokens: [{ token: CLOUDFLARE_TOKEN, owner: "user", status: "active", denied: [] }],
};

let server: RestServer;
let terminal: PseudoTerminal | undefined;

beforeAll(async () => {
  server = await startCloudflareApi(cloudflare);
});

afterEach(() => {
  terminal?.kill();
});

afterAll(async () => {
  await server.close();
});

const SLUG = "epsilon";

/** The intake at a terminal. There is no login at Google, so that its checks say that they could not be made. */
function intakeAtTerminal(): PseudoTerminal {
  const { session } = holder;
  const addresses = {
    shopifyApiUrl: session.world.urls.shopify,
    "cloudflare:baseUrl": `${server.url}/client/v4`,
  };
  const config = Object.entries(addresses).flatMap(([key, value]) => ["--config", `${key}=${value}`]);
  const command = [process.execPath, "stack", "intake", SLUG, ...config];
  terminal = new PseudoTerminal([...command, "--secrets-provider", "passphrase"], {
    cwd: session.workspace,
    environment: session.pulumi.environment,
  });
  return terminal;
}

/** What is typed at a prompt, by its first word; where nothing stands here the proposal is taken. */
type Hands = Readonly<Record<string, string>>;

const HANDS: Hands = {
  expiresOn: "2030-12-31",
  "shopify.shopDomain": "demo-store.myshopify.com",
  "shopify.app": KEYS.down,
  shopifyAdminToken: demoCredentials.custom.token,
  shopifyApiSecret: demoCredentials.custom.secret,
  "company.legalName": "Demo Store GmbH",
  "accounting.cashBankAccount": "Demo Bank - DS",
  "sync.history.from": "2020-01-01",
  "cloudflare:apiToken": CLOUDFLARE_TOKEN,
  "gcp.project": "demo-store-erpnext",
  "gcp.region": "europe-west3",
  "access.ui": "ops@agency.example",
  "operations.alertEmails": "ops@agency.example",
};

/** Answers every prompt up to one of these words, which is left unanswered. @returns that word, or undefined at the end */
async function answerUntil(at: PseudoTerminal, words: readonly string[]): Promise<string | undefined> {
  for (;;) {
    const [, word = ""] = await at.sees(/(?:^|[\r\n])\? (\S+)|is written, and the stack/);
    if (word === "" || words.includes(word)) return word === "" ? undefined : word;
    at.type(`${HANDS[word] ?? ""}${KEYS.enter}`);
    await at.sees(new RegExp(`✔ ${word.replaceAll(".", "\\.")}`));
  }
}

function read(name: string): string {
  return readFileSync(join(holder.session.workspace, "customers", name), "utf8");
}

const SECRETS = [demoCredentials.custom.token, demoCredentials.custom.secret, CLOUDFLARE_TOKEN];

test("a wrong answer is corrected on the spot, and Ctrl-C keeps the answers and no secret", async () => {
  const at = intakeAtTerminal();
  expect(await answerUntil(at, ["expiresOn"])).toBe("expiresOn");
  at.type(`soon${KEYS.enter}`);
  await at.sees(/"expiresOn" is "soon"/);
  at.type(`${KEYS.clearLine}2030-12-31${KEYS.enter}`);
  await at.sees(/✔ expiresOn 2030-12-31/);
  expect(await answerUntil(at, ["company.country"])).toBe("company.country");
  at.type(KEYS.interrupt);
  await at.sees(/the intake was stopped for customer "epsilon": run ".\/stack intake epsilon" again/);
  expect(await at.end()).toBe(1);
  const draft = read(".draft-epsilon.yaml");
  expect(draft).toContain("legalName: Demo Store GmbH");
  expect(SECRETS.filter((secret) => at.shown.includes(secret) || draft.includes(secret))).toEqual([]);
  expect(existsSync(join(holder.session.workspace, "customers", `${SLUG}.yaml`))).toBe(false);
});

test("the next run goes on where that one stopped and makes the customer, without an echo of a secret", async () => {
  const at = intakeAtTerminal();
  expect(await answerUntil(at, ["go"])).toBe("go");
  at.type(KEYS.enter);
  expect(await answerUntil(at, [])).toBeUndefined();
  expect(await at.end()).toBe(0);
  expect(at.shown).not.toMatch(/\? (environment|expiresOn|company\.legalName)/);
  expect(SECRETS.filter((secret) => at.shown.includes(secret))).toEqual([]);
  const written = loadCustomer(SLUG, join(holder.session.workspace, "customers"));
  if (!written.ok) throw new Error(written.faults.join("; "));
  const { environment, expiresOn, company, hosts, gcp } = written.customer;
  expect({ environment, expiresOn, legalName: company.legalName, currency: company.currency }).toEqual({
    environment: "test",
    expiresOn: "2030-12-31",
    legalName: "Demo Store GmbH",
    currency: "EUR",
  });
  expect([hosts.ui, gcp.zone]).toEqual(["erp.demo-store.example", "europe-west3-a"]);
  const { stdout } = await holder.session.pulumi.must(["config", "get", "shopifyAdminToken", "--stack", SLUG]);
  expect(stdout.trim()).toBe(demoCredentials.custom.token);
  expect(read(`Pulumi.${SLUG}.yaml`)).not.toContain(demoCredentials.custom.token);
  expect(existsSync(join(holder.session.workspace, "customers", `.draft-${SLUG}.yaml`))).toBe(false);
});
