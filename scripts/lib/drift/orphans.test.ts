import type { BackendList, BackendStack } from "../fleet/backend-stacks";
import { GitHubClient } from "../github/client";
import { keepIssues, markerOf, planIssues, readMarker, type OpenIssue } from "../github/issues";
import { GitHubStandIn } from "../github/testing/github-stand-in";
import { isInOrder, rankDrift, type FleetDrift } from "./drift";
import { driftIssues } from "./issues";
import { orphansAmong, type Orphan, type OrphanSearch } from "./orphans";
import { DRIFT_LABEL, driftSummary, ORPHANS, orphansBody } from "./text";

const COMMIT = "0123456789abcdef0123";
const FINGERPRINT = "0123456789abcdef";

const list = (...stacks: readonly (readonly [string, number])[]): BackendList => ({
  kind: "listed",
  stacks: stacks.map(([stack, resources]): BackendStack => ({ stack, resources })),
});

const search = (...stacks: readonly (readonly [string, number])[]): OrphanSearch =>
  orphansAmong(list(...stacks), ["acme"]);
const found = (...stacks: readonly (readonly [string, number])[]): readonly Orphan[] => {
  const answer = search(...stacks);
  return answer.kind === "searched" ? answer.orphans : [];
};
const fleet = (...stacks: readonly (readonly [string, number])[]): FleetDrift =>
  rankDrift([{ kind: "looked", stack: "acme", resources: 93, changes: [] }], search(...stacks));

describe("the backend's stacks", () => {
  test.each<[string, readonly (readonly [string, number])[], readonly [string, string][]]>([
    ["of customers do not count", [["acme", 93]], []],
    [
      "that hold something are torn down once both files are back",
      [["old", 93]],
      [["old", 'bring customers/old.yaml and customers/Pulumi.old.yaml back, then run "./stack teardown old --apply"']],
    ],
    ["that are empty are taken away", [["try", 0]], [["try", 'run "pulumi stack rm try"']]],
    [
      "that no customer could have are destroyed by hand",
      [["Try_1", 2]],
      [["Try_1", 'no customer can have this name: run "pulumi destroy -s Try_1", then "pulumi stack rm Try_1"']],
    ],
    [
      "come by name",
      [
        ["try", 0],
        ["acme", 93],
        ["old", 0],
      ],
      [
        ["old", 'run "pulumi stack rm old"'],
        ["try", 'run "pulumi stack rm try"'],
      ],
    ],
  ])("%s", (_what, stacks, expected) => {
    expect(found(...stacks).map(({ stack, next }) => [stack, next])).toEqual(expected);
  });

  test.each<[string, FleetDrift, boolean]>([
    ["holds something", fleet(["old", 1]), false],
    ["is empty", fleet(["try", 0]), true],
    ["could not be looked for", rankDrift([], orphansAmong({ kind: "failed", reason: "no bucket" }, [])), false],
    ["was not asked about", rankDrift([]), true],
  ])("are in order or not when one that belongs to no customer %s", (_what, given, expected) => {
    expect(isInOrder(given)).toBe(expected);
  });
});

test("the issue reads well", () => {
  expect(orphansBody(found(["old", 93], ["try", 0]), { fingerprint: FINGERPRINT, commit: COMMIT }))
    .toMatchInlineSnapshot(`
    "<!-- erpnext-drift: (orphans) 0123456789abcdef -->
    2 stacks in the backend have no file in \`customers/\`: no command previews, deploys or watches such a stack, and what it holds costs money.

    - \`old\`, 93 resources: bring customers/old.yaml and customers/Pulumi.old.yaml back, then run "./stack teardown old --apply"
    - \`try\`, empty: run "pulumi stack rm try"

    A customer whose file waits in an open pull request is named until that is merged.

    <sub>Seen at commit \`0123456789ab\`. This issue is closed by itself once each stack has its file, or is gone.</sub>"
  `);
});

test("the summary names them, and why they could not be looked for", () => {
  expect(driftSummary(fleet(["old", 1], ["try", 0]))).toBe(
    [
      "## Drift: 0 of 1 stack",
      "",
      '- old (1 resource) belongs to no customer: bring customers/old.yaml and customers/Pulumi.old.yaml back, then run "./stack teardown old --apply"',
      '- try (empty) belongs to no customer: run "pulumi stack rm try"',
    ].join("\n"),
  );
  const blind = rankDrift([], orphansAmong({ kind: "failed", reason: "shpat_0123456789abcdef @everyone" }, []));
  expect(driftSummary(blind)).toBe(
    "## Drift: 0 of 0 stacks\n\n- stacks that belong to no customer could not be looked for: [secret] &#64;everyone",
  );
});

describe("the plan of their one issue", () => {
  const issue = (number: number, subject: string, fingerprint = FINGERPRINT): OpenIssue => ({
    number,
    body: `${markerOf(DRIFT_LABEL, { subject, fingerprint })}\nold`,
  });
  const [opened] = planIssues(driftIssues(fleet(["old", 93]), COMMIT), []);
  const same = readMarker(DRIFT_LABEL, opened !== undefined && "body" in opened ? opened.body : "")?.fingerprint;
  const plan = (given: FleetDrift, ...open: OpenIssue[]): unknown[] =>
    planIssues(driftIssues(given, COMMIT), open).map((each) => [
      each.do,
      each.subject,
      ...("number" in each ? [each.number] : []),
    ]);

  test.each<[string, FleetDrift, readonly OpenIssue[], readonly unknown[]]>([
    ["is none without them", fleet(), [], []],
    ["opens one for all of them", fleet(["old", 93], ["try", 0]), [], [["open", ORPHANS]]],
    ["keeps it for the same ones", fleet(["old", 93]), [issue(3, ORPHANS, same)], [["keep", ORPHANS, 3]]],
    ["updates it for others", fleet(["old", 12]), [issue(3, ORPHANS, same)], [["update", ORPHANS, 3]]],
    ["closes it once there are none", fleet(), [issue(3, ORPHANS)], [["close", ORPHANS, 3]]],
    ["keeps it when single customers were asked for", rankDrift([]), [issue(3, ORPHANS)], [["keep", ORPHANS, 3]]],
    [
      "keeps it when the backend gave no list",
      rankDrift([], { kind: "failed", reason: "no bucket" }),
      [issue(3, ORPHANS)],
      [["keep", ORPHANS, 3]],
    ],
    ["takes no customer's issue for it", fleet(), [issue(3, "orphans")], [["close", "orphans", 3]]],
    [
      "keeps the drift of a customer who has become one",
      fleet(["old", 93]),
      [issue(3, "old")],
      [
        ["open", ORPHANS],
        ["keep", "old", 3],
      ],
    ],
  ])("%s", (...[, given, open, expected]) => {
    expect(plan(given, ...open)).toEqual(expected);
  });

  test("closes the drift of a customer who ended, and says so", () => {
    expect(planIssues(driftIssues(fleet(), COMMIT), [issue(3, "ended")])).toEqual([
      {
        do: "close",
        subject: "ended",
        number: 3,
        comment: "There is neither a customer nor a stack `ended` any more.",
      },
    ]);
  });
});

test("at GitHub there is one issue from the first orphan to the last", async () => {
  const github = await GitHubStandIn.start();
  const client = new GitHubClient({ repository: "agency/erpnext", token: "test-token", apiUrl: github.url });
  const keep = async (given: FleetDrift): Promise<readonly string[]> =>
    (await keepIssues(client, driftIssues(given, COMMIT))).map(({ line }) => line);
  try {
    expect(await keep(fleet(["old", 93], ["try", 0]))).toEqual(["(orphans): issue #100 opened"]);
    expect(await keep(fleet(["old", 93], ["try", 0]))).toEqual([
      "(orphans): issue #100 stays as it is, the same as before",
    ]);
    expect(await keep(fleet(["old", 93]))).toEqual(["(orphans): issue #100 brought up to date"]);
    expect(await keep(fleet())).toEqual(["(orphans): issue #100 closed"]);
    expect(await keep(fleet())).toEqual([]);
    expect(github.issues.map(({ title, labels, state }) => [title, labels, state])).toEqual([
      ["Stacks that belong to no customer", ["drift"], "closed"],
    ]);
    expect(github.comments.map(({ body }) => body)).toEqual([
      "It is not the same any more: `old`. The description above is up to date.",
      "Cured: each stack belongs to a customer again, or is gone.",
    ]);
  } finally {
    await github.close();
  }
});
