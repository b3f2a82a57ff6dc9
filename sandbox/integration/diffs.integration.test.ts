import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Document } from "yaml";

import { planOf, succeeded, useWarmSession } from "./testing";

const holder = useWarmSession();

/** What a change of anything that the server reads brings with it: it is told, and waited for. */
const SERVER_IS_TOLD = ["update ready-applied [environment]", "update server-instance [metadata]"];

/** An edit of the intake file, and everything that follows from it: a line a resource. */
type Row = [what: string, edit: (document: Document) => void, plan: string[]];

const EDITS: Row[] = [
  [
    "a topic less",
    (document) => {
      document.setIn(["shopify", "topics"], ["orders/create", "orders/paid", "orders/fulfilled", "orders/cancelled"]);
    },
    [
      "delete webhooks-orders-partially-fulfilled",
      "update console-script [bindings]",
      "update ready-applied [environment]",
      "update server-instance [metadata]",
      "update settings-shopify-setting [webhooks]",
    ],
  ],
  [
    "a setting",
    (document) => {
      document.setIn(["sync", "deliveryNotes"], false);
    },
    ["update console-script [bindings]", "update settings-shopify-setting [sync_delivery_note]"],
  ],
  [
    "another member of the access list",
    (document) => {
      document.addIn(["access", "ui"], "new@agency.example");
    },
    ["update ui-people-policy [includes]"],
  ],
  [
    "another member of the console's access list",
    (document) => {
      document.addIn(["access", "console"], "new@agency.example");
    },
    ["update console-people-policy [includes]"],
  ],
  [
    "a larger machine",
    (document) => {
      document.setIn(["gcp", "machineType"], "e2-standard-8");
    },
    ["update ready-applied [environment]", "update server-instance [machineType]"],
  ],
  [
    // 1.0 is a release and 1.1 is not: the recipe is image/ from now on, no longer the one that the release keeps.
    "a new image, under a tag that is no release",
    (document) => {
      document.setIn(["erpnext", "imageTag"], "1.1");
    },
    [
      "update image-apps [buildArgs, labels, tags]",
      "update image-erpnext [context, contextHash, dockerfile, labels, tags]",
      "update ready-applied [environment]",
      "update server-instance [metadata]",
    ],
  ],
  [
    "a larger disk",
    (document) => {
      document.setIn(["gcp", "dataDiskGb"], 80);
    },
    ["update server-data [size]"],
  ],
  [
    "another shop",
    (document) => {
      document.setIn(["shopify", "shopDomain"], "other-store.myshopify.com");
    },
    [
      "replace shopify-app [shopDomain]",
      "replace webhooks-orders-cancelled [shopDomain]",
      "replace webhooks-orders-create [shopDomain]",
      "replace webhooks-orders-fulfilled [shopDomain]",
      "replace webhooks-orders-paid [shopDomain]",
      "replace webhooks-orders-partially-fulfilled [shopDomain]",
      "update console-script [bindings]",
      "update ready-applied [environment]",
      "update server-instance [metadata]",
      "update settings-shopify-setting [shopify_url, webhooks]",
    ],
  ],
  [
    "another hook host",
    (document) => {
      document.setIn(["hosts", "hook"], "in.demo-store.example");
    },
    [
      "replace monitoring-healthz [monitoredResource]",
      "update console-script [bindings]",
      "update hook-record [name]",
      "update monitoring-certificate [conditions, documentation]",
      "update monitoring-down [conditions, documentation]",
      "update ready-applied [environment]",
      "update server-instance [metadata]",
      "update settings-shopify-setting [webhooks]",
      "update webhooks-orders-cancelled [uri]",
      "update webhooks-orders-create [uri]",
      "update webhooks-orders-fulfilled [uri]",
      "update webhooks-orders-paid [uri]",
      "update webhooks-orders-partially-fulfilled [uri]",
    ],
  ],
  [
    "backups kept longer than snapshots are",
    (document) => {
      document.setIn(["operations", "backupRetentionDays"], 60);
    },
    ["update backups-bucket [lifecycleRules]"],
  ],
];

/** The plan while a file is other than it was. */
async function planWith(file: string, change: () => unknown): Promise<string[]> {
  const before = readFileSync(file, "utf8");
  await change();
  try {
    return await planOf(holder.session);
  } finally {
    writeFileSync(file, before);
  }
}

describe("an edit of the intake file changes what it has to, and nothing else:", () => {
  test.each(EDITS)("%s", async (_what, edit, plan) => {
    const { session } = holder;
    expect(
      await planWith(session.customerFile(), () => {
        session.editCustomer(edit);
      }),
    ).toEqual(plan);
  });
});

test("an edit of the server's files changes its metadata only", async () => {
  const file = join(holder.session.workspace, "host/Caddyfile");
  expect(
    await planWith(file, () => {
      // A comment alone never reaches the server.
      appendFileSync(file, "# a remark\n(added) {\n}\n");
    }),
  ).toEqual(SERVER_IS_TOLD);
});

test("an edit of the image's recipe changes nothing of a customer whose image is a release's", async () => {
  const file = join(holder.session.workspace, "image/verify_image.py");
  expect(
    await planWith(file, () => {
      appendFileSync(file, "# a remark\n");
    }),
  ).toEqual([]);
});

/** A stack secret, its new value, and what follows. */
const ROTATIONS: [string, string, string[]][] = [
  [
    "shopifyApiSecret",
    "shpss_rotated",
    [
      "replace secrets-shopify-api-secret-version [secretData]",
      "update ready-applied [environment]",
      "update server-instance [metadata]",
      "update settings-shopify-setting [secretDigests]",
    ],
  ],
  [
    "shopifyAdminToken",
    "shpat_rotated",
    [
      "replace secrets-shopify-admin-token-version [secretData]",
      "update console-script [bindings]",
      "update ready-applied [environment]",
      "update server-instance [metadata]",
      "update settings-shopify-setting [secretDigests]",
      "update shopify-app [credentialDigest]",
    ],
  ],
];

test.each(ROTATIONS)("a rotated %s reaches its users, and the server is told to read it again", async (...row) => {
  const [key, value, plan] = row;
  const { session } = holder;
  const file = join(session.workspace, "customers/Pulumi.demo-store.yaml");
  expect(await planWith(file, () => session.setConfig({ [key]: value }, "secret"))).toEqual(plan);
});

describe("several edits in one up", () => {
  const INSTANCE = "gcp:compute/instance:Instance";
  const DISK = "gcp:compute/disk:Disk";

  test("change what they say, keep server and disk, and leave nothing to do", async () => {
    const { session } = holder;
    const { cloud, shopify, vm } = session.world;
    const [instance] = cloud.resources(INSTANCE);
    const [disk] = cloud.resources(DISK);
    const secret = "shpss_rotated";
    shopify.app("erpnext-sync").secrets = [secret];
    await session.setConfig({ shopifyApiSecret: secret }, "secret");
    session.editCustomer((document) => {
      document.setIn(["shopify", "topics"], ["orders/create", "orders/paid"]);
      document.setIn(["gcp", "machineType"], "e2-standard-8");
      document.setIn(["gcp", "dataDiskGb"], 80);
      document.setIn(["erpnext", "imageTag"], "1.1");
      document.setIn(["hosts", "hook"], "in.demo-store.example");
    });
    succeeded(await session.up());

    expect(cloud.resources(INSTANCE)).toMatchObject([
      { createdAt: instance?.createdAt, inputs: { machineType: "e2-standard-8" } },
    ]);
    expect(cloud.resources(DISK)).toMatchObject([{ createdAt: disk?.createdAt, inputs: { size: 80 } }]);
    const [setting] = vm.erpnext?.documents("Shopify Setting") ?? [];
    expect(setting).toMatchObject({
      shared_secret: secret,
      webhooks: [{ method: "orders/create" }, { method: "orders/paid" }],
    });
    expect(
      shopify
        .subscriptions()
        .map(({ topic, uri }) => [topic, new URL(uri).host])
        .sort(),
    ).toEqual([
      ["ORDERS_CREATE", "in.demo-store.example"],
      ["ORDERS_PAID", "in.demo-store.example"],
    ]);
    succeeded(await session.preview(["--expect-no-changes"]));
  });

  test("and a delivery gets through the new door, signed with the new secret", async () => {
    const { shopify, vm } = holder.session.world;
    const order = shopify.shop().createOrder();
    await shopify.waitForDeliveries();
    await vm.forwarded();
    expect(shopify.deliveries().map(({ state }) => state)).toEqual(["delivered"]);
    expect(vm.erpnext?.documents("Sales Order", { shopify_order_id: String(order.id) })).toHaveLength(1);
  });
});
