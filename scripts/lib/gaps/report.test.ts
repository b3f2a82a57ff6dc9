import { summarize } from "../../../reconciliation/coverage";
import { planIssues } from "../github/issues";
import type { ClosedGaps } from "./close-gaps";
import { gapsIssues, gapsSummary, isClosed, lineOf, type CustomerGaps } from "./report";

const closed: ClosedGaps = {
  customer: "acme",
  applied: true,
  since: "2026-11-30T03:47:00.000Z",
  lost: ["ORDERS_CREATE"],
  coverage: summarize({}, undefined),
  curable: 1,
  results: [{ id: "5800000001001", name: "#1001", outcome: "healed", delivered: ["orders/create"], why: "" }],
  open: [],
  complete: true,
};
const left: ClosedGaps = {
  ...closed,
  lost: [],
  open: [{ id: "5800000001004", name: "#1004", why: "deleted-product: its product is gone" }],
};
const onlySeen: ClosedGaps = {
  ...closed,
  applied: false,
  results: [],
  open: [{ id: "5800000001001", name: "#1001", why: "it has not been delivered again" }],
};
const dark: CustomerGaps = { customer: "acme", failure: "the server does not answer" };

const issue = (seen: CustomerGaps): string => gapsIssues([seen], ["acme"]).findings[0]?.body ?? "";
const steps = (seen: readonly CustomerGaps[], open: readonly string[], known = ["acme"]): unknown[] =>
  planIssues(
    gapsIssues(seen, known),
    open.map((body, index) => ({ number: index + 1, body })),
  ).map((step) => step.do);

test("what was cured by itself opens no issue; what is left for a person does, with the command that helps", () => {
  expect([isClosed(closed), isClosed(left), isClosed(onlySeen), isClosed(dark)]).toEqual([true, false, false, false]);
  expect(issue(closed)).toBe("");
  expect(issue(left)).toContain("- #1004 (`5800000001004`): deleted-product: its product is gone");
  expect(issue(left)).toContain("To do: run `./stack heal acme --order <order>`");
  expect(issue(onlySeen)).toContain("- Shopify does not deliver `ORDERS_CREATE`");
  expect(issue(onlySeen)).toContain(
    "To do: run `./stack close-gaps acme --apply`, or set `operations.closeGaps` to true in customers/acme.yaml",
  );
});

test("an issue is opened, kept, closed once all is there, and left alone when nothing could be seen", () => {
  expect([
    steps([left], []),
    steps([left], [issue(left)]),
    steps([closed], [issue(left)]),
    steps([dark], [issue(left)]),
    steps([dark], []),
    steps([], [issue(left)], ["beta"]),
  ]).toEqual([["open"], ["keep"], ["close"], ["keep"], [], ["close"]]);
});

test("a line says since when was compared and what was done", () => {
  expect(lineOf(closed)).toMatch(
    /^compared what Shopify changed since 2026-11-30T03:47:00.000Z: .+; subscribed again to ORDERS_CREATE; 1 of 1 orders healed$/,
  );
  expect(lineOf(onlySeen)).toMatch(
    /not subscribed to ORDERS_CREATE; 1 orders can be healed; 1 orders are left for people$/,
  );
  expect(lineOf({ ...closed, complete: false })).toMatch(/it was not seen to its end$/);
  expect(gapsSummary([dark])).toBe("## Gaps\n\n- `acme`: the server does not answer");
});
