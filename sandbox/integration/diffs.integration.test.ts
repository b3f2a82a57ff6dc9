import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Document } from "yaml";

import { planOf, succeeded, useSession } from "./testing";

const holder = useSession();

/** What a change of anything that the server reads brings with it: it is told, and waited for. */
const SERVER_IS_TOLD = ["replace ready-applied [triggers]", "update server-instance [metadata]"];

/** An edit of the intake file, and everything that follows from it: a line a resource. */
type Row = [what: string, edit: (document: Document) => void, plan: string[]];

const EDITS: Row[] = [
  [
    "a topic less",
    (document) => {
      document.setIn(["shopify", "topics"], ["orders/create", "orders/paid", "orders/fulfilled", "orders/cancelled"]);
    },
    ["delete webhooks-orders-partially-fulfilled", "update settings-shopify-setting [values]"],
  ],
  [
    "a setting",
    (document) => {
      document.setIn(["sync", "deliveryNotes"], false);
    },
    ["update settings-shopify-setting [values]"],
  ],
  [
    "another member of the access list",
    (document) => {
      document.addIn(["access", "ui"], "new@agency.example");
    },
    ["update ui-people-policy [includes]"],
  ],
  [
    "a larger machine",
    (document) => {
      document.setIn(["gcp", "machineType"], "e2-standard-8");
    },
    ["update server-instance [machineType]"],
  ],
  [
    "a new image",
    (document) => {
      document.setIn(["erpnext", "imageTag"], "1.1");
    },
    [...SERVER_IS_TOLD, "update image-apps", "update image-erpnext"],
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
    [],
  ],
  [
    "another hook host",
    (document) => {
      document.setIn(["hosts", "hook"], "in.demo-store.example");
    },
    [],
  ],
  [
    "backups kept longer",
    (document) => {
      document.setIn(["operations", "backupRetentionDays"], 60);
    },
    [],
  ],
  [
    "a later expiry",
    (document) => {
      document.setIn(["expiresOn"], "2031-06-30");
    },
    [],
  ],
];

beforeAll(async () => {
  succeeded(await holder.session.up());
});

/** The plan while a file is other than it was. */
async function planWith(file: string, change: () => void | Promise<unknown>): Promise<string[]> {
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
    expect(await planWith(session.customerFile(), () => session.editCustomer(edit))).toEqual(plan);
  });
});

test("an edit of the server's files changes its metadata only", async () => {
  const file = join(holder.session.workspace, "host/Caddyfile");
  expect(
    await planWith(file, () => {
      appendFileSync(file, "# a remark\n");
    }),
  ).toEqual(SERVER_IS_TOLD);
});

test.each([
  ["shopifyApiSecret", "shpss_rotated0000000000000000000000", []],
  ["shopifyAdminToken", "shpat_rotated0000000000000000000000", []],
])("a rotated %s", async (key, value, plan) => {
  const { session } = holder;
  const file = join(session.workspace, "customers/Pulumi.demo-store.yaml");
  expect(await planWith(file, () => session.setConfig({ [key]: value }, "secret"))).toEqual(plan);
});
