import { readCustomer } from "../../../infra/customer";
import { PROJECT_DIRECTORY } from "../cli/open-customer";
import { sweepEntry, sweepLine } from "./plan";

const customer = readCustomer("demo-store", `${PROJECT_DIRECTORY}/customers`);

it.each([
  ["2026-11-25", "expired", -1, "acme: expired on 2026-11-25, 1 day ago"],
  ["2026-10-27", "expired", -30, "acme: expired on 2026-10-27, 30 days ago"],
  ["2026-11-26", "soon", 0, "acme: expires on 2026-11-26, today"],
  ["2026-12-03", "soon", 7, "acme: expires on 2026-12-03, in 7 days"],
  ["2026-12-04", "running", 8, "acme: runs until 2026-12-04"],
] as const)("on 26 November, one that expires on %s is %s", (...row) => {
  const [expiresOn, verdict, daysLeft, line] = row;
  const parsed = { ok: true as const, customer: { ...customer, expiresOn } };
  const entry = sweepEntry("acme", parsed, { today: "2026-11-26", warnDays: 7 });
  expect(entry).toEqual({ slug: "acme", verdict, expiresOn, daysLeft, faults: [] });
  expect(sweepLine(entry)[1]).toBe(line);
});

it("never sweeps production, whatever date its file says", () => {
  const parsed = {
    ok: true as const,
    customer: { ...customer, environment: "production" as const, expiresOn: "2020-01-01" },
  };
  const entry = sweepEntry("acme", parsed, { today: "2026-11-26", warnDays: 7 });
  expect([entry.verdict, ...sweepLine(entry)]).toEqual(["production", "skip", "acme: production, never swept"]);
});

it("reports a faulty file instead of passing it over", () => {
  const entry = sweepEntry("acme", { ok: false, faults: ["one", "two"] }, { today: "2026-11-26", warnDays: 7 });
  expect(entry.verdict).toBe("faulty");
  expect(sweepLine(entry)).toEqual(["bad", "acme: its file has 2 faults, so nothing was done: one"]);
});
