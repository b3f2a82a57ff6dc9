import type { Abandoned } from "./abandoned";
import { COMMENT_LIMIT, COMMENT_MARKER, renderAffected, renderComment } from "./comment";
import { rollUp, type StackPreview } from "./roll-up";
import { change, DISK, previewed, RECORD } from "./testing/previews";

const FOOTER = { commit: "0123456789abcdef0123", reasons: ["all stacks, because they share infra/index.ts"] };

const comment = (previews: readonly StackPreview[], abandoned: readonly Abandoned[] = []): string =>
  renderComment(
    rollUp(previews, (stack) => ({ slug: stack }), abandoned),
    FOOTER,
  );

const renamed = (stack: string): StackPreview =>
  previewed(stack, [
    change("update", RECORD, {
      name: "hook-record",
      properties: [{ path: "name", before: `hooks.${stack}.example`, after: `door.${stack}.example` }],
    }),
  ]);

it("reads well with one stack", () => {
  expect(comment([renamed("acme")])).toMatchInlineSnapshot(`
    "<!-- erpnext-fleet-preview -->
    ## Preview: 1 of 1 stack changes

    | worst | stacks | added | changed | replaced | deleted |
    | --- | --- | --: | --: | --: | --: |
    | changes | \`acme\` |  | 1 |  |  |

    <details><summary>acme</summary>

    \`\`\`diff
    ~ update hook-record (DnsRecord)
    -   name: hooks.acme.example
    +   name: door.acme.example
    \`\`\`

    </details>

    <sub>Commit \`0123456789ab\`. Previewed: all stacks, because they share infra/index.ts.</sub>"
  `);
});

it("reads well with five stacks of which one loses its disk, one cannot be previewed, and one's file goes too early", () => {
  const losing = previewed("beta", [
    change("replace", DISK, {
      properties: [{ path: "zone", before: "europe-west3-a", after: "europe-west3-b" }],
      because: ["zone"],
    }),
  ]);
  const failed: StackPreview = {
    kind: "failed",
    stack: "delta",
    seconds: 1,
    reason: 'no value for "shopifyApiSecret"',
  };
  const previews = [renamed("acme"), losing, renamed("gamma"), failed, previewed("omega", [])];
  const abandoned: readonly Abandoned[] = [
    { slug: "ended", left: "nothing" },
    { slug: "old", left: "resources", resources: 93 },
  ];
  expect(comment(previews, abandoned)).toMatchInlineSnapshot(`
    "<!-- erpnext-fleet-preview -->
    ## Preview: 3 of 5 stacks change, 1 with a loss, 1 not previewed, 1 stack abandoned

    **Do not merge before these are understood:**

    - \`beta\` **replaces \`server-data\`**, which loses all data of the server
    - \`delta\` **could not be previewed**: no value for "shopifyApiSecret"
    - **too early:** customers/old.yaml is gone, and the stack stays as it is, with 93 resources that no one would manage: tear it down first, while the file is there, with "./stack teardown old --apply"
    - customers/ended.yaml is gone, and there is no stack of that name

    | worst | stacks | added | changed | replaced | deleted |
    | --- | --- | --: | --: | --: | --: |
    | **loses** | \`beta\` |  |  | 1 |  |
    | changes | \`acme\`, \`gamma\` |  | 1 |  |  |

    Unchanged: \`omega\`.

    <details open><summary>beta</summary>

    \`\`\`diff
    ! replace server-data (Disk), because of zone, which loses all data of the server
    -   zone: europe-west3-a
    +   zone: europe-west3-b
    \`\`\`

    </details>
    <details><summary>acme, gamma, with the values of acme</summary>

    \`\`\`diff
    ~ update hook-record (DnsRecord)
    -   name: hooks.acme.example
    +   name: door.acme.example
    \`\`\`

    </details>

    <sub>Commit \`0123456789ab\`. Previewed: all stacks, because they share infra/index.ts.</sub>"
  `);
});

it("reads well with a hundred stacks", () => {
  const stacks = Array.from({ length: 100 }, (_, index) => `shop-${String(index).padStart(3, "0")}`);
  const previews = stacks.map((stack, index) => (index < 97 ? renamed(stack) : previewed(stack, [])));
  expect(comment(previews)).toMatchInlineSnapshot(`
    "<!-- erpnext-fleet-preview -->
    ## Preview: 97 of 100 stacks change

    | worst | stacks | added | changed | replaced | deleted |
    | --- | --- | --: | --: | --: | --: |
    | changes | \`shop-000\`, \`shop-001\`, \`shop-002\`, \`shop-003\`, \`shop-004\`, \`shop-005\`, \`shop-006\`, \`shop-007\` and 89 more |  | 1 |  |  |

    Unchanged: \`shop-097\`, \`shop-098\`, \`shop-099\`.

    <details><summary>97 stacks, with the values of shop-000</summary>

    \`\`\`diff
    ~ update hook-record (DnsRecord)
    -   name: hooks.shop-000.example
    +   name: door.shop-000.example
    \`\`\`

    </details>

    <sub>Commit \`0123456789ab\`. Previewed: all stacks, because they share infra/index.ts.</sub>"
  `);
});

it("names each broken policy once, with the stacks that break it in the same words", () => {
  const breach = { rule: "no-public-ssh", message: '"network-iap-ssh" opens port 22 to "0.0.0.0/0": let only …' };
  const text = comment([previewed("beta", [], [breach]), previewed("acme", [], [breach]), previewed("gamma", [])]);
  expect(text).toContain(
    "**Do not merge before these are understood:**\n\n" +
      '- policy `no-public-ssh` **refuses** `acme`, `beta`: "network-iap-ssh" opens port 22 to "0.0.0.0/0": let only …\n\n',
  );
});

it("says that nothing is affected, and why", () => {
  const reasons = ["no stack is made from what changed: README.md"];
  const text = renderComment(
    rollUp([], () => ({})),
    { ...FOOTER, reasons },
  );
  expect(text).toContain("## Preview: no stack is affected");
  expect(text).toContain("Previewed: no stack is made from what changed: README.md.");
});

it("says that nothing changes", () => {
  expect(comment([previewed("acme", []), previewed("beta", [])])).toContain(
    "## Preview: nothing changes in 2 stacks\n",
  );
});

describe("the first line", () => {
  const failed = (stack: string): StackPreview => ({ kind: "failed", stack, seconds: 0, reason: "no credentials" });
  const breach = { rule: "budget", message: "too many" };
  const losing = previewed("beta", [change("delete", DISK)]);
  it.each<[string, readonly StackPreview[], readonly Abandoned[]]>([
    ["nothing could be seen, 2 not previewed", [failed("acme"), failed("beta")], []],
    ["nothing changes in 1 stack, 1 not previewed", [previewed("acme", []), failed("beta")], []],
    ["nothing changes in 1 stack, 1 against a policy", [previewed("acme", [], [breach, breach])], []],
    ["2 of 2 stacks change, 1 with a loss", [renamed("acme"), losing], []],
    [
      "3 of 3 stacks change, 1 with a loss, 1 with an interruption",
      [renamed("acme"), losing, previewed("gamma", [change("replace", RECORD)])],
      [],
    ],
    ["no stack is affected", [], [{ slug: "old", left: "an empty stack" }]],
    ["no stack is affected, 1 stack abandoned", [], [{ slug: "old", left: "unknown", reason: "no bucket" }]],
  ])("says %s", (expected, previews, abandoned) => {
    expect(comment(previews, abandoned).split("\n")[1]).toBe(`## Preview: ${expected}`);
  });
});

it("names what goes by itself only as a note", () => {
  expect(comment([], [{ slug: "old", left: "an empty stack" }])).toContain(
    '**Note:**\n\n- customers/old.yaml is gone, and the stack is empty: "pulumi stack rm old" takes it away\n',
  );
});

it("folds stacks that fail for the same reason, and resources that are lost in the same way", () => {
  const failed = (stack: string): StackPreview => ({
    kind: "failed",
    stack,
    seconds: 0,
    reason: `no secret for customer "${stack}"`,
  });
  const disks = ["a", "b", "c", "d", "e"].map((name) => change("delete", DISK, { name }));
  const text = comment([failed("acme"), failed("beta"), previewed("gamma", disks), previewed("omega", disks)]);
  expect(text).toContain(
    [
      "- `gamma`, `omega` **delete `a`, `b`, `c` and 2 more**, which loses all data of the server",
      '- `acme`, `beta` **could not be previewed**: no secret for customer "acme"',
      "",
    ].join("\n"),
  );
});

describe("limits", () => {
  const long = (stack: string): StackPreview =>
    previewed(
      stack,
      Array.from({ length: 300 }, (_, index) =>
        change("update", RECORD, {
          name: `record-${String(index).padStart(3, "0")}`,
          properties: [{ path: "content", before: `${stack}-${"x".repeat(100)}`, after: `${index}-${stack.length}` }],
        }),
      ),
    );

  it("cuts a long diff in the middle, keeping its tail", () => {
    const text = comment([long("acme")]);
    expect(text).toContain("# … 780 lines left out …");
    expect(text).toContain("record-000 ");
    expect(text).toContain("record-299 ");
  });

  it("shortens a diff before it leaves it out", () => {
    const text = comment(Array.from({ length: 10 }, (_, index) => long("s".repeat(index + 3))));
    expect(text.length).toBeLessThanOrEqual(COMMENT_LIMIT);
    const cuts = [...text.matchAll(/# … (\d+) lines left out …/g)].map(([, lines]) => lines);
    expect(cuts).toEqual([...Array<string>(8).fill("780"), "876", "876"]);
    expect(text).not.toContain("for want of room");
  });

  it("stays below GitHub's limit where a hundred stacks fail, lose, refuse and change in ways of their own", () => {
    const stacks = Array.from({ length: 100 }, (_, index) => `customer-number-${String(index).padStart(3, "0")}`);
    const types = [DISK, "gcp:compute/address:Address", "gcp:storage/bucket:Bucket", RECORD];
    const previews = stacks.map((stack, index) =>
      previewed(
        stack,
        Array.from({ length: 200 }, (_, each) =>
          change(each % 2 === 0 ? "delete" : "update", types[each % types.length] ?? DISK, {
            name: `resource-${index}-${each}`,
            properties: [{ path: "content", before: `${index}${"x".repeat(118)}`, after: `${each}${"y".repeat(117)}` }],
          }),
        ),
        [{ rule: "budget", message: `${stack} ${"has too many ".repeat(100)}` }],
      ),
    );
    const failed = stacks.map((stack, index): StackPreview => ({
      kind: "failed",
      stack: `${stack}-x`,
      seconds: 0,
      reason: `${index} ${"went wrong ".repeat(500)}`,
    }));
    const abandoned = stacks.map((slug): Abandoned => ({ slug: `${slug}-y`, left: "resources", resources: 93 }));
    const text = comment([...previews, ...failed], abandoned);
    expect(text.length).toBeLessThanOrEqual(COMMENT_LIMIT);
    const lines = text.split("\n");
    expect(lines[1]).toBe(
      "## Preview: 100 of 200 stacks change, 100 with a loss, 100 against a policy, 100 not previewed, 100 stacks abandoned",
    );
    expect(lines[5]).toBe(
      "- `customer-number-000` **deletes `resource-0-0`, `resource-0-100`, `resource-0-104` and 47 more**, which loses all data of the server",
    );
    expect(lines.filter((line) => line.endsWith("more like these: run `./stack preview`"))).toEqual([
      "- and 192 more like these: run `./stack preview`",
      "- and 92 more like these: run `./stack preview`",
      "- and 92 more like these: run `./stack preview`",
      "- and 92 more like these: run `./stack preview`",
    ]);
    expect(text).toContain("| | and 70 stacks more, none of them worse |  |  |  |  |\n");
    expect(text).toMatch(/\n\d+ more diffs left out, for want of room: run `\.\/stack preview`\.\n\n<sub>Commit/);
  });

  it("stays below GitHub's limit, and says how many diffs it left out", () => {
    const previews = Array.from({ length: 40 }, (_, index) => long("s".repeat(index + 3)));
    const text = comment(previews);
    expect(text.length).toBeLessThanOrEqual(COMMENT_LIMIT);
    expect(text.length).toBeGreaterThan(COMMENT_LIMIT * 0.7);
    expect(text).toMatch(/\n\d+ more diffs left out, for want of room: run `\.\/stack preview`\./);
    expect(text).toContain("<sub>Commit `0123456789ab`");
  });
});

it("lets no value out of its block, mention anyone or break the table", () => {
  const hostile = "````\n</details> @everyone | <script>";
  const text = comment([
    previewed("acme", [change("update", DISK, { properties: [{ path: "x", before: hostile, after: "y" }] })]),
    { kind: "failed", stack: "beta", seconds: 1, reason: hostile },
  ]);
  expect(text).toContain("`````diff\n");
  expect(text).toContain("could not be previewed**: ```` &lt;/details&gt; &#64;everyone \\| &lt;script&gt;\n");
  expect(text.startsWith(COMMENT_MARKER)).toBe(true);
});

it("masks what has the shape of a secret, wherever it comes from, also where a text is cut", () => {
  const canary = "shpat_0123456789abcdef0123456789abcdef";
  const text = comment(
    [
      previewed("acme", [change("update", DISK, { properties: [{ path: canary, before: canary, after: canary }] })]),
      previewed("gamma", [change("delete", DISK, { name: canary })], [{ rule: "budget", message: canary }]),
      { kind: "failed", stack: "beta", seconds: 1, reason: canary },
      { kind: "failed", stack: "delta", seconds: 1, reason: `${"x".repeat(390)} ${canary}` },
    ],
    [{ slug: "old", left: "unknown", reason: canary }],
  );
  expect(text).not.toContain("shpat_");
  expect(text).toContain("[secret]");
});

it("names what a fork's change reaches, without a look at any stack", () => {
  const reasons = ['"acme", because its own files changed'];
  expect(renderAffected({ stacks: ["acme"], gone: ["old"], reasons })).toBe(
    [
      "## 1 stack affected",
      "",
      "- `acme`",
      "- `old` has no file any more, which destroys nothing: a stack that is still up is torn down first",
      "",
      '<sub>Not previewed. "acme", because its own files changed.</sub>',
    ].join("\n"),
  );
});
