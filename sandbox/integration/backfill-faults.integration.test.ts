import { REQUEST_KEY } from "../../scripts/lib/server-request/plan";
import type { ErpnextStandIn } from "../erpnext";
import type { PulumiRun, RunOptions } from "../pulumi-runner";
import { credentialsOf } from "../shopify";
import { backfill as runBackfill, serverMetadata, type BackfillAnswer } from "./backfill-command";
import { eventually, oneLine, refusal, STACK_TRACE, succeeded, useWarmSession } from "./testing";

/**
 * What breaks in the middle of a backfill, and who else is there. Every test begins with the catalog and without orders; the
 * shop's history is 18 orders, of which 2 are of deleted products. An order takes its time, so that there is a middle.
 */
const holder = useWarmSession({ orderMs: 300 });

const IMPORT = "shopify_import_products.import_all_products";
/** How the command sees the jobs that are under way. */
const JOBS = "frappe.desk.reportview.get_list";
const ALL = { shopify: 18, inErpnext: 16, missing: { "deleted-product": 2 } };

/** What a command needs to begin on a busy machine (milliseconds). */
const PATIENCE_MS = 180_000;

const backfill = (args: readonly string[], options?: RunOptions): Promise<PulumiRun> =>
  runBackfill(holder.session, args, options);

/** Whether it is over, every window pulled, and ERPNext has all that it can have, each order once. */
function expectAll(run: PulumiRun): void {
  const { state, report, coverage } = JSON.parse(succeeded(run).stdout) as BackfillAnswer;
  expect([state, report?.windowsDone, report?.ordersDone]).toEqual(["done", report?.windowsTotal, ALL.shopify]);
  const missing = Object.entries(coverage?.missing ?? {}).filter(([, count]) => count > 0);
  expect({ ...coverage, missing: Object.fromEntries(missing) }).toMatchObject(ALL);
  expect(orders()).toHaveLength(ALL.inErpnext);
  expect(new Set(orders()).size).toBe(ALL.inErpnext);
}

function erpnext(): ErpnextStandIn {
  const { erpnext: standIn } = holder.session.world.vm;
  if (standIn === undefined) throw new Error("ERPNext is not up");
  return standIn;
}

/** Shopify's ids of ERPNext's orders; while the server is down, none. */
function orders(): unknown[] {
  const { erpnext: standIn } = holder.session.world.vm;
  return standIn?.isUp === true ? standIn.documents("Sales Order").map((order) => order["shopify_order_id"]) : [];
}

/** Some orders are there, and not yet all. */
const middle = () => eventually(() => (orders().length >= 3 ? true : undefined), PATIENCE_MS);

/** Numbers of the windows that the server has begun so far. */
function windowsPulled(): string[] {
  const journal = holder.session.world.vm.journal()["erpnext-backfill.service"] ?? "";
  return [...journal.matchAll(/^window (\d+) of \d+: /gm)].map(([, number = ""]) => number);
}

function forgetOrders(): void {
  const tables = erpnext().tables();
  for (const doctype of [
    "Sales Order",
    "Sales Invoice",
    "Payment Entry",
    "Delivery Note",
    "Ecommerce Integration Log",
  ]) {
    tables[doctype] = [];
  }
  erpnext().replaceTables(tables);
}

/** What the server was asked for last. */
function request(): unknown {
  return serverMetadata(holder.session)[REQUEST_KEY];
}

const revoked = "demo-store.myshopify.com does not accept the app's token (HTTP 401)";

test("a catalog import that someone began is followed, not doubled; a token that is revoked in the middle ends the history", async () => {
  const { session } = holder;
  const { log, shopify } = session.world;
  session.editCustomer((document) => {
    document.setIn(["sync", "deliveryNotes"], false);
  });
  succeeded(await session.up());
  erpnext().workers.stall();
  await session.frappe().call(`ecommerce_integrations.shopify.page.shopify_import_products.${IMPORT}`);
  log.clear();
  const running = backfill(["--apply"]);
  await eventually(() => log.entries.find(({ path }) => path.includes(JOBS)), PATIENCE_MS);
  erpnext().workers.resume();
  await middle();
  shopify.revokeToken(session.world.stackConfig().secret["shopifyAdminToken"]!);
  const run = await running;
  const said = oneLine(refusal(run));
  expect(run.code).toBe(1);
  expect(said).not.toMatch(STACK_TRACE);
  expect(said).toMatch(
    /history failed: [1-4] of 5 windows, \d+ of 18 orders \(.*\): the window from \S+Z failed twice: pyactiveresource\.connection\.UnauthorizedAccess for customer "demo-store"/,
  );
  expect(said).toContain(
    'Shopify refuses the connector\'s token: "pulumi config set --secret shopifyAdminToken -s demo-store" if it was revoked, then "pulumi up -s demo-store", which hands it on, then run "./stack backfill demo-store --apply" again, which goes on where it was',
  );
  expect(log.entries.filter(({ path }) => path.includes(IMPORT))).toEqual([]);
  expect(orders().length).toBeLessThan(ALL.inErpnext);
});

test("while the token is not replaced it is refused at once; with a new one the rest is pulled", async () => {
  const { session } = holder;
  const before = orders();
  expect(oneLine(refusal(await backfill(["--apply"])))).toContain(revoked);
  const token = credentialsOf("new-token.myshopify.com").custom.token;
  session.world.shopify.app("erpnext-sync").tokens.push({ token });
  await session.setConfig({ shopifyAdminToken: token }, "secret");
  succeeded(await session.up());
  expect(orders()).toEqual(before);
  expectAll(await backfill(["--apply", "--json"]));
  expect(orders().slice(0, before.length)).toEqual(before);
});

test("the server is rebooted in the middle: it goes on by itself, and so does the command that watches", async () => {
  const { vm } = holder.session.world;
  forgetOrders();
  const before = windowsPulled().length;
  const running = backfill(["--apply", "--json"]);
  await middle();
  vm.reboot();
  expectAll(await running);
  // The window that the power ended is pulled once more, and no other.
  const windows = windowsPulled().slice(before);
  expect([...new Set(windows)]).toEqual(["1", "2", "3", "4", "5"]);
  expect(windows.length).toBeLessThanOrEqual(6);
  await vm.settled();
});

test("Ctrl-C leaves it to the server; the command again watches the same one to its end", async () => {
  forgetOrders();
  const interruption = new AbortController();
  const running = backfill(["--apply"], { signal: interruption.signal });
  await middle();
  const asked = request();
  interruption.abort();
  const run = await running;
  expect(run.code).toBe(0);
  expect(run.stderr).toContain("stopping after what is under way; once more ends it at once");
  expect(run.stderr).toContain(
    'the server goes on by itself: "./stack backfill demo-store --status" shows how far, "--stop" ends it',
  );
  expectAll(await backfill(["--apply", "--json"]));
  expect(request()).toBe(asked);
});

/** The request of the other was seen by the server already, or not yet. */
const TOLD =
  /another backfill is running, \d of 5 windows done: wait for it, or stop it first|another request \("backfill"\) is still pending/;

test("two operators at once: one pull, which both see the end of or one is told of", async () => {
  forgetOrders();
  const runs = await Promise.all([backfill(["--apply", "--json"]), backfill(["--apply", "--json"])]);
  const [first, second] = runs.sort((a, b) => a.code - b.code);
  expectAll(first);
  // A second caller watches the running one.
  if (second.code === 0) expectAll(second);
  else expect(oneLine(refusal(second))).toMatch(TOLD);
});

test("the wrong shop for the stack: another shop's token, another shop's file", async () => {
  const { session } = holder;
  forgetOrders();
  const { token } = credentialsOf("other-store.myshopify.com").custom;
  await session.setConfig({ shopifyAdminToken: token }, "secret");
  expect(oneLine(refusal(await backfill(["--apply"])))).toContain(revoked);
  session.editCustomer((document) => {
    document.setIn(["shopify", "shopDomain"], "other-store.myshopify.com");
  });
  expect(oneLine(refusal(await backfill(["--apply"])))).toContain(
    '"shopify.shopDomain" is "other-store.myshopify.com" in the customer\'s file and "demo-store.myshopify.com" in the running stack',
  );
  expect(orders()).toEqual([]);
});
