import { lookEverywhere, ownsName } from "./look";
import { backupIn, deletionIn, errorIn } from "./destroy";
import { googleApi } from "./google";
import { foundWords, provesAbsence, receiptMarkdown, receiptName } from "./receipt";

it("asks every question, whatever becomes of the others, and is sure only of what it saw", async () => {
  const place = "Cloudflare" as const;
  const looks = await lookEverywhere([
    { place, what: "a", ask: () => Promise.resolve([]) },
    { place, what: "b", ask: () => Promise.reject(new Error("HTTP 403")) },
    { place, what: "c", ask: () => Promise.resolve(["acme-ui"]) },
  ]);
  expect(looks).toEqual([
    { place, what: "a", found: [] },
    { place, what: "b", found: undefined, because: "HTTP 403" },
    { place, what: "c", found: ["acme-ui"] },
  ]);
  expect([1, 2, 3].map((count) => provesAbsence(looks.slice(0, count)))).toEqual([true, false, false]);
  expect(looks.map(({ found, because }) => foundWords(found, because))).toEqual([
    "nothing",
    "**could not be looked at**: HTTP 403",
    "**acme-ui**",
  ]);
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
    kept: [],
    looks: [{ place: "Google Cloud", what: "disks", found: ["acme-erpnext-data"] }],
    stackRemoved: true,
  });
  expect(page).toContain("# Teardown of acme: something is left or unseen");
  expect(page).toContain("| Google Cloud | disks | **acme-erpnext-data** |");
  expect(page).toContain("- webhook subscription ORDERS_PAID");
  expect(receiptName("acme", "2026-11-26T20:45:01.123Z")).toBe("teardown-acme-20261126-204501");
});
