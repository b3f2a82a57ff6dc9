import { messagesOf } from "./run";
import { backupIn, deletionIn, errorIn, isLastBackup, needsServer, without } from "./destroy";
import { googleApi } from "./google";
import { lookEverywhere, ownsName } from "./look";
import { foundWords, receiptMarkdown, receiptName } from "./receipt";

it("asks every question, whatever becomes of the others, and tells what stays on purpose apart", async () => {
  const place = "Cloudflare" as const;
  const how = "look there";
  const looks = await lookEverywhere([
    { place, what: "a", how, ask: () => Promise.resolve([]) },
    { place, what: "b", how, ask: () => Promise.reject(new Error("HTTP 403")) },
    {
      place,
      what: "c",
      how,
      keeps: (name) => name === "acme-data",
      ask: () => Promise.resolve(["acme-ui", "acme-data"]),
    },
  ]);
  expect(looks).toEqual([
    { place, what: "a", found: [], kept: [] },
    { place, what: "b", found: undefined, kept: [], because: "HTTP 403", how },
    { place, what: "c", found: ["acme-ui"], kept: ["acme-data"] },
  ]);
  expect(looks.map(foundWords)).toEqual([
    "nothing",
    "**could not be looked at**: HTTP 403. To look: look there",
    "**acme-ui**",
  ]);
  expect(foundWords({ ...looks[1]!, provenAt: "2026-11-26T20:00:00.000Z" })).toBe(
    "nothing on 2026-11-26T20:00:00.000Z, says the receipt of that time; could not be looked at again: HTTP 403",
  );
});

it.each([
  ["acme-ui", true],
  ["acme-automation", true],
  ["acme", false],
  ["acmex-ui", false],
  ["acme-eu-ui", false],
  ["acme-europe-ui", true],
])("acme owns the name %s: %s, beside a customer acme-eu", (name, owned) => {
  expect(ownsName("acme", ["acme-eu", "beta"])(name)).toBe(owned);
});

it("reads the backup's name and the deleted resources from what the engine says", () => {
  expect(backupIn("  backup 2026-11-26T20:00:00.000Z-requested in gs://p-acme-backups\n")).toBe(
    "2026-11-26T20:00:00.000Z-requested in gs://p-acme-backups",
  );
  expect(backupIn("Resources: 40 deleted")).toBeUndefined();
  const event = (op: string, type: string) =>
    ({
      resOutputsEvent: { metadata: { op, type, urn: `urn:pulumi:acme::erpnext::${type}::server-instance` } },
    }) as never;
  expect(deletionIn(event("delete", "gcp:compute/instance:Instance"))).toBe(
    "gcp:compute/instance:Instance server-instance",
  );
  expect(deletionIn(event("same", "gcp:compute/instance:Instance"))).toBeUndefined();
  expect(deletionIn(event("delete", "erpnext:server:ErpnextServer"))).toBeUndefined();
});

it.each([
  ["command:local:Command", "ready-final-backup", true],
  ["command:local:Command", "ready-applied", false],
  ["gcp:storage/bucket:Bucket", "x-final-backup", false],
])("%s %s makes the last backup: %s", (type, name, makes) => {
  expect(isLastBackup({ type, name })).toBe(makes);
});

it.each([
  ["command:local:Command", "ready-final-backup", true],
  ["command:local:Command", "deliveries-drain-left", true],
  ["command:local:Command", "ready-applied", false],
  ["gcp:pubsub/subscription:Subscription", "deliveries-pulled", false],
])("--skip-backup forgets %s %s, which a dead server would stop: %s", (type, name, forgotten) => {
  expect(needsServer({ type, name })).toBe(forgotten);
});

it("says what became of the deliveries in Pub/Sub", () => {
  const drain = { urn: "", type: "command:local:Command", name: "deliveries-drain-left" };
  const resources = [{ ...drain, protect: false, deletionProtection: false }];
  expect(messagesOf({ resources }, { skipBackup: "acme" })).toContain("given up with --skip-backup");
  expect(messagesOf({ resources }, {})).toContain("brought to the server");
  expect(messagesOf({ resources: [] }, { skipBackup: true })).toBeUndefined();
});

it("takes the last backup out of a state, and every word of it out of the others", () => {
  const urn = (type: string, name: string): string => `urn:pulumi:acme::erpnext::${type}::${name}`;
  const backup = urn("erpnext:server:ServerReady$command:local:Command", "ready-final-backup");
  const applied = urn("erpnext:server:ServerReady$command:local:Command", "ready-applied");
  const type = "command:local:Command";
  const state = {
    manifest: { version: "v3" },
    resources: [
      { urn: applied, type },
      { urn: backup, type },
      { urn: urn("x:y:Z", "z"), type: "x:y:Z", dependencies: [applied, backup], propertyDependencies: { a: [backup] } },
      { urn: urn("x:y:Z", "w"), type: "x:y:Z", propertyDependencies: { a: null } },
    ],
  };
  expect(without(state, isLastBackup)).toEqual({
    manifest: { version: "v3" },
    resources: [
      { urn: applied, type },
      { urn: urn("x:y:Z", "z"), type: "x:y:Z", dependencies: [applied], propertyDependencies: { a: [] } },
      { urn: urn("x:y:Z", "w"), type: "x:y:Z", propertyDependencies: { a: [] } },
    ],
  });
});

it("tells what went wrong with a resource apart from the engine's last word", () => {
  const event = (severity: string, message: string) => ({ diagnosticEvent: { severity, message } }) as never;
  expect(errorIn(event("error", "<{%reset%}>deleting urn:\n  it is locked<{%reset%}>\n"))).toBe(
    "deleting urn: it is locked",
  );
  expect(errorIn(event("error", "update failed"))).toBeUndefined();
  expect(errorIn(event("warning", "it is slow"))).toBeUndefined();
});

it("reaches Google where the stack's configuration says", () => {
  const config = { "gcp:computeCustomEndpoint": "http://127.0.0.1:9/compute/v1" };
  expect(googleApi("compute", { config, token: "t" }).base).toBe("http://127.0.0.1:9/compute/v1/");
  expect(googleApi("iam", { config, token: "t" }).base).toBe("https://iam.googleapis.com/v1/");
});

it("writes a receipt that says what was found and what was not seen", () => {
  const page = receiptMarkdown({
    ok: false,
    customer: "acme",
    environment: "test",
    shopDomain: "acme.myshopify.com",
    project: "p",
    startedAt: "2026-11-26T20:45:01.123Z",
    finishedAt: "2026-11-26T20:46:01.123Z",
    stackWasThere: true,
    deleted: ["gcp:compute/instance:Instance server-instance"],
    subscriptionsDeleted: ["ORDERS_PAID"],
    lastBackup: "set in gs://b",
    messages: "given up with --skip-backup, whatever Pub/Sub still had",
    kept: [],
    looks: [{ place: "Google Cloud", what: "disks", found: ["acme-erpnext-data"], kept: [] }],
    stackRemoved: true,
  });
  expect(page).toContain("# Teardown of acme: something is left or unseen");
  expect(page).toContain("| Google Cloud | disks | **acme-erpnext-data** |");
  expect(page).toContain("- deliveries in Pub/Sub: given up with --skip-backup");
  expect(page).toContain("- webhook subscription ORDERS_PAID");
  expect(receiptName("acme", "2026-11-26T20:45:01.123Z")).toBe("teardown-acme-20261126-204501");
});
