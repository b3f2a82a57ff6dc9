import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { GitHubStandIn } from "../../scripts/lib/github/testing/github-stand-in";
import { printed } from "../pulumi-output";
import type { PulumiRun } from "../pulumi-runner";
import { STACK } from "../session";
import { oneLine, succeeded, useSession } from "./testing";

const holder = useSession();

interface Result {
  readonly stacks: readonly string[];
  readonly groups: readonly { readonly stacks: readonly string[]; readonly danger: string }[];
  readonly unchanged: readonly string[];
  readonly failed: readonly { readonly stack: string; readonly reason: string }[];
  readonly red: boolean;
}

/** Customers beside the demo store, whose stacks have its configuration; "broken" has none of the secrets. */
async function addCustomers(): Promise<void> {
  const { session } = holder;
  const example = readFileSync(session.customerFile(), "utf8");
  for (const slug of ["beta", "broken"]) {
    writeFileSync(
      join(session.workspace, "customers", `${slug}.yaml`),
      example.replace("slug: demo-store", `slug: ${slug}`),
    );
    await session.pulumi.must(["stack", "init", slug]);
  }
  const { plain, secret } = session.world.stackConfig();
  for (const [flag, values] of [
    ["--plaintext", plain],
    ["--secret", secret],
  ] as const) {
    const pairs = Object.entries(values).flatMap(([key, value]) => [flag, `${key}=${value}`]);
    await session.pulumi.must(["config", "set-all", "--stack", "beta", ...pairs]);
  }
}

test("many stacks are previewed at once, the same changes folded, one that cannot be is shown, and nothing is written", async () => {
  const { session } = holder;
  await addCustomers();
  await session.pulumi.must(["stack", "select", STACK]);
  const before = session.world.log.writes().length;
  const run = await session.operator(["preview", "--json", "--jobs", "2"]);
  const result = JSON.parse(run.stdout) as Result;
  expect(run.code).toBe(1);
  expect(result.stacks).toEqual(["beta", "broken", STACK]);
  expect(result.groups.map(({ stacks, danger }) => [stacks, danger])).toEqual([[["beta", STACK], "adds"]]);
  expect(result.failed.map(({ stack }) => stack)).toEqual(["broken"]);
  expect(result.failed[0]?.reason).toContain('the stack has no value for "shopifyApiSecret"');
  expect(result.red).toBe(true);
  expect(session.world.log.writes().length).toBe(before);
  const { secret } = session.world.stackConfig();
  Object.values(secret).forEach((value) => {
    expect(printed(run)).not.toContain(value);
  });
  const selected = await session.pulumi.must(["stack", "ls", "--json"]);
  const current = (JSON.parse(selected.stdout) as { name: string; current: boolean }[]).find((stack) => stack.current);
  expect(current?.name).toBe(STACK);
});

test("a deployment halts production after a test stack that cannot be, and brings up what is named", async () => {
  const { session } = holder;
  const production = join(session.workspace, "customers", "beta.yaml");
  const file = readFileSync(production, "utf8");
  writeFileSync(production, asProduction(file));
  const halted = await session.operator(["deploy", "beta", "broken", "--json"]);
  expect([halted.code, JSON.parse(halted.stdout)]).toMatchObject([
    1,
    {
      applied: false,
      results: [
        { stack: "broken", kind: "refused", reason: expect.stringContaining("the stack has no value for") as string },
        { stack: "beta", kind: "halted", reason: "not begun, because broken did not go well" },
      ],
    },
  ]);
  writeFileSync(production, file);
  const before = session.world.log.writes().length;
  expect(succeeded(await session.operator(["deploy", STACK])).stdout).toContain('Nothing was done: "--apply" does it.');
  expect(session.world.log.writes().length).toBe(before);
  const applied = succeeded(await session.operator(["deploy", STACK, "--apply", "--json"]));
  expect(JSON.parse(applied.stdout)).toMatchObject({ ok: true, results: [{ kind: "deployed", stack: STACK }] });
  expect(await session.outputs()).toMatchObject({ customer: STACK });
});

/** The example as a customer that must not be swept. */
function asProduction(file: string): string {
  return file
    .replace("environment: test", "environment: production")
    .replace(/^expiresOn: .*\n/m, "")
    .replace("finalBackup: false", "finalBackup: true")
    .replace(
      /^  # "baseImages".*\n/m,
      `  baseImages: { build: "sha256:${"a".repeat(64)}", base: "sha256:${"b".repeat(64)}" }\n`,
    );
}

function githubEnvironment({ url }: GitHubStandIn): Record<string, string> {
  return { GITHUB_API_URL: url, GITHUB_REPOSITORY: "agency/erpnext", GITHUB_TOKEN: "test-token" };
}

/** Makes the working copy a repository, or commits what has changed in it; the commit. */
function commit(workspace: string): string {
  const git = (...args: string[]): string => execFileSync("git", args, { cwd: workspace, encoding: "utf8" }).trim();
  git("init", "--quiet", "--initial-branch=main");
  git("add", "customers", "Pulumi.yaml");
  git("-c", "user.name=test", "-c", "user.email=test@example.com", "commit", "--quiet", "--message=change");
  return git("rev-parse", "HEAD");
}

test("what the workflows run: the waves since the last deployment, a fork's list, the one comment of a pull request", async () => {
  const { session } = holder;
  const { workspace } = session;
  const github = await GitHubStandIn.start();
  const [event, summary, output] = ["event.json", "summary.md", "output"].map((name) => join(workspace, name));
  const environment = {
    ...githubEnvironment(github),
    GITHUB_EVENT_PATH: event ?? "",
    GITHUB_STEP_SUMMARY: summary ?? "",
    GITHUB_OUTPUT: output ?? "",
    GITHUB_SHA: "",
  };
  const pullRequestFrom = (head: string): void => {
    const pull = { number: 7, head: { repo: { full_name: head } }, base: { repo: { full_name: "agency/erpnext" } } };
    writeFileSync(event ?? "", JSON.stringify({ pull_request: pull }));
  };
  try {
    const base = commit(workspace);
    github.runs.push({ head_sha: base, conclusion: "success" });
    const file = join(workspace, "customers", "beta.yaml");
    writeFileSync(file, readFileSync(file, "utf8").replace("dataDiskGb: 50", "dataDiskGb: 60"));
    environment.GITHUB_SHA = commit(workspace);

    succeeded(await session.operator(["deploy", "--matrix", "--github"], { environment }));
    expect(readFileSync(output ?? "", "utf8")).toBe('test=["beta"]\nproduction=[]\n');

    pullRequestFrom("stranger/erpnext");
    succeeded(await session.operator(["preview", "--since", base, "--list", "--github"], { environment }));
    expect(readFileSync(summary ?? "", "utf8")).toContain("## 1 stack affected\n\n- `beta`\n");
    expect(github.comments).toEqual([]);

    pullRequestFrom("agency/erpnext");
    succeeded(await session.operator(["preview", "--since", base, "--github"], { environment }));
    expect(github.comments.map(({ issue }) => issue)).toEqual([7]);
    expect(github.comments[0]?.body).toContain("## Preview: 1 of 1 stack changes");
    expect(github.comments[0]?.body).toContain(`Commit \`${environment.GITHUB_SHA.slice(0, 12)}\``);

    const before = environment.GITHUB_SHA;
    const intake = readFileSync(session.customerFile(), "utf8");
    rmSync(session.customerFile());
    environment.GITHUB_SHA = commit(workspace);
    const early = await session.operator(["preview", "--since", before, "--github"], { environment });
    writeFileSync(session.customerFile(), intake);
    expect(early.code).toBe(1);
    expect(github.comments.map(({ issue }) => issue)).toEqual([7]);
    expect(github.comments[0]?.body).toMatch(
      new RegExp(
        `## Preview: no stack is affected, 1 stack abandoned\n[^]*customers/${STACK}\\.yaml is gone, and the stack stays as it is, with \\d\\d+ resources`,
      ),
    );
  } finally {
    await github.close();
  }
});

test("a stack without a customer is found, of this project alone, and its issue is closed when its file is back", async () => {
  const { session } = holder;
  const github = await GitHubStandIn.start();
  const environment = { ...githubEnvironment(github), GITHUB_STEP_SUMMARY: "", GITHUB_SHA: "0123456789abcdef" };
  const look = (): Promise<PulumiRun> => session.operator(["drift", "--json", "--github"], { environment });
  const stacks = join(session.pulumi.stateDirectory, ".pulumi/stacks");
  try {
    cpSync(join(stacks, "erpnext", "beta.json"), join(stacks, "someone-elses", "other.json"));
    cpSync(join(stacks, "erpnext", "beta.json"), join(stacks, "erpnext", "tried.json"));
    const intake = readFileSync(session.customerFile(), "utf8");
    rmSync(session.customerFile());
    const found = await look();
    writeFileSync(session.customerFile(), intake);
    expect([found.code, JSON.parse(found.stdout)]).toMatchObject([
      1,
      {
        ok: false,
        drifted: [],
        notUp: ["beta", "broken"],
        failed: [],
        orphans: {
          kind: "searched",
          orphans: [
            {
              stack: STACK,
              next: `bring customers/${STACK}.yaml and customers/Pulumi.${STACK}.yaml back, then run "./stack teardown ${STACK} --apply"`,
            },
            { stack: "tried", resources: 0, next: 'run "pulumi stack rm tried"' },
          ],
        },
      },
    ]);
    expect(github.issues.map(({ title, state }) => [title, state])).toEqual([
      ["Stacks that belong to no customer", "open"],
    ]);
    succeeded(await session.pulumi.run(["stack", "rm", "tried", "--yes"]));
    expect(JSON.parse(succeeded(await look()).stdout)).toMatchObject({ inOrder: [STACK], orphans: { orphans: [] } });
    expect(github.issues.map(({ state }) => state)).toEqual(["closed"]);
  } finally {
    await github.close();
  }
});

test("drift is seen, kept as one issue at GitHub, and its issue is closed by the cure", async () => {
  const { session } = holder;
  const github = await GitHubStandIn.start();
  const environment = { ...githubEnvironment(github), GITHUB_STEP_SUMMARY: "" };
  const look = (...stacks: string[]): Promise<PulumiRun> =>
    session.operator(["drift", ...stacks, "--json", "--github"], {
      environment: { ...environment, GITHUB_SHA: "0123456789abcdef0123456789abcdef01234567" },
    });
  try {
    const calm = await session.operator(["drift", STACK, "beta", "--json"]);
    expect(JSON.parse(succeeded(calm).stdout)).toMatchObject({
      ok: true,
      inOrder: [STACK],
      notUp: ["beta"],
      failed: [],
    });
    session.world.shopify.loseSubscription("ORDERS_PAID");
    await session.frappe().update("Shopify Setting", "Shopify Setting", { sync_delivery_note: 0 });
    const writes = session.world.log.writes().length;
    const drifted = await look(STACK);
    expect([drifted.code, JSON.parse(drifted.stdout)]).toMatchObject([
      1,
      {
        drifted: [
          {
            stack: STACK,
            danger: "loses",
            changes: [{ name: "webhooks-orders-paid" }, { name: "settings-shopify-setting" }],
          },
        ],
      },
    ]);
    expect((await look(STACK)).stderr).not.toContain("Error");
    expect(session.world.log.writes().length).toBe(writes);
    expect(github.issues.map(({ title, state }) => [title, state])).toEqual([
      [`Drift: ${STACK} is not as its stack says`, "open"],
    ]);
    expect(github.issues[0]?.body).toContain(
      "- gone webhooks-orders-paid (WebhookSubscription), which loses deliveries",
    );
    expect(github.issues[0]?.body).toContain("+   values.sync_delivery_note: 0");
    Object.values(session.world.stackConfig().secret).forEach((value) => {
      expect(`${printed(drifted)}${JSON.stringify(github.issues)}`).not.toContain(value);
    });
    succeeded(await session.refresh());
    succeeded(await session.up());
    succeeded(await look(STACK));
    expect([github.issues.map(({ state }) => state), github.comments.map(({ body }) => body)]).toEqual([
      ["closed"],
      [`Cured: \`${STACK}\` is as its stack says again.`],
    ]);
  } finally {
    await github.close();
  }
});

test("of stacks that are up only what differs is shown, and a loss turns it red", async () => {
  const { session } = holder;
  const calm = await session.operator(["preview", STACK, "--json"]);
  expect(JSON.parse(succeeded(calm).stdout)).toMatchObject({ unchanged: [STACK], groups: [], failed: [], red: false });
  session.editCustomer((document) => {
    document.setIn(["gcp", "zone"], "europe-west3-b");
  });
  const losing = await session.operator(["preview", STACK]);
  expect(losing.code).toBe(1);
  expect(losing.stdout).toContain(`loses: ${STACK}`);
  expect(losing.stdout).toMatch(
    /! replace server-data \(Disk\), because of .*zone, which loses all data of the server/,
  );
});

describe("policies", () => {
  /** An edit of the program that a review can overlook. */
  function openSsh(): () => void {
    const file = join(holder.session.workspace, "components/server-network.ts");
    const before = readFileSync(file, "utf8");
    const after = before.replace("sourceRanges: [IAP_RANGE]", 'sourceRanges: ["0.0.0.0/0"]');
    expect(after).not.toBe(before);
    writeFileSync(file, after);
    return () => {
      writeFileSync(file, before);
    };
  }

  const pack = (): string => join(holder.session.workspace, "infra/policy/pack");
  const REFUSAL = '"network-iap-ssh" opens port 22 to "0.0.0.0/0": let only 35.235.240.0/20 in';

  test("what is up keeps them, by the engine's own account too", async () => {
    const { session } = holder;
    session.editCustomer((document) => {
      document.setIn(["gcp", "zone"], "europe-west3-a");
    });
    const run = succeeded(await session.preview(["--policy-pack", pack()]));
    expect(run.stdout).toMatch(/Policies:\n.*✅ erpnext@v/);
  });

  test("one that is broken turns the preview red, and the engine refuses the update before anything is written", async () => {
    const { session } = holder;
    const restore = openSsh();
    try {
      const run = await session.operator(["preview", STACK, "--json"]);
      expect(run.code).toBe(1);
      expect(JSON.parse(run.stdout)).toMatchObject({
        breaches: [{ rule: "no-public-ssh", message: expect.stringContaining(REFUSAL) as string, stacks: [STACK] }],
        failed: [],
        red: true,
      });
      const before = session.world.log.writes().length;
      const update = await session.up([], { environment: { PULUMI_OPTION_POLICY_PACK: pack() } });
      expect(update.code).not.toBe(0);
      expect(oneLine(printed(update))).toContain("[mandatory] no-public-ssh (gcp:compute:Firewall: network-iap-ssh)");
      expect(oneLine(printed(update))).toContain(REFUSAL);
      expect(session.world.log.writes().slice(before)).toEqual([]);
    } finally {
      restore();
    }
  });
});

test("a customer that there is not is refused with those that there are", async () => {
  const run = await holder.session.operator(["preview", "missing"]);
  expect([run.code, run.stderr]).toEqual([
    1,
    `there is no customers/missing.yaml: choose among beta, broken, ${STACK}.\n`,
  ]);
});
