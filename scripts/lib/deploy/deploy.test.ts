import { loadCustomer } from "../../../customers/load";
import { change, DISK, RECORD } from "../fleet/testing/previews";
import { GitHubClient } from "../github/client";
import { GitHubStandIn } from "../github/testing/github-stand-in";
import { refusalOf } from "./deploy-stack";
import { lastDeployed } from "./last-deployed";
import { deploySummary, planSummary } from "./report";
import { inWaves, matrixOutputs, wavesOf, type StackDeploy } from "./waves";

const demo = loadCustomer("demo-store", "customers");
if (!demo.ok) throw new Error("the example has faults");
const { customer } = demo;

const environments: Readonly<Record<string, "production" | "test">> = {
  acme: "production",
  beta: "test",
  gamma: "test",
};
const load = (stack: string): ReturnType<typeof loadCustomer> => ({
  ...demo,
  customer: { ...customer, environment: environments[stack] ?? "production" },
});

const deployed = (stack: string): StackDeploy => ({ kind: "deployed", stack, changes: 1 });

test("test stacks are a wave of their own, before production", () => {
  const waves = wavesOf(["acme", "beta", "gamma", "omega"], load);
  expect(waves).toEqual({ test: ["beta", "gamma"], production: ["acme", "omega"] });
  expect(matrixOutputs(waves)).toEqual({ test: '["beta","gamma"]', production: '["acme","omega"]' });
  expect(matrixOutputs(wavesOf([], load))).toEqual({ test: "[]", production: "[]" });
});

test("a faulty file is in no wave, and nothing is deployed", () => {
  expect(() =>
    wavesOf(["acme", "missing"], (slug) => (slug === "acme" ? load(slug) : loadCustomer(slug, "customers"))),
  ).toThrow(
    'the intake file has faults for customer "missing": nothing was deployed; "./stack preview missing" names them.',
  );
});

test("a wave that is larger than a matrix of GitHub's is refused, never cut", () => {
  const many = Array.from({ length: 257 }, (_, index) => `shop-${index}`);
  expect(matrixOutputs({ test: many.slice(1), production: [] }).test.split(",")).toHaveLength(256);
  expect(() => matrixOutputs({ test: [], production: many })).toThrow(
    'the wave "production" has 257 stacks, and a matrix of GitHub\'s takes 256: deploy from a machine of your own: "./stack deploy --apply".',
  );
});

describe("waves", () => {
  const waves = { test: ["beta", "gamma"], production: ["acme"] };

  test("go on as long as all goes well", async () => {
    const seen: (readonly string[])[] = [];
    const results = await inWaves(waves, (stacks) => {
      seen.push(stacks);
      return Promise.resolve(stacks.map(deployed));
    });
    expect(seen).toEqual([["beta", "gamma"], ["acme"]]);
    expect(results.map(({ kind }) => kind)).toEqual(["deployed", "deployed", "deployed"]);
  });

  test.each([
    { kind: "failed", stack: "beta", reason: "disk full" },
    { kind: "refused", stack: "beta", reason: "it would lose data" },
  ] as const)("a $kind one halts production", async (bad) => {
    const seen: (readonly string[])[] = [];
    const results = await inWaves(waves, (stacks) => {
      seen.push(stacks);
      return Promise.resolve(stacks.map((stack) => (stack === "beta" ? bad : deployed(stack))));
    });
    expect(seen).toEqual([["beta", "gamma"]]);
    expect(results.slice(1)).toEqual([
      deployed("gamma"),
      { kind: "halted", stack: "acme", reason: "not begun, because beta did not go well" },
    ]);
  });
});

describe("a preview decides whether a stack is deployed", () => {
  type Previewed = Parameters<typeof refusalOf>[0];
  const preview = (changes: Previewed["changes"], breaches: Previewed["breaches"] = []): Previewed => ({
    kind: "previewed",
    stack: "acme",
    seconds: 1,
    changes,
    breaches,
  });
  const disk = change("replace", DISK, { name: "server-data" });
  const losses = [change("update", RECORD), disk, change("delete", DISK, { name: "other" })];

  test("a loss is refused unless someone agreed to it by name", () => {
    expect(refusalOf(preview(losses), ["beta"])).toBe(
      'it would replace server-data, which loses all data of the server, and 1 more losses: if that is meant, deploy it with "--allow-loss acme"',
    );
    expect(refusalOf(preview([disk]), [])).toBe(
      'it would replace server-data, which loses all data of the server: if that is meant, deploy it with "--allow-loss acme"',
    );
    expect(refusalOf(preview(losses), ["acme"])).toBeUndefined();
    expect(refusalOf(preview([change("update", DISK)]), [])).toBeUndefined();
  });

  test("a broken policy is refused, no matter what was agreed to", () => {
    const breach = { rule: "no-public-ssh", message: "network-ssh opens port 22" } as Previewed["breaches"][number];
    expect(refusalOf(preview([], [breach]), ["acme"])).toBe(
      'it breaks the policy "no-public-ssh": network-ssh opens port 22',
    );
  });
});

test("the summaries read well, and show no secret", () => {
  const waves = { test: ["beta"], production: [] };
  expect(planSummary(waves, { reasons: ['"beta", because its own files changed'], gone: ["old"] }))
    .toMatchInlineSnapshot(`
    "## To deploy

    - test: \`beta\`
    - production: none
    - customers/old.yaml is gone and nothing was destroyed: if its stack is still up ("./stack drift" says so), put the file back and run "./stack teardown old --apply"

    <sub>"beta", because its own files changed.</sub>"
  `);
  const results: StackDeploy[] = [
    deployed("beta"),
    { kind: "failed", stack: "gamma", reason: "shpat_0123456789abcdef @everyone" },
    { kind: "halted", stack: "acme", reason: "not begun, because gamma did not go well" },
  ];
  expect(deploySummary(results, ["old"])).toMatchInlineSnapshot(`
    "## Deploy

    - beta deployed, 1 change
    - gamma failed: [secret] &#64;everyone
    - acme not begun, because gamma did not go well
    - customers/old.yaml is gone and nothing was destroyed: if its stack is still up ("./stack drift" says so), put the file back and run "./stack teardown old --apply""
  `);
});

describe("the last deployment that went through", () => {
  let github: GitHubStandIn;
  beforeEach(async () => {
    github = await GitHubStandIn.start();
  });
  afterEach(() => github.close());
  const ask = (): Promise<string | undefined> =>
    lastDeployed(new GitHubClient({ repository: "agency/erpnext", token: "test-token", apiUrl: github.url }));

  test("is the newest success, so that what failed since is deployed again", async () => {
    expect(await ask()).toBeUndefined();
    const [first, second] = ["a".repeat(40), "b".repeat(40)];
    github.runs.push(
      { head_sha: first, conclusion: "success" },
      { head_sha: second, conclusion: "success" },
      { head_sha: "c".repeat(40), conclusion: "failure" },
    );
    expect(await ask()).toBe(second);
  });
});
