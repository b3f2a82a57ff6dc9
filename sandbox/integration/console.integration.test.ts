import type { StatusAnswer } from "../../console/page/api";
import { consoleApiKey } from "../../components/shared/console-user";
import { AccessTokens } from "../access/tokens";
import { LOGIN_COOKIE, TEAM_DOMAIN } from "../access/team";
import { ConsoleVisit } from "../console-visit";
import { settings } from "../vm/cloud-view";
import { exportedState, oneLine, planOf, succeeded, useWarmSession } from "./testing";

/** One update; the tests follow one another, and the last takes it all down. */

const HOST = "sync.demo-store.example";
const SCRIPT = "demo-store-erpnext-sync-console";
const SCRIPT_TYPE = "cloudflare:index/workersScript:WorkersScript";
const PERSON = "ops@agency.example";

const holder = useWarmSession();

/** Everything that someone was shown, or that the Worker wrote to its log. */
const shown: string[] = [];

function visit(email?: string): ConsoleVisit {
  const { world } = holder.session;
  return new ConsoleVisit(world, HOST, email === undefined ? undefined : world.access.signIn(HOST, email));
}

async function directly(token?: string): Promise<number> {
  const headers: Record<string, string> = token === undefined ? {} : { "cf-access-jwt-assertion": token };
  const answer = await holder.session.world.workers.fetch(SCRIPT, { method: "GET", url: `https://${HOST}/`, headers });
  shown.push(await answer.text());
  return answer.status;
}

test("an update starts no Worker, and has given the database its schema", async () => {
  const { workers, cloud } = holder.session.world;
  expect(workers.isRunning(SCRIPT)).toBe(false);
  const [database] = cloud.resources("cloudflare:index/d1Database:D1Database");
  const [applied] = await workers.query(database?.id ?? "", "SELECT name FROM applied_migrations ORDER BY name");
  expect(applied?.results[0]).toEqual({ name: "0001_console.sql" });
});

test("without a login everyone is sent to one, and only who is named gets through it", async () => {
  const { status, headers } = await visit().get("/");
  expect([status, headers.location]).toEqual([302, `https://${TEAM_DOMAIN}/cdn-cgi/access/login/${HOST}`]);
  expect(() => holder.session.world.access.signIn(HOST, "stranger@example.org")).toThrow(
    `no policy of the Access application at ${HOST} lets stranger@example.org in`,
  );
  const forged = new AccessTokens(TEAM_DOMAIN).issue("any", { email: PERSON });
  expect((await new ConsoleVisit(holder.session.world, HOST, forged).get("/")).status).toBe(302);
});

test("past the edge the Worker itself asks for Access's word, given with the new key of Access or the one before", async () => {
  const { access, cloud } = holder.session.world;
  const [application] = cloud
    .resources("cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication")
    .map(settings)
    .filter(({ domain }) => domain === HOST);
  const audience = String(application?.["aud"]);
  const before = access.tokens.issue(audience, { email: PERSON });
  access.tokens.rotate();
  expect(await directly(before)).toBe(200);
  expect(await directly(access.tokens.issue(audience, { email: PERSON }))).toBe(200);
  expect(await directly()).toBe(403);
  expect(await directly(access.tokens.issue("other-application", { email: PERSON }))).toBe(403);
  expect(await directly(new AccessTokens(TEAM_DOMAIN).issue(audience, { email: PERSON }))).toBe(403);
});

test("workers.dev leads nowhere", async () => {
  const { world } = holder.session;
  const { status } = await new ConsoleVisit(world, `${SCRIPT}.agency.workers.dev`).get("/");
  expect(status).toBe(530);
});

test("a scan finds what the known world misses, and the page says it", async () => {
  const { world } = holder.session;
  // The clock of the stand-in may have begun a minute just before.
  const clock = world.workers.fireCron(SCRIPT);
  await world.workers.fireCron(SCRIPT);
  await clock;
  const browser = visit(PERSON);
  const status = await browser.json<StatusAnswer>("/api/status");
  expect(status.scan).toMatchObject({ complete: true, running: null, trouble: null });
  expect(status.counts.orders).toMatchObject({ shopify: { value: 18 }, erpnext: { value: 0 } });
  expect(status.gapCounts).toEqual({ cancelled: 3, "deleted-product": 2, other: 13 });
  const page = await browser.get("/");
  expect([page.status, page.headers["content-type"]]).toEqual([200, "text/html; charset=UTF-8"]);
  expect(page.headers["content-security-policy"]).toContain("default-src 'none'");
  expect(page.body).toContain("Demo Store GmbH");
  const csv = await browser.get("/gaps.csv");
  expect(csv.body.trimEnd().split("\r\n")).toHaveLength(1 + 18);
  shown.push(JSON.stringify(status), page.body, JSON.stringify(page.headers), csv.body);
});

test("the Worker's own key reads what it has to, and changes nothing", async () => {
  const { session } = holder;
  const { automationApiSecret = "" } = session.world.stackConfig().secret;
  const site = session.frappe(consoleApiKey(automationApiSecret));
  const [order] = await site.list("Sales Order", { limit: 1 });
  const name = String(order?.["name"]);
  await expect(site.update("Sales Order", name, { po_no: "1" })).rejects.toThrow(/doctype access via role permission/);
  await expect(site.insert("Customer", { customer_name: "x" })).rejects.toThrow(/doctype access via role permission/);
  await expect(site.get("Shopify Setting", "Shopify Setting")).rejects.toThrow(/doctype access via role permission/);
  const [worker] = session.world.cloud.resources(SCRIPT_TYPE).map(settings);
  expect(JSON.stringify(worker)).not.toContain(automationApiSecret);
});

test("a preview then finds nothing to do", async () => {
  succeeded(await holder.session.preview(["--expect-no-changes"]));
});

interface Binding {
  readonly name: string;
  readonly text?: unknown;
}

/** The bindings of the Worker that a preview would change, and all that it printed. */
async function changedBindings(): Promise<{ names: string[]; text: string }> {
  const { stdout } = succeeded(await holder.session.preview(["--json"]));
  interface Step {
    readonly urn: string;
    readonly oldState?: { readonly inputs?: { readonly bindings?: readonly Binding[] } };
    readonly newState?: { readonly inputs?: { readonly bindings?: readonly Binding[] } };
  }
  const { steps = [] } = JSON.parse(stdout) as { steps?: readonly Step[] };
  const step = steps.find(({ urn }) => urn.endsWith("::console-script"));
  const before = step?.oldState?.inputs?.bindings ?? [];
  const after = step?.newState?.inputs?.bindings ?? [];
  const names = after.filter((binding, index) => JSON.stringify(binding) !== JSON.stringify(before[index]));
  return { names: names.map(({ name }) => name), text: stdout };
}

test("another name of the company changes the binding that holds it, and no other", async () => {
  const { session } = holder;
  session.editCustomer((document) => {
    document.setIn(["company", "legalName"], "Demo Store AG");
  });
  expect(await planOf(session)).toContain("update console-script [bindings]");
  expect((await changedBindings()).names).toEqual(["COMPANY"]);
  session.editCustomer((document) => {
    document.setIn(["company", "legalName"], "Demo Store GmbH");
  });
});

test("a rotated secret changes the Worker, and nothing shows to what", async () => {
  const { session } = holder;
  const { secret } = session.world.stackConfig();
  const rotated = "canary-automation-secret-4a55";
  await session.setConfig({ automationApiSecret: rotated }, "secret");
  expect(await planOf(session)).toContain("update console-script [bindings]");
  const diff = succeeded(await session.preview(["--diff"])).stdout;
  expect(diff).toMatch(/name: "ERPNEXT_API_SECRET"\n\s+text: \[secret\]/);
  shown.push(diff, (await changedBindings()).text);
  for (const canary of [rotated, secret["automationApiSecret"] ?? ""]) expect(shown.join("\n")).not.toContain(canary);
  await session.setConfig({ automationApiSecret: secret["automationApiSecret"] ?? "" }, "secret");
});

test("no secret is in what anyone saw, in the Worker's log, or in the state", async () => {
  const { world } = holder.session;
  shown.push(...world.workers.logged, (await exportedState(holder.session)).text);
  const [token] = world.cloud
    .resources("cloudflare:index/zeroTrustAccessServiceToken:ZeroTrustAccessServiceToken")
    .map(settings);
  const { secret } = world.stackConfig();
  const { apiSecret } = consoleApiKey(secret["automationApiSecret"] ?? "");
  const secrets = [...Object.values(secret), apiSecret, String(token?.["clientSecret"])];
  expect(secrets.filter((secret) => shown.join("\n").includes(secret))).toEqual([]);
  const [script] = world.cloud.resources(SCRIPT_TYPE).map(settings);
  expect(secrets.filter((secret) => String(script?.["content"]).includes(secret))).toEqual([]);
  expect(world.workers.logged.join("")).not.toContain(LOGIN_COOKIE);
});

test("a migration that was applied cannot be changed any more", async () => {
  const { session } = holder;
  const { cloud } = session.world;
  const [database] = cloud.resources("cloudflare:index/d1Database:D1Database");
  expect(database).toBeDefined();
  await session.world.workers.query(database?.id ?? "", "UPDATE applied_migrations SET digest = 'other';");
  succeeded(await session.refresh());
  const run = await session.up();
  expect(run.code).not.toBe(0);
  expect(oneLine(run.stdout + run.stderr)).toContain(
    '"0001_console.sql" was applied already and has another content now for customer "demo-store": take the change back, and write a new migration for it.',
  );
});

test("a destroy leaves neither Worker nor database", async () => {
  const { session } = holder;
  succeeded(await session.destroy());
  const left = session.world.cloud.resources({ provider: "cloudflare" }).map(({ type, id }) => `${type} ${id}`);
  expect(left).toEqual([]);
  expect(session.world.workers.isRunning(SCRIPT)).toBe(false);
  expect((await visit().get("/")).status).toBe(530);
});
