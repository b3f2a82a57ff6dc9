import { REQUEST_KEY } from "../../scripts/lib/server-request/plan";
import { HISTORY_EVENT } from "../erpnext/fixtures";
import { printed } from "../pulumi-output";
import type { PulumiRun, RunOptions } from "../pulumi-runner";
import { backfill as runBackfill, serverMetadata, type BackfillAnswer } from "./backfill-command";
import { oneLine, refusal, STACK_TRACE, succeeded, useWarmSession } from "./testing";

const holder = useWarmSession();

const EVENT = HISTORY_EVENT.name;
const APP = "erpnext-sync";

const backfill = (args: readonly string[], options?: RunOptions): Promise<PulumiRun> =>
  runBackfill(holder.session, args, options);

async function answer(args: readonly string[]): Promise<BackfillAnswer> {
  return JSON.parse(succeeded(await backfill([...args, "--json"])).stdout) as BackfillAnswer;
}

const documents = (doctype: string) => holder.session.world.vm.erpnext?.documents(doctype) ?? [];
const metadataKeys = (): string[] => Object.keys(serverMetadata(holder.session)).sort();
const event = () => documents("Scheduled Job Type").find(({ name }) => name === EVENT);
const orderIds = () => documents("Sales Order").map((order) => order["shopify_order_id"]);

test("without --apply the plan is shown and nothing is changed", async () => {
  const before = metadataKeys();
  const { plan } = await answer([]);
  expect(plan?.catalog).toMatchObject({ synced: 0 });
  expect(plan?.history?.windows.length).toBeGreaterThan(1);
  expect(plan?.history?.windows.every(({ orders }) => orders > 0 && orders <= 5)).toBe(true);
  expect(printed(succeeded(await backfill([])))).toContain("nothing was changed: --apply does it");
  expect([documents("Sales Order"), documents("Ecommerce Item"), metadataKeys()]).toEqual([[], [], before]);
  expect(printed(succeeded(await backfill(["--status"])))).toContain("the history was never begun");
});

test("an app that does not see all orders is refused, unless 60 days are enough", async () => {
  const { shopify } = holder.session.world;
  const scopes = [...shopify.app(APP).scopes];
  shopify.setScopes(
    APP,
    scopes.filter((scope) => scope !== "read_all_orders"),
  );
  const said = refusal(await backfill(["--apply"]));
  expect(said).not.toMatch(STACK_TRACE);
  expect(oneLine(said)).toContain(
    'lacks the scope "read_all_orders": Shopify would show the orders of the last 60 days',
  );
  expect(documents("Ecommerce Item")).toEqual([]);
  expect((await answer(["--last-60-days"])).plan?.history).toBeDefined();
  shopify.setScopes(APP, scopes);
});

test("catalog, history and coverage: every order of Shopify's is in ERPNext or has its reason", async () => {
  const { state, report, coverage } = await answer(["--apply"]);
  expect(state).toBe("done");
  expect(report?.windowsDone).toBe(report?.windowsTotal);
  expect(coverage?.shopify).toBe(report?.ordersDone);
  expect(coverage?.inErpnext).toBe(new Set(orderIds()).size);
  expect(coverage?.missing["deleted-product"]).toBeGreaterThan(0);
  const missing = Object.values(coverage?.missing ?? {}).reduce((sum, count) => sum + count, 0);
  expect(missing).toBe(Number(coverage?.shopify) - Number(coverage?.inErpnext));
});

test("the connector's hourly event runs again, and finds nothing to pull", () => {
  expect(event()?.["stopped"]).toBe(0);
  expect(documents("Shopify Setting")[0]?.["sync_old_orders"]).toBe(0);
});

test("again it adds nothing, and says the same", async () => {
  const before = orderIds();
  expect(await answer(["--apply"])).toMatchObject({ ok: true, state: "done" });
  expect(orderIds()).toEqual(before);
});

test("an answered request leaves the server's metadata, and one that stands in it is no drift", async () => {
  const { session } = holder;
  expect(metadataKeys()).not.toContain(REQUEST_KEY);
  const { cloud } = session.world;
  const [instance] = cloud.resources("gcp:compute/instance:Instance");
  cloud.mutate(instance!, { inputs: { metadata: { ...serverMetadata(session), [REQUEST_KEY]: "{}" } } });
  expect(metadataKeys()).toContain(REQUEST_KEY);
  succeeded(await session.refresh());
  succeeded(await session.preview(["--expect-no-changes"]));
});
