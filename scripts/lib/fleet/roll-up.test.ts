import { dangerOf, lossOf } from "./danger";
import { isRed, rollUp, type OwnWords, type StackPreview } from "./roll-up";
import { ALERT, change, DISK, previewed, RECORD } from "./testing/previews";

const words = (stack: string): OwnWords => ({ slug: stack, hook: `hooks.${stack}.example` });

describe("danger", () => {
  it.each([
    ["delete", DISK, "loses", "all data of the server"],
    ["replace", DISK, "loses", "all data of the server"],
    ["replace", "gcp:compute/address:Address", "loses", "the address that the hook host points at"],
    ["delete", "gcp:artifactregistry/repository:Repository", "loses", "every image, also those to go back to"],
    ["replace", "cloudflare:index/zeroTrustTunnelCloudflared:ZeroTrustTunnelCloudflared", "loses", expect.any(String)],
    ["replace", "pulumi-nodejs:dynamic/shopify:WebhookSubscription", "loses", expect.any(String)],
    ["replace", "gcp:compute/instance:Instance", "interrupts", undefined],
    ["delete", RECORD, "interrupts", undefined],
    ["replace", ALERT, "replaces", undefined],
    ["update", DISK, "changes", undefined],
    ["create", DISK, "adds", undefined],
    ["import", DISK, "adds", undefined],
  ] as const)("of %s of %s is that it %s", (...[operation, type, danger, loss]) => {
    expect([dangerOf(change(operation, type)), lossOf(change(operation, type))]).toEqual([danger, loss]);
  });
});

it("folds what is the same but for a customer's own words, digests, ids and addresses", () => {
  const of = (stack: string, digest: string, address: string): StackPreview =>
    previewed(stack, [
      change("update", RECORD, {
        properties: [
          { path: "name", before: `hooks.${stack}.example`, after: `${address} sha256:${digest.repeat(64)}` },
        ],
      }),
    ]);
  const { groups } = rollUp([of("beta", "b", "203.0.113.8"), of("acme", "a", "203.0.113.7")], words);
  expect(groups.map(({ stacks, danger }) => [stacks, danger])).toEqual([[["acme", "beta"], "changes"]]);
  expect(groups[0]?.changes[0]?.properties[0]?.before).toBe("hooks.acme.example");
});

it("keeps a stack out of the fold whose value is another one", () => {
  const to = (stack: string, after: string): StackPreview =>
    previewed(stack, [change("update", DISK, { properties: [{ path: "size", before: "50", after }] })]);
  const { groups } = rollUp([to("acme", "60"), to("beta", "60"), to("gamma", "600")], words);
  expect(groups.map(({ stacks }) => stacks)).toEqual([["acme", "beta"], ["gamma"]]);
});

it("puts what is dangerous first, then what is larger, inside of a stack too", () => {
  const previews = [
    previewed("adding", [change("create", ALERT)]),
    previewed("one", [change("update", ALERT, { name: "b" })]),
    previewed("two-a", [change("update", DISK)]),
    previewed("two-b", [change("update", DISK)]),
    previewed("losing", [change("create", ALERT, { name: "a" }), change("delete", DISK, { name: "z" })]),
    previewed("interrupted", [change("replace", "gcp:compute/instance:Instance")]),
  ];
  const { groups } = rollUp(previews, words);
  expect(groups.map(({ stacks, danger }) => `${stacks.join("+")} ${danger}`)).toEqual([
    "losing loses",
    "interrupted interrupts",
    "two-a+two-b changes",
    "one changes",
    "adding adds",
  ]);
  expect(groups[0]?.changes.map(({ name }) => name)).toEqual(["z", "a"]);
});

it("shows a stack that cannot be previewed, and the others still are", () => {
  const fleet = rollUp(
    [{ kind: "failed", stack: "broken", seconds: 1, reason: "no secret" }, previewed("still", [])],
    words,
  );
  expect(fleet).toEqual({
    groups: [],
    unchanged: ["still"],
    failed: [{ stack: "broken", reason: "no secret" }],
    breaches: [],
    abandoned: [],
  });
});

it("folds a policy that is broken in the same words, those that most stacks break first", () => {
  const [ssh, zone] = [
    { rule: "no-public-ssh", message: "a port" },
    { rule: "intake-places", message: "a zone" },
  ];
  const { breaches } = rollUp(
    [previewed("beta", [], [ssh]), previewed("acme", [], [zone, ssh]), previewed("gamma", [])],
    words,
  );
  expect(breaches).toEqual([
    { ...ssh, stacks: ["acme", "beta"] },
    { ...zone, stacks: ["acme"] },
  ]);
});

it.each([
  ["nothing changes", [previewed("acme", [])], false],
  ["something is replaced that can be made again", [previewed("acme", [change("replace", ALERT)])], false],
  ["something is lost", [previewed("acme", [change("replace", DISK)])], true],
  ["a policy is broken", [previewed("acme", [], [{ rule: "budget", message: "too many" }])], true],
  ["one cannot be previewed", [{ kind: "failed", stack: "x", seconds: 0, reason: "r" }], true],
] as readonly (readonly [string, readonly StackPreview[], boolean])[])(
  "is red or not when %s",
  (_what, previews, red) => {
    expect(isRed(rollUp(previews, words))).toBe(red);
  },
);

it.each([
  [{ slug: "old", left: "resources", resources: 93 }, true],
  [{ slug: "old", left: "unknown", reason: "no bucket" }, true],
  [{ slug: "old", left: "an empty stack" }, false],
  [{ slug: "old", left: "nothing" }, false],
] as const)("is red or not when a customer's file goes: %j", (abandoned, red) => {
  expect(isRed(rollUp([previewed("acme", [])], words, [abandoned]))).toBe(red);
});
