import { COMMENT_LIMIT, COMMENT_MARKER, renderAffected, renderComment } from "./comment";
import { rollUp, type StackPreview } from "./roll-up";
import { change, DISK, previewed, RECORD } from "./testing/previews";

const FOOTER = { commit: "0123456789abcdef0123", reasons: ["all stacks, because they share infra/index.ts"], gone: [] };

const comment = (previews: readonly StackPreview[], footer = {}): string =>
  renderComment(
    rollUp(previews, (stack) => ({ slug: stack })),
    { ...FOOTER, ...footer },
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

it("reads well with five stacks of which one loses its disk and one cannot be previewed", () => {
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
  expect(comment(previews, { gone: ["old"] })).toMatchInlineSnapshot(`
    "<!-- erpnext-fleet-preview -->
    ## Preview: 3 of 5 stacks change

    **Do not merge before these are understood:**

    - \`delta\` **could not be previewed**: no value for "shopifyApiSecret"
    - \`beta\` **replaces \`server-data\`**, which loses all data of the server
    - \`old\` has no file any more: end it with \`npm run teardown -- old\`

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

    <details><summary>shop-000, shop-001, shop-002, shop-003, shop-004, shop-005, shop-006, shop-007 and 89 more, with the values of shop-000</summary>

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
  const text = comment([], { reasons: ["no stack is made from what changed: README.md"] });
  expect(text).toContain("## Preview: no stack is affected");
  expect(text).toContain("Previewed: no stack is made from what changed: README.md.");
});

it("says that nothing changes", () => {
  expect(comment([previewed("acme", []), previewed("beta", [])])).toContain("## Preview: nothing changes in 2 stacks");
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

  it("stays below GitHub's limit, and says how many diffs it left out", () => {
    const previews = Array.from({ length: 40 }, (_, index) => long("s".repeat(index + 3)));
    const text = comment(previews);
    expect(text.length).toBeLessThanOrEqual(COMMENT_LIMIT);
    expect(text.length).toBeGreaterThan(COMMENT_LIMIT * 0.7);
    expect(text).toMatch(/\n\d+ more diffs left out, for want of room: run `npm run preview`\./);
    expect(text).toContain("<sub>Commit `0123456789ab`");
  });
});

it("lets no value out of its block, mention anybody or break the table", () => {
  const hostile = "````\n</details> @everyone | <script>";
  const text = comment([
    previewed("acme", [change("update", DISK, { properties: [{ path: "x", before: hostile, after: "y" }] })]),
    { kind: "failed", stack: "beta", seconds: 1, reason: hostile },
  ]);
  expect(text).toContain("`````diff\n");
  expect(text).toContain("could not be previewed**: ```` &lt;/details&gt; &#64;everyone \\| &lt;script&gt;\n");
  expect(text.startsWith(COMMENT_MARKER)).toBe(true);
});

it("masks what has the shape of a secret, wherever it comes from", () => {
  const canary = "shpat_0123456789abcdef0123456789abcdef";
  const text = comment([
    previewed("acme", [change("update", DISK, { properties: [{ path: canary, before: canary, after: canary }] })]),
    { kind: "failed", stack: "beta", seconds: 1, reason: canary },
  ]);
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
      "- `old` has no file any more",
      "",
      '<sub>Not previewed. "acme", because its own files changed.</sub>',
    ].join("\n"),
  );
});
