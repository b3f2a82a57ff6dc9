import { Writable } from "node:stream";

import { summarize } from "../../../reconciliation/coverage";
import type { Finding } from "../../../reconciliation/finding";
import { NO_MONEY } from "../../../reconciliation/order-money";
import { erpnextOrder, shopifyOrder } from "../../../reconciliation/testing/world";
import { Terminal } from "../cli/terminal";
import { isWell, printReport, reportJson, type HealReport } from "./heal-report";

const money = { shopify: NO_MONEY, erpnext: NO_MONEY, tax: 0n };
const missing = (id: string, reason: "other" | "cancelled"): Finding => ({
  kind: "missing",
  id,
  reason,
  detail: "words",
  cause: null,
  said: reason === "other" ? "no such tax" : null,
  heal: reason === "other" ? "orders/create" : null,
  money,
  shopify: shopifyOrder(id),
});
const orphan: Finding = {
  kind: "orphan",
  id: "9",
  detail: "SO-9 is alone",
  cause: null,
  said: null,
  heal: null,
  money,
  erpnext: erpnextOrder("9"),
};
const healed = { id: "5", name: "#5", outcome: "healed", delivered: ["orders/create"], why: "" } as const;
const failed = { id: "6", name: "#6", outcome: "failed", delivered: ["orders/create"], why: "no such tax" } as const;

function report(more: Partial<HealReport> = {}): HealReport {
  const curable = [missing("5", "other"), missing("6", "other")];
  const others = [missing("7", "cancelled"), orphan];
  return { customer: "acme", applied: false, coverage: summarize({}), curable, left: 1, others, results: [], ...more };
}

function printed(given: HealReport): string {
  let text = "";
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      text += String(chunk);
      done();
    },
  });
  printReport(new Terminal({ json: false, stdout: stream, stderr: stream }), given);
  return text;
}

test("a look lists what can be delivered and says that nothing was", () => {
  const text = printed(report());
  expect(text).toContain("acme: 0 of 0 orders are in ERPNext.");
  expect(text).toMatch(
    /No delivery helps these:[^]*missing: cancelled[^]*SO-9 is alone[^]*These can be delivered again:/,
  );
  expect(text).toContain("other: Nothing explains why ERPNext does not have it");
  expect(text).toContain('words; the connector said "no such tax"');
  expect(text).toContain('Nothing was delivered. "--apply" delivers 1 of them.');
});

test("a run says what became of each order, and what was left out", () => {
  const text = printed(report({ applied: true, results: [healed, failed] }));
  expect(text).toContain("#5 (5) orders/create\n");
  expect(text).toContain("#6 (6) orders/create: no such tax\n");
  expect(text).toContain('1 more were left out; raise "--limit" or run it again.');
  expect(text).not.toContain("These can be delivered again:");
});

test("long lists are cut for people and whole for machines", () => {
  const curable = Array.from({ length: 31 }, (_, index) => missing(String(index + 100), "other"));
  expect(printed(report({ curable }))).toContain('and 1 more; "--json" lists all.');
  expect(reportJson(report({ curable }))).toMatchObject({ curable: { length: 31 } });
});

test("it is well when every order that was tried is healed", () => {
  expect(isWell(report())).toBe(true);
  expect(isWell(report({ results: [healed] }))).toBe(true);
  expect(isWell(report({ results: [healed, failed] }))).toBe(false);
  expect(reportJson(report({ results: [failed] }))).toMatchObject({
    ok: false,
    others: [
      { id: "7", name: "#7", reason: "missing: cancelled", detail: "words", said: null, heal: null },
      { id: "9", name: "", reason: "orphan", detail: "SO-9 is alone" },
    ],
  });
});
