import { addCoverage, CoverageCounter, summarize } from "../../../reconciliation/coverage";
import type { Terminal } from "../cli/terminal";
import { printCoverage } from "./coverage";

it("says what is missing and in what the others differ", () => {
  const counter = new CoverageCounter();
  for (const inErpnext of [true, true, false]) counter.order("2026-11", inErpnext);
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
  ]);
});
