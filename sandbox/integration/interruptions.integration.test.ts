import type { RunOptions } from "../pulumi-runner";
import { STACK } from "../session";
import { printed } from "../pulumi-output";
import { succeeded, useSession } from "./testing";

const holder = useSession();

const INSTANCE = "gcp:compute/instance:Instance";

/** Aborts when the engine prints a line that matches. */
function when(line: RegExp): { signal: AbortSignal; onLine: (printed: string) => void } {
  const controller = new AbortController();
  return {
    signal: controller.signal,
    onLine: (text) => {
      if (line.test(text)) controller.abort();
    },
  };
}

async function interruptedUp(options: RunOptions): Promise<string> {
  const run = await holder.session.up([], options);
  expect(run.code).not.toBe(0);
  return printed(run);
}

/** All is there, once. */
async function expectWhole(): Promise<void> {
  const { session } = holder;
  const { cloud, shopify, vm } = session.world;
  expect(
    shopify
      .subscriptions()
      .map(({ topic }) => topic)
      .sort(),
  ).toEqual(["ORDERS_CANCELLED", "ORDERS_CREATE", "ORDERS_FULFILLED", "ORDERS_PAID", "ORDERS_PARTIALLY_FULFILLED"]);
  expect(cloud.resources(INSTANCE)).toHaveLength(1);
  expect(cloud.resources("gcp:compute/disk:Disk")).toHaveLength(1);
  expect(vm.erpnext?.documents("Shopify Setting")[0]).toMatchObject({ enable_shopify: 1 });
  succeeded(await session.preview(["--expect-no-changes"]));
}

afterEach(async () => {
  succeeded(await holder.session.destroy());
  await holder.session.world.vm.settled();
  expect(holder.session.world.cloud.leftovers()).toEqual([]);
  expect(holder.session.world.shopify.subscriptions()).toEqual([]);
});

test("Ctrl-C while the cloud is being built ends in order; the next up goes on", async () => {
  await interruptedUp(when(/server-data created/));
  expect(holder.session.world.shopify.subscriptions()).toEqual([]);
  succeeded(await holder.session.up());
  await expectWhole();
});

test("Ctrl-C while the server is waited for ends the waiting; the next up goes on", async () => {
  const began = Date.now();
  await interruptedUp(when(/ready-applied creating/));
  expect(Date.now() - began).toBeLessThan(60_000);
  succeeded(await holder.session.up());
  await expectWhole();
});

test("a killed engine leaves a lock, which pulumi cancel takes away; the next up adopts what was made meanwhile", async () => {
  const { session } = holder;
  const { signal, onLine } = when(/webhooks-orders-\S+ creating/);
  await interruptedUp({ kill: signal, onLine });
  const locked = await session.up();
  expect(locked.code).not.toBe(0);
  expect(printed(locked)).toContain("pulumi cancel");
  succeeded(await session.pulumi.run(["cancel", "--yes", STACK]));
  succeeded(await session.up());
  await expectWhole();
});
