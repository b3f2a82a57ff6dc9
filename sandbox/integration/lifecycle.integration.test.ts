import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { CONNECTOR_TOPICS, connectorEvent } from "../../core/connector";
import { stackOutputsSchema } from "../../infra/outputs";
import { exportedState, succeeded, useSession } from "./testing";

const WEBHOOK_URL =
  "https://hooks.demo-store.example/api/method/ecommerce_integrations.shopify.connection.store_request_data";

const holder = useSession();

/** What a preview could leave behind outside of the clouds: in the state, or in the stack's configuration. */
function ownFiles(): Record<string, string> {
  const { pulumi, workspace } = holder.session;
  const files = [pulumi.stateDirectory, join(workspace, "customers")].flatMap((directory) =>
    readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  return Object.fromEntries(files.map((file) => [file, readFileSync(file, "utf8")]));
}

async function expectNothingWritten(command: () => Promise<unknown>): Promise<void> {
  const { world } = holder.session;
  const before = ownFiles();
  const resources = world.cloud.resources();
  world.log.clear();
  await command();
  expect(world.log.entries.length).toBeGreaterThan(0);
  expect(world.log.writes()).toEqual([]);
  expect(world.cloud.resources()).toEqual(resources);
  expect(ownFiles()).toEqual(before);
}

async function expectNothingLeft(): Promise<void> {
  const { world } = holder.session;
  await world.vm.settled();
  expect(world.cloud.leftovers()).toEqual([]);
  expect(world.shopify.subscriptions()).toEqual([]);
  expect((await exportedState(holder.session)).resources).toEqual([]);
  expect(world.vm.instance).toBeUndefined();
}

test("a first preview writes nothing, anywhere", async () => {
  await expectNothingWritten(async () => {
    const run = succeeded(await holder.session.preview());
    expect(run.stdout).toMatch(/\+ \d+ to create\n/);
  });
});

test("up makes everything, in one go", async () => {
  const { session } = holder;
  const { shopify, vm } = session.world;
  const run = succeeded(await session.up());
  expect(run.stdout).toMatch(/Resources:\n\s+\+ \d+ created\n/);
  expect(
    shopify
      .subscriptions()
      .map(({ topic, uri, format }) => [topic, uri, format])
      .sort(),
  ).toEqual([...CONNECTOR_TOPICS].sort().map((topic) => [topic, WEBHOOK_URL, "JSON"]));
  const ids = new Map(shopify.subscriptions().map(({ topic, id }) => [topic, String(id)]));
  expect(vm.erpnext?.documents("Shopify Setting")).toMatchObject([
    {
      enable_shopify: 1,
      is_old_data_migrated: 1,
      shopify_url: "demo-store.myshopify.com",
      webhooks: CONNECTOR_TOPICS.map((topic) => ({ webhook_id: ids.get(topic), method: connectorEvent(topic) })),
    },
  ]);
});

test("the outputs are what the scripts expect, and right", async () => {
  const { session } = holder;
  const { cloud, shopify, vm } = session.world;
  const { readme, ...parsed } = (await session.outputs()) as Readonly<Record<string, unknown>>;
  const outputs = stackOutputsSchema.strict().parse(parsed);
  const [tunnel] = cloud.resources("cloudflare:index/zeroTrustTunnelCloudflared:ZeroTrustTunnelCloudflared");
  const ids = new Map(shopify.subscriptions().map(({ topic, id }) => [topic, String(id)]));
  const metadata = vm.instance?.inputs["metadata"] as Record<string, string>;
  expect(outputs).toMatchObject({
    customer: "demo-store",
    environment: "test",
    shopDomain: "demo-store.myshopify.com",
    shopifyApp: { id: "gid://shopify/App/310000001", title: "ERPNext Sync" },
    allOrdersReadable: true,
    uiUrl: "https://erp.demo-store.example",
    webhookUrl: WEBHOOK_URL,
    consoleUrl: "https://sync.demo-store.example",
    healthUrl: "https://hooks.demo-store.example/healthz",
    instanceName: "demo-store-erpnext",
    project: "demo-store-erpnext",
    zone: "europe-west3-a",
    tunnelId: tunnel?.id,
    serverDigest: metadata["erpnext-digest"],
    subscriptions: CONNECTOR_TOPICS.map((topic) => ({ topic, webhookId: ids.get(topic) })),
  });
  const named = [...String(readme).matchAll(/\$\{outputs\.(\w+)\}/g)].map(([, name]) => name);
  expect(Object.keys(outputs)).toEqual(expect.arrayContaining(named));
  expect(named).not.toContain("accessClientSecret");
  expect(metadata["erpnext-env"]).toContain(`IMAGE_REF="${outputs.image}"`);
});

test("a second up, a preview and a refresh find nothing to change, and write nothing", async () => {
  const { session } = holder;
  await expectNothingWritten(async () => succeeded(await session.preview(["--expect-no-changes"])));
  await expectNothingWritten(async () =>
    succeeded(await session.run("refresh", ["--preview-only", "--expect-no-changes"])),
  );
  session.world.log.clear();
  succeeded(await session.up(["--expect-no-changes"]));
  succeeded(await session.refresh(["--expect-no-changes"]));
  expect(session.world.log.writes()).toEqual([]);
});

test("destroy leaves nothing, and asks ERPNext for nothing: its documents go with the server", async () => {
  const { session } = holder;
  session.world.log.clear();
  succeeded(await session.destroy());
  await expectNothingLeft();
  expect(session.world.log.entries.filter(({ service }) => service === "erpnext" || service === "edge")).toEqual([]);
});

test("what is destroyed can be made again, and destroyed while ERPNext is dead", async () => {
  const { session } = holder;
  succeeded(await session.up());
  await session.world.vm.erpnext?.stop();
  succeeded(await session.destroy());
  await expectNothingLeft();
});
