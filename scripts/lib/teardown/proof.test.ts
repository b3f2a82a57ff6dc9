import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { demoCustomer } from "../../../infra/testing/demo-customer";
import { earlierReceipts, type EarlierReceipt } from "./earlier-receipts";
import type { Look } from "./look";
import { provesAbsence, standOn } from "./proof";
import { verdictLines } from "./verdicts";

const NOTHING: Look = { place: "Cloudflare", what: "tunnels", found: [], kept: [] };
const LEFT: Look = { place: "Cloudflare", what: "DNS records", found: ["A erp.acme.example"], kept: [] };
const KEPT: Look = { place: "Google Cloud", what: "disks", found: [], kept: ["acme-erpnext-data"] };
const UNSEEN: Look = {
  place: "Shopify",
  what: "subscriptions",
  found: undefined,
  kept: [],
  because: "no credentials",
  how: "set SHOPIFY_ADMIN_TOKEN",
};
const PROVEN: Look = { ...UNSEEN, provenAt: "2026-11-20T10:00:00.000Z" };

it.each([
  ["all of it was looked at", [NOTHING, KEPT], true],
  ["something is left", [NOTHING, LEFT], false],
  ["something is left where an earlier receipt saw nothing", [LEFT, PROVEN], false],
  ["one could not be looked at", [NOTHING, UNSEEN], false],
  ["one stands on an earlier receipt", [NOTHING, PROVEN], true],
  ["all of it stands on an earlier receipt, and nothing was looked at now", [PROVEN], false],
  ["nothing was asked", [], false],
] as const)("when %s, that nothing is left is proven: %#", (_what, looks, proven) => {
  expect(provesAbsence(looks)).toBe(proven);
});

function receipt(day: string, found: readonly string[] | undefined, stackWasThere: boolean): EarlierReceipt {
  const { place, what } = UNSEEN;
  const looks = [{ place, what, ...(found === undefined ? {} : { found: [...found] }) }];
  return { customer: "acme", shopDomain: "s", project: "p", startedAt: `${day}T10:00:00.000Z`, stackWasThere, looks };
}

it.each([
  ["the newest that looked", [receipt("2026-11-22", undefined, false), receipt("2026-11-20", [], true)], "2026-11-20"],
  ["none, where the newest that looked found something", [receipt("2026-11-20", ["X"], true)], undefined],
  [
    "none that is older than the last stack",
    [receipt("2026-11-22", undefined, true), receipt("2026-11-20", [], true)],
    undefined,
  ],
  ["none, where no receipt ended a stack", [receipt("2026-11-20", [], false)], undefined],
  ["none, where there is no receipt", [], undefined],
])("what cannot be looked at stands on %s", (_what, receipts, day) => {
  const [look] = standOn([UNSEEN], receipts);
  expect(look?.provenAt?.slice(0, 10)).toBe(day);
});

it("lets no receipt stand for what was looked at", () => {
  expect(standOn([{ ...UNSEEN, found: ["X"] }], [receipt("2026-11-20", [], true)])).toEqual([
    { ...UNSEEN, found: ["X"] },
  ]);
});

describe("receipts in a directory", () => {
  const directory = mkdtempSync(join(tmpdir(), "receipts-"));
  const customer = demoCustomer();

  afterAll(() => {
    rmSync(directory, { recursive: true });
  });

  it("are this customer's, shop's and project's, the newest first; what is no receipt is passed over", () => {
    const ours = {
      ...receipt("2026-11-20", [], true),
      customer: customer.slug,
      shopDomain: customer.shopify.shopDomain,
      project: customer.gcp.project,
    };
    const files: Record<string, unknown> = {
      "teardown-demo-store-1.json": ours,
      "teardown-demo-store-2.json": { ...ours, startedAt: "2026-11-21T10:00:00.000Z" },
      "teardown-demo-store-3.json": { ...ours, project: "another" },
      "teardown-demo-store-4.json": { ...ours, shopDomain: "another.myshopify.com" },
      "teardown-demo-store-eu-1.json": { ...ours, customer: "demo-store-eu" },
      "teardown-demo-store-5.json": { ok: true },
    };
    Object.entries(files).forEach(([name, content]) => {
      writeFileSync(join(directory, name), JSON.stringify(content));
    });
    writeFileSync(join(directory, "teardown-demo-store-6.json"), "{");
    writeFileSync(join(directory, "teardown-demo-store-1.md"), "# Teardown");
    expect(earlierReceipts(directory, customer).map(({ startedAt }) => startedAt.slice(0, 10))).toEqual([
      "2026-11-21",
      "2026-11-20",
    ]);
  });

  it("are none where the directory is not there or empty", () => {
    mkdirSync(join(directory, "empty"));
    expect([join(directory, "none"), join(directory, "empty")].map((path) => earlierReceipts(path, customer))).toEqual([
      [],
      [],
    ]);
  });
});

it("says place by place what was looked at, what is left, what stays and how to look at the rest", () => {
  expect(verdictLines([PROVEN, NOTHING, LEFT, KEPT, { ...UNSEEN, place: "Google Cloud" }])).toEqual([
    { sign: "warn", line: "Shopify: could not be looked at: no credentials" },
    { line: "    subscriptions: nothing was left on 2026-11-20T10:00:00.000Z, says the receipt of that time" },
    { sign: "bad", line: "Cloudflare: left: DNS records: A erp.acme.example" },
    { sign: "ok", line: "Google Cloud: 1 of 2 kinds looked at: nothing left but what is kept on purpose" },
    { sign: "warn", line: "Google Cloud: kept on purpose: disks: acme-erpnext-data" },
    { sign: "warn", line: "Google Cloud: could not be looked at: no credentials" },
    { line: "    subscriptions: set SHOPIFY_ADMIN_TOKEN" },
  ]);
  expect(verdictLines([NOTHING])).toEqual([{ sign: "ok", line: "Cloudflare: looked at: nothing left" }]);
});
