import type { Examination } from "../doctor/examine";
import { GitHubClient } from "../github/client";
import { keepIssues, planIssues, readMarker } from "../github/issues";
import { GitHubStandIn } from "../github/testing/github-stand-in";
import { HEALTH_LABEL, healthIssues, healthSummary, isHealthy, type Health } from "./health";

const COMMIT = "0123456789abcdef0123";

const check = (id: string, state: Examination["state"], saw = "seen"): Examination => ({
  ...{ id, state, saw, group: "server", title: `title of ${id}`, looksAt: "there", why: "because" },
  ...(state === "bad" || state === "warn" ? { next: "run this" } : {}),
});
const well: Health = { customer: "acme", checks: [check("workers", "ok"), check("expiry", "skipped")] };
const ill: Health = {
  customer: "acme",
  checks: [check("workers", "bad", "none serves short"), check("access-token", "warn", "6 days"), check("tls", "ok")],
};
const dark: Health = { customer: "acme", checks: [check("workers", "unknown", "no credentials")] };

const steps = (seen: readonly Health[], open: readonly string[] = [], known = ["acme", "beta"]): unknown[] =>
  planIssues(
    healthIssues(seen, known, COMMIT),
    open.map((body, index) => ({ number: index + 3, body })),
  ).map((step) => [step.do, step.subject]);

const bodyOf = (seen: Health): string => healthIssues([seen], ["acme"], COMMIT).findings[0]?.body ?? "";

test("an issue says what is wrong and what to do, by a marker that ages and counts do not change", () => {
  expect(bodyOf(ill)).toMatchInlineSnapshot(`
    "<!-- erpnext-health: acme ebb043623d59a7e8 -->
    \`./stack doctor acme\` finds 1 well, 1 wrong, 1 worth a look.

    - **wrong** \`workers\` title of workers: none serves short.
      To do: run this.
    - worth a look \`access-token\` title of access-token: 6 days.
      To do: run this.

    <sub>Seen at commit \`0123456789ab\`. This issue is closed by itself once nothing is wrong any more.</sub>"
  `);
  const older: Health = { ...ill, checks: ill.checks.map((one) => ({ ...one, saw: "another number" })) };
  expect(readMarker(HEALTH_LABEL, bodyOf(older))).toEqual(readMarker(HEALTH_LABEL, bodyOf(ill)));
  expect([isHealthy(well), isHealthy(ill), isHealthy(dark)]).toEqual([true, false, false]);
  expect(healthSummary([well, ill])).toContain("- `acme`: 1 well, 1 wrong, 1 worth a look");
});

test("one issue a customer: opened, kept, brought up to date, closed when it is cured, and not when nothing was seen", () => {
  const another: Health = { ...ill, checks: [check("tls", "bad")] };
  expect([
    steps([ill]),
    steps([ill], [bodyOf(ill)]),
    steps([another], [bodyOf(ill)]),
    steps([well], [bodyOf(ill)]),
    steps([dark], [bodyOf(ill)]),
    steps([], [bodyOf(ill)]),
    steps([], [bodyOf(ill)], ["beta"]),
    steps([ill], ["<!-- erpnext-drift: acme 0123456789abcdef -->"]),
  ]).toEqual([
    [["open", "acme"]],
    [["keep", "acme"]],
    [["update", "acme"]],
    [["close", "acme"]],
    [["keep", "acme"]],
    [["keep", "acme"]],
    [["close", "acme"]],
    [["open", "acme"]],
  ]);
});

test("no secret of a check's words gets into an issue", () => {
  const leaky: Health = { customer: "acme", checks: [check("token", "bad", `shpat_${"0".repeat(32)} was refused`)] };
  expect(bodyOf(leaky)).not.toContain("shpat_0");
});

test("GitHub gets the issue under its own label", async () => {
  const github = await GitHubStandIn.start();
  try {
    const client = new GitHubClient({ repository: "agency/erpnext", token: "test-token", apiUrl: github.url });
    const lines = (await keepIssues(client, healthIssues([ill], ["acme"], COMMIT))).map(({ line }) => line);
    expect(lines).toEqual([expect.stringMatching(/^acme: issue #\d+ opened$/)]);
  } finally {
    await github.close();
  }
});
