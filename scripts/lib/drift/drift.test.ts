import type { EngineEvent } from "@pulumi/pulumi/automation";

import { change, DISK, RECORD, step } from "../fleet/testing/previews";
import type { ResourceChange } from "../fleet/resource-change";
import { GitHubClient } from "../github/client";
import { keepIssues, markerOf, planIssues, readMarker, type OpenIssue } from "../github/issues";
import { GitHubStandIn } from "../github/testing/github-stand-in";
import { rankDrift, isInOrder, type FleetDrift, type StackDrift } from "./drift";
import { driftIssues } from "./issues";
import { Seen } from "./look-at-stack";
import { DRIFT_LABEL, driftSummary, issueBody } from "./text";

const COMMIT = "0123456789abcdef0123";
const SUBSCRIPTION = "pulumi-nodejs:dynamic/shopify:WebhookSubscription";

const looked = (stack: string, changes: readonly ResourceChange[], resources = 90): StackDrift => ({
  kind: "looked",
  stack,
  resources,
  changes,
});
const failed = (stack: string): StackDrift => ({ kind: "failed", stack, reason: "no credentials" });
const moved = change("update", RECORD, {
  name: "hook-record",
  properties: [{ path: "content", before: "203.0.113.5", after: "198.51.100.7" }],
});
const gone = change("delete", SUBSCRIPTION, { name: "webhooks-orders-paid" });

const drifting = (...changes: ResourceChange[]): FleetDrift => rankDrift([looked("acme", changes)]);
const [acme] = drifting(moved, gone).drifted;

test("the worst comes first, and what was not seen is neither in order nor drifted", () => {
  const fleet = rankDrift([
    looked("calm", []),
    looked("bent", [moved]),
    looked("lossy", [moved, gone]),
    failed("dark"),
    looked("empty", [], 0),
  ]);
  expect(fleet.drifted.map(({ stack, danger, changes }) => [stack, danger, changes.map(({ name }) => name)])).toEqual([
    ["lossy", "loses", ["webhooks-orders-paid", "hook-record"]],
    ["bent", "changes", ["hook-record"]],
  ]);
  expect([fleet.inOrder, fleet.notUp, fleet.failed]).toEqual([
    ["calm"],
    ["empty"],
    [{ stack: "dark", reason: "no credentials" }],
  ]);
  expect(isInOrder(fleet)).toBe(false);
  expect(isInOrder(rankDrift([failed("dark")]))).toBe(false);
  expect(isInOrder(rankDrift([looked("calm", []), looked("empty", [], 0)]))).toBe(true);
});

describe("the engine's events", () => {
  const seen = (...events: object[]): Seen => {
    const book = new Seen();
    events.forEach((event) => {
      book.take(event as EngineEvent);
    });
    return book;
  };
  const became = (given: Parameters<typeof step>[0]): object => ({ resOutputsEvent: { metadata: step(given) } });

  test("what a resource has become counts, not that it is being read", () => {
    const given = { op: "update", type: RECORD, name: "hook-record", old: { content: "a" }, new: { content: "b" } };
    const book = seen(
      { resourcePreEvent: { metadata: step({ ...given, op: "refresh" }) } },
      became(given),
      became({ ...given, op: "same", name: "other" }),
    );
    expect(book.resources).toBe(2);
    expect(book.changes).toEqual([{ ...moved, properties: [{ path: "content", before: "a", after: "b" }] }]);
  });

  test("what is gone has nothing new, for which the engine says null", () => {
    const metadata = {
      ...step({ op: "delete", type: SUBSCRIPTION, name: "webhooks-orders-paid", old: {} }),
      new: null,
    };
    expect(seen({ resOutputsEvent: { metadata } }).changes).toEqual([gone]);
  });

  test("where the inputs are the same, what the provider says is compared", () => {
    const metadata = step({ op: "update", type: RECORD, name: "hook-record", old: { zone: "z" }, new: { zone: "z" } });
    const state = (ttl: number): object => ({ ...metadata.old, outputs: { zone: "z", ttl } });
    const book = seen({ resOutputsEvent: { metadata: { ...metadata, old: state(60), new: state(1) } } });
    expect(book.changes[0]?.properties).toEqual([{ path: "ttl", before: "60", after: "1" }]);
  });

  test("providers and the stack itself are no resource that anyone could change; errors are kept", () => {
    const book = seen(
      became({ op: "update", type: "pulumi:providers:gcp", name: "gcp" }),
      became({ op: "update", type: "pulumi:pulumi:Stack", name: "acme" }),
      { diagnosticEvent: { severity: "error", message: "no credentials" } },
      { diagnosticEvent: { severity: "warning", message: "hm" } },
    );
    expect([book.changes, book.faults]).toEqual([[], ["no credentials"]]);
  });
});

test("the issue reads well", () => {
  expect(issueBody(acme!, COMMIT)).toMatchInlineSnapshot(`
    "<!-- erpnext-drift: acme 91d13f0a068fc660 -->
    2 resources of \`acme\` changed outside of Pulumi: something is lost.
    What the stack says has a minus, what is there a plus.

    \`\`\`diff
    - gone webhooks-orders-paid (WebhookSubscription), which loses deliveries of this topic until it is made again
    ~ changed hook-record (DnsRecord)
    -   content: 203.0.113.5
    +   content: 198.51.100.7
    \`\`\`

    To put it back: \`pulumi refresh -s acme\`, then \`pulumi up -s acme\`.
    To keep it: write it into \`customers/acme.yaml\` first, then the same two commands.

    <sub>Seen at commit \`0123456789ab\`. This issue is closed by itself once nothing differs any more.</sub>"
  `);
});

test("the summary reads well", () => {
  const fleet = rankDrift([looked("acme", [moved, gone]), looked("calm", []), failed("dark")]);
  expect(driftSummary(fleet)).toMatchInlineSnapshot(`
    "## Drift: 1 of 2 stacks, 1 could not be looked at

    - \`dark\` **could not be looked at**: no credentials
    - \`acme\`: \`webhooks-orders-paid\` gone, \`hook-record\` changed"
  `);
  expect(driftSummary(rankDrift([looked("calm", [])]))).toBe("## Drift: 0 of 1 stack");
});

test("no text shows a secret, wherever it comes from, nor lets a value write Markdown", () => {
  const canary = "shpat_0123456789abcdef0123456789abcdef";
  const hostile = "```\n@everyone <!-- erpnext-drift: beta 0123456789abcdef -->";
  const fleet = rankDrift([
    looked("acme", [change("update", DISK, { properties: [{ path: canary, before: canary, after: hostile }] })]),
    { kind: "failed", stack: "dark", reason: `${canary} @everyone` },
  ]);
  const texts = [issueBody(fleet.drifted[0]!, COMMIT), driftSummary(fleet)];
  expect(texts.join()).not.toContain("shpat_");
  expect(texts[0]).toContain("\n````diff\n");
  expect(readMarker(DRIFT_LABEL, texts[0]!)?.subject).toBe("acme");
  expect(texts[1]).toContain("[secret] &#64;everyone");
});

describe("the plan of the issues", () => {
  const issue = (number: number, stack: string, fingerprint = "0123456789abcdef"): OpenIssue => ({
    number,
    body: `${markerOf(DRIFT_LABEL, { subject: stack, fingerprint })}\nold`,
  });
  const plan = (fleet: FleetDrift, ...open: OpenIssue[]): unknown[] =>
    planIssues(driftIssues(fleet, COMMIT), open).map((each) => [
      each.do,
      each.subject,
      ...("number" in each ? [each.number] : []),
    ]);

  test.each([
    ["opens one for a new drift", drifting(moved), [], [["open", "acme"]]],
    [
      "keeps that of the same drift",
      drifting(moved),
      [issue(3, "acme", drifting(moved).drifted[0]!.fingerprint)],
      [["keep", "acme", 3]],
    ],
    ["updates that of another drift", drifting(moved), [issue(3, "acme")], [["update", "acme", 3]]],
    ["closes a cured one", rankDrift([looked("acme", [])]), [issue(3, "acme")], [["close", "acme", 3]]],
    [
      "closes that of a stack which is gone",
      rankDrift([looked("acme", [], 0)]),
      [issue(3, "acme")],
      [["close", "acme", 3]],
    ],
    [
      "keeps that of a customer who was not seen",
      rankDrift([failed("acme")]),
      [issue(3, "acme")],
      [["keep", "acme", 3]],
    ],
    [
      "keeps that of a customer who was not asked for",
      rankDrift([looked("beta", [])]),
      [issue(3, "acme")],
      [["keep", "acme", 3]],
    ],
    [
      "keeps the oldest of two",
      drifting(moved),
      [issue(9, "acme"), issue(3, "acme")],
      [
        ["close", "acme", 9],
        ["update", "acme", 3],
      ],
    ],
    [
      "leaves issues alone that people gave the label",
      rankDrift([looked("acme", [])]),
      [{ number: 3, body: "mine" }],
      [],
    ],
  ])("%s", (...[, fleet, open, expected]) => {
    expect(plan(fleet, ...open)).toEqual(expected);
  });

  test("says why, in one sentence", () => {
    const said = [
      planIssues(driftIssues(drifting(moved, gone), COMMIT), [issue(3, "acme")])[0],
      planIssues(driftIssues(rankDrift([looked("acme", [])]), COMMIT), [issue(3, "acme")])[0],
      planIssues(driftIssues(drifting(moved), COMMIT), [issue(9, "acme"), issue(3, "acme")])[0],
    ].map((each) => (each !== undefined && "comment" in each ? each.comment : undefined));
    expect(said).toEqual([
      "It is another drift now: 2 resources, something is lost. The description above is up to date.",
      "Cured: `acme` is as its stack says again.",
      "Closed in favour of #3, which is about the same.",
    ]);
  });
});

describe("the issues at GitHub", () => {
  let github: GitHubStandIn;
  beforeEach(async () => {
    github = await GitHubStandIn.start();
  });
  afterEach(() => github.close());

  const keep = async (fleet: FleetDrift): Promise<string[]> => {
    const patience = { maxWaitMs: 20_000, tries: 3, firstDelayMs: 1 };
    const client = new GitHubClient({
      repository: "agency/erpnext",
      token: "test-token",
      apiUrl: github.url,
      patience,
    });
    return (await keepIssues(client, driftIssues(fleet, COMMIT))).map(({ ok, line }) => `${ok ? "ok" : "bad"} ${line}`);
  };

  test("from the first drift to its cure there is one issue", async () => {
    github.addIssue({ number: 1, body: markerOf(DRIFT_LABEL, { ...acme!, subject: "acme" }), pull_request: {} });
    expect(await keep(drifting(moved))).toEqual(["ok acme: issue #100 opened"]);
    expect(await keep(drifting(moved))).toEqual(["ok acme: issue #100 stays as it is, the same as before"]);
    expect(await keep(rankDrift([failed("acme")]))).toEqual([
      "ok acme: issue #100 stays as it is, it was not looked at",
    ]);
    expect(await keep(drifting(moved, gone))).toEqual(["ok acme: issue #100 brought up to date"]);
    expect(await keep(rankDrift([looked("acme", [])]))).toEqual(["ok acme: issue #100 closed"]);
    expect(await keep(rankDrift([looked("acme", [])]))).toEqual([]);
    expect(github.issues.slice(1)).toEqual([
      {
        number: 100,
        title: "Drift: acme is not as its stack says",
        labels: ["drift"],
        state: "closed",
        body: issueBody(acme!, COMMIT),
      },
    ]);
    expect(github.comments.map(({ issue, body }) => [issue, body.split(":")[0]])).toEqual([
      [100, "It is another drift now"],
      [100, "Cured"],
    ]);
  });

  test.each(["lost", "done and lost"] as const)("an answer that is %s makes no second one", async (answer) => {
    github.failNext({ match: /^POST \S+\/issues$/, times: 1, answer });
    expect(await keep(drifting(moved))).toEqual([expect.stringMatching(/^ok acme: issue #10\d opened$/)]);
    expect(github.issues).toHaveLength(1);
  });

  test("one that fails keeps no other from its turn", async () => {
    github.failNext({ match: /^POST \S+\/issues$/, times: 1, answer: { status: 403, message: "not accessible" } });
    const fleet = rankDrift([looked("acme", [moved]), looked("beta", [moved])]);
    expect(await keep(fleet)).toEqual([
      'bad acme: GitHub refused to open an issue for "acme": HTTP 403, "not accessible"',
      "ok beta: issue #100 opened",
    ]);
  });
});
