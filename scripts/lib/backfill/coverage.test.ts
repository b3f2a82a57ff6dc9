import { addCoverage, CoverageCounter, summarize } from "../../../reconciliation/coverage";
import { NO_MONEY } from "../../../reconciliation/order-money";
import type { Terminal } from "../cli/terminal";
import { printCoverage } from "./coverage";

const NO_ORDER = { shopify: NO_MONEY, erpnext: NO_MONEY, tax: 0n };

it("says what is missing and in what the others differ", () => {
  const counter = new CoverageCounter();
  for (const inErpnext of [true, true, false]) counter.order("2026-11", { inErpnext, money: NO_ORDER, isFound: false });
  const [month] = Object.values(counter.counts());
  const coverage = addCoverage(counter.counts(), {
    "2026-11": {
      ...month!,
      shopify: 0,
      inErpnext: 0,
      missing: { ...month!.missing, error: 1 },
      different: { ...month!.different, "not-cancelled": 2 },
    },
  });
  const printed: unknown[] = [];
  const terminal = {
    print: (line = "") => void printed.push(line),
    table: (head: readonly string[], rows: readonly (readonly string[])[]) => void printed.push(head, ...rows),
  } as unknown as Terminal;
  printCoverage(summarize(coverage), terminal);
  expect(printed).toEqual([
    "",
    "coverage: 2 of 3 orders are in ERPNext, 66.6 %",
    ["not there because", "orders"],
    ["error", "1"],
    ["there, but different", "orders"],
    ["not-cancelled", "2"],
    expect.stringContaining("1 can be delivered again"),
    "The money of both sides agrees, month by month.",
  ]);
});

it("says 100 % only when the money agrees, and shows the months that do not", () => {
  const counter = new CoverageCounter();
  const money = { shopify: { ...NO_MONEY, gross: 44_700_000n, paid: 24_800_000n }, erpnext: NO_MONEY, tax: 0n };
  const erpnext = { ...NO_MONEY, gross: 44_700_000n, paid: 44_700_000n };
  counter.order("2026-10", { inErpnext: true, money: NO_ORDER, isFound: false });
  counter.order("2026-11", { inErpnext: true, money: { ...money, erpnext }, isFound: true });
  const printed: unknown[] = [];
  const terminal = {
    print: (line = "") => void printed.push(line),
    table: (head: readonly string[], rows: readonly (readonly string[])[]) => void printed.push(head, ...rows),
  } as unknown as Terminal;
  printCoverage(summarize(counter.counts()), terminal);
  expect(printed).toEqual([
    "",
    "coverage: 2 of 2 orders are in ERPNext, but the money differs",
    ["month", "", "gross", "tax and shipping", "refunded", "paid, net"],
    ["2026-11", "Shopify", "44.70", "0.00", "0.00", "24.80"],
    ["", "ERPNext", "44.70", "0.00", "0.00", "44.70"],
    ["", "difference", "0.00", "0.00", "0.00", "19.90"],
  ]);
});
