import { STACK } from "../session";
import { succeeded, useWarmSession } from "./testing";

/** A subscription is deleted in the night, and orders are placed before it is seen. The tests follow one another. */

const holder = useWarmSession();

interface Closed {
  readonly applied: boolean;
  readonly since: string;
  readonly lost: readonly string[];
  readonly coverage: { readonly shopify: number };
  readonly results: readonly { readonly id: string; readonly outcome: string }[];
  readonly open: readonly unknown[];
}

async function closeGaps(args: readonly string[]): Promise<Closed> {
  const run = succeeded(await holder.session.operator(["close-gaps", ...args, "--json"]));
  return (JSON.parse(run.stdout) as { customers: [Closed] }).customers[0];
}

function erpnext() {
  const { erpnext: standIn } = holder.session.world.vm;
  if (standIn === undefined) throw new Error("ERPNext is not up");
  return standIn;
}

const HOUR_MS = 3_600_000;
const hook = (): readonly string[] =>
  holder.session.world.shopify.subscriptions().map(({ topic, uri }) => `${topic} ${uri}`);
const there = (): unknown[] =>
  erpnext()
    .documents("Sales Order")
    .map((order) => order["shopify_order_id"]);
const remembered = (): string[] =>
  erpnext()
    .documents("Comment")
    .map(({ content }) => content as string);
let healed: string[];

test("a lost subscription is made again, and what was placed meanwhile is delivered", async () => {
  const { session } = holder;
  const { shopify } = session.world;
  succeeded(await session.up());
  const before = [...hook()].sort();
  const shop = shopify.shop();
  shopify.loseSubscription("ORDERS_CREATE");
  const placed = [1, 2, 3].map((hours) =>
    String(shop.createOrder({ createdAt: new Date(Date.now() - hours * HOUR_MS) }).id),
  );
  await shopify.waitForDeliveries();
  expect(there()).toEqual([]);

  const closed = await closeGaps(["--apply"]);
  expect([closed.applied, closed.lost, closed.open]).toEqual([true, ["ORDERS_CREATE"], []]);
  expect(new Set(closed.results.map(({ outcome }) => outcome))).toEqual(new Set(["healed"]));
  healed = closed.results.map(({ id }) => id).sort();
  // And the youngest of the shop's own history, which was never delivered.
  expect(healed).toEqual(expect.arrayContaining(placed));
  expect([...hook()].sort()).toEqual(before);
  expect(there().sort()).toEqual(healed);
});

test("ERPNext tells what was done, by which user and to which order, and the connector knows the new subscription", () => {
  expect(remembered()).toEqual([
    expect.stringMatching(/^Subscribed again to ORDERS_CREATE .*, by .+ at .+$/),
    ...healed.map((): unknown =>
      expect.stringMatching(/^Order #\d+ \(\d+\): delivered orders\/create.* again; it is whole, by .+ at .+$/),
    ),
  ]);
  const [setting] = erpnext().documents("Shopify Setting");
  const rows = setting!["webhooks"] as { webhook_id: string }[];
  const ids = holder.session.world.shopify.subscriptions().map(({ id }) => String(id));
  expect(rows.map(({ webhook_id: id }) => id).sort()).toEqual(ids.sort());
});

test("the next time goes on where this one began, and has nothing to do", async () => {
  const again = await closeGaps([STACK, "--apply"]);
  expect(Date.now() - Date.parse(again.since)).toBeLessThan(HOUR_MS);
  expect([again.lost, again.results, again.open]).toEqual([[], [], []]);
  expect(remembered()).toHaveLength(1 + healed.length);
});

test("the next update takes the new subscription over", async () => {
  const { session } = holder;
  const before = [...hook()].sort();
  succeeded(await session.refresh());
  succeeded(await session.up());
  expect([...hook()].sort()).toEqual(before);
  succeeded(await session.preview(["--expect-no-changes"]));
});
