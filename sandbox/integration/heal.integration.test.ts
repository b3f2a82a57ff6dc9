import type { RunOptions } from "../pulumi-runner";
import { STACK } from "../session";
import { credentialsOf } from "../shopify";
import { eventually, refusal, STACK_TRACE, succeeded, useWarmSession } from "./testing";

/**
 * The shop's own history of 18 orders was never delivered: 13 of them can be, 3 were cancelled and 2 are of deleted products.
 * The tests follow one another and each takes some of the 13.
 */

const holder = useWarmSession();

interface Report {
  readonly ok: boolean;
  readonly applied: boolean;
  readonly coverage: { readonly shopify: number; readonly inErpnext: number };
  readonly curable: readonly { readonly id: string }[];
  readonly others: readonly { readonly id: string; readonly reason: string }[];
  readonly results: readonly { readonly id: string; readonly outcome: string; readonly delivered: readonly string[] }[];
}

function heal(args: readonly string[], options: RunOptions = {}) {
  return holder.session.operator(["heal", STACK, ...args], options);
}

async function report(args: readonly string[] = []): Promise<Report> {
  return JSON.parse(succeeded(await heal([...args, "--json"])).stdout) as Report;
}

function erpnext() {
  const { erpnext: standIn } = holder.session.world.vm;
  if (standIn === undefined) throw new Error("ERPNext is not up");
  return standIn;
}

/** Ids of the Sales Orders' Shopify orders; one that is there twice comes twice. */
function there(): string[] {
  return erpnext()
    .documents("Sales Order")
    .map(({ shopify_order_id: id }) => (typeof id === "string" ? id : ""))
    .sort();
}

/** Aborts once so many deliveries have arrived since now. */
async function afterDeliveries(count: number): Promise<void> {
  const before = erpnext().logs().length;
  await eventually(() => (erpnext().logs().length >= before + count ? true : undefined));
}

test("a look says what is missing and why, and delivers nothing", async () => {
  const { session } = holder;
  session.editCustomer((document) => {
    document.setIn(["sync", "deliveryNotes"], false);
  });
  succeeded(await session.up());
  const found = await report();
  expect([found.ok, found.applied, found.coverage.shopify, found.coverage.inErpnext]).toEqual([true, false, 18, 0]);
  expect(found.curable).toHaveLength(13);
  expect(found.others.map(({ id, reason }) => `${id} ${reason}`)).toEqual([
    "5800000001004 missing: deleted-product",
    "5800000001005 missing: cancelled",
    "5800000001008 missing: deleted-product",
    "5800000001010 missing: cancelled",
    "5800000001011 missing: cancelled",
  ]);
  expect(erpnext().logs()).toEqual([]);
});

test("two operators at once: one heals, the other is told who does", async () => {
  const runs = await Promise.all([heal(["--apply", "--limit", "2"]), heal(["--apply", "--limit", "2"])]);
  const [first, second] = runs.sort((a, b) => a.code - b.code);
  // The second may also come when the first is done; then it heals two more.
  if (second.code !== 0) expect(refusal(second)).toContain("another heal of this customer is running (");
  expect(first.code).toBe(0);
  expect(there()).toEqual([...new Set(there())]);
  expect(there().slice(0, 2)).toEqual(["5800000001001", "5800000001002"]);
  expect(erpnext().documents("Tag")).toEqual([]);
});

test("Ctrl-C ends it after what is under way, and the next run goes on", async () => {
  const before = there().length;
  const interruption = new AbortController();
  const running = heal(["--apply", "--in-flight", "1"], { signal: interruption.signal });
  await afterDeliveries(1);
  interruption.abort();
  const run = await running;
  expect(run.code).toBe(1);
  expect(run.stderr).toContain("stopping after what is under way");
  expect(there().length).toBeGreaterThan(before);
  expect(there().length).toBeLessThan(13);
  expect(erpnext().documents("Tag")).toEqual([]);
});

test("ERPNext restarts in the middle, and what was delivered is not delivered again", async () => {
  const before = there().length;
  const running = heal(["--apply", "--in-flight", "1", "--limit", "3"]);
  await afterDeliveries(1);
  await erpnext().stop();
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  await erpnext().start();
  succeeded(await running);
  expect(there()).toHaveLength(before + 3);
  expect(there()).toEqual([...new Set(there())]);
});

test("a single order by its name, and one that the shop does not have", async () => {
  const [next] = (await report()).curable;
  const number = Number(next!.id) - 5_800_000_000_000;
  const { results } = await report(["--apply", "--order", `#${number}`]);
  expect(results).toMatchObject([{ id: next!.id, outcome: "healed", delivered: ["orders/create"] }]);
  expect(refusal(await heal(["--order", "#99"]))).toContain("the shop shows no order #99");
});

test("a token that is revoked in the middle ends it with one sentence", async () => {
  const { session } = holder;
  const before = there().length;
  const running = heal(["--apply", "--in-flight", "1"]);
  await afterDeliveries(1);
  session.world.shopify.revokeToken(session.world.stackConfig().secret["shopifyAdminToken"]!);
  const said = refusal(await running);
  expect(said).toContain("demo-store.myshopify.com does not accept the app's token (HTTP 401)");
  expect(said).not.toMatch(STACK_TRACE);
  expect(there().length).toBeGreaterThan(before);
  expect(erpnext().documents("Tag")).toEqual([]);
});

test("a token of another shop is refused, and nothing is delivered", async () => {
  const { session } = holder;
  const before = erpnext().logs().length;
  const { token } = credentialsOf("other-store.myshopify.com").custom;
  await session.setConfig({ shopifyAdminToken: token }, "secret");
  expect(refusal(await heal(["--apply"]))).toContain(
    "demo-store.myshopify.com does not accept the app's token (HTTP 401)",
  );
  expect([erpnext().logs().length, erpnext().documents("Tag")]).toEqual([before, []]);
});

test("a file that speaks of another shop than the stack is refused before anything is asked", async () => {
  holder.session.editCustomer((document) => {
    document.setIn(["shopify", "shopDomain"], "other-store.myshopify.com");
  });
  expect(refusal(await heal(["--apply"]))).toContain(
    '"shopify.shopDomain" is "other-store.myshopify.com" in the customer\'s file and "demo-store.myshopify.com" in the running stack',
  );
});
