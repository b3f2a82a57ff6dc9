import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { PassThrough } from "node:stream";

import { buildSync } from "esbuild";

import { Terminal } from "../cli/terminal";
import { defaultBucket, githubVariables, refuseNames, secretsProvider, type Foundation } from "./foundation";
import { CloudShell, shellWords } from "./cloud-shell";
import { DEPLOYER_ROLES, READER_ROLES } from "./roles";
import { projectNumber, runSteps, type StepResult } from "./run";
import lifecycle from "./state-lifecycle.json";
import { judgeGrants, type Step, type Verdict } from "./step";
import { bootstrapSteps } from "./steps";
import type { GcloudState } from "./testing/gcloud";

jest.setTimeout(120_000);

const ROOT = join(__dirname, "../../..");

const FOUNDATION: Foundation = {
  project: "agency-platform",
  projectNumber: "123456789",
  location: "europe-west3",
  bucket: "agency-platform-pulumi-state",
  repository: "agency/erpnext",
  repositoryId: "987",
  ownerId: "654",
  customerProjects: { test: ["demo-erpnext"], production: ["acme-erpnext"] },
};

const step = (title: string): Step => {
  const found = bootstrapSteps(FOUNDATION).find((one) => one.title.startsWith(title));
  if (found === undefined) throw new Error(`no step "${title}"`);
  return found;
};

const exactly = (title: string): Step => {
  const found = bootstrapSteps(FOUNDATION).find((one) => one.title === title);
  if (found === undefined) throw new Error(`no step "${title}"`);
  return found;
};

/** A verdict in one line; the commands without what every command of the step has. */
function shown(verdict: Verdict): string {
  if (verdict.kind === "right") return "right";
  if (verdict.kind !== "todo") return `${verdict.kind}: ${verdict.what}`;
  return `${verdict.what} -> ${verdict.commands.map((argv) => argv.slice(0, 4).join(" ")).join("; ")}`;
}

describe("what is there is judged", () => {
  const bucket = {
    location: "EUROPE-WEST3",
    versioning_enabled: true,
    uniform_bucket_level_access: true,
    public_access_prevention: "enforced",
    lifecycle_config: lifecycle,
  };
  const repair = "storage buckets update gs://agency-platform-pulumi-state";
  const provider = {
    state: "ACTIVE",
    attributeCondition: "assertion.repository_id == '987' && assertion.repository_owner_id == '654'",
    attributeMapping: {
      "attribute.deployment": "assertion.environment + '@' + assertion.ref",
      "attribute.environment": "assertion.environment",
      "google.subject": "assertion.sub",
    },
    oidc: { issuerUri: "https://token.actions.githubusercontent.com" },
  };
  const update = "iam workload-identity-pools providers update-oidc";

  test.each<[string, unknown, string]>([
    ["state bucket", bucket, "right"],
    [
      "state bucket",
      undefined,
      `does not exist -> storage buckets create gs://agency-platform-pulumi-state; ${repair}`,
    ],
    ["state bucket", { ...bucket, versioning_enabled: false }, `keeps no versions -> ${repair}`],
    ["state bucket", { ...bucket, public_access_prevention: "inherited" }, `can be opened to the public -> ${repair}`],
    [
      "state bucket",
      { ...bucket, uniform_bucket_level_access: undefined },
      `has access lists of its own a file -> ${repair}`,
    ],
    ["state bucket", { ...bucket, lifecycle_config: undefined }, `has another rule for old versions -> ${repair}`],
    [
      "state bucket",
      { ...bucket, location: "US" },
      "stuck: gs://agency-platform-pulumi-state is in US, not in europe-west3",
    ],
    ["key ring", {}, "right"],
    ["key ring", undefined, "does not exist -> kms keyrings create pulumi"],
    ["key stacks-test", { purpose: "ENCRYPT_DECRYPT" }, "right"],
    ["key stacks-test", undefined, "does not exist -> kms keys create stacks-test"],
    ["key stacks-test", { purpose: "MAC" }, "stuck: the key stacks-test is for MAC, not for encryption"],
    ["service account erpnext-deployer", { email: "x" }, "right"],
    [
      "service account erpnext-deployer-test",
      { disabled: true },
      "is disabled -> iam service-accounts enable erpnext-deployer-test@agency-platform.iam.gserviceaccount.com",
    ],
    ["workload identity pool", { state: "ACTIVE" }, "right"],
    ["workload identity pool", { state: "DELETED" }, "was deleted -> iam workload-identity-pools undelete github"],
    ["provider", provider, "right"],
    ["provider", { ...provider, state: "DELETED" }, "was deleted -> iam workload-identity-pools providers undelete"],
    ["provider", { ...provider, attributeCondition: "true" }, `lets in whom "true" describes -> ${update}`],
    ["provider", { ...provider, attributeMapping: {} }, `maps other claims -> ${update}`],
    [
      "provider",
      { ...provider, oidc: { issuerUri: "https://evil.example" } },
      `believes "https://evil.example" -> ${update}`,
    ],
    [
      "APIs of acme",
      [{ config: { name: "serviceusage.googleapis.com" } }],
      "has not enabled cloudresourcemanager.googleapis.com -> services enable cloudresourcemanager.googleapis.com --project=acme-erpnext",
    ],
  ])("%s, found %j: %s", (title, found, expected) => {
    expect(shown(step(title).judge(found))).toBe(expected);
  });

  test("a role that someone has for a while, or another member has, does not count", () => {
    const [grant, other] = [
      { role: "roles/a", member: "user:a" },
      { role: "roles/b", member: "user:b" },
    ];
    const policy = {
      bindings: [
        { role: "roles/a", members: ["user:a"], condition: { title: "until friday" } },
        { role: "roles/b", members: ["user:c", "user:b"] },
        { role: "roles/a", members: ["user:b"] },
      ],
    };
    expect(shown(judgeGrants(policy, [grant, other], ({ role, member }) => [role, member]))).toBe(
      "lacks roles/a for user:a -> roles/a user:a",
    );
    expect(judgeGrants(undefined, [], () => [])).toEqual({ kind: "right" });
  });
});

test("every role is for a resource, and every service of a stack's has its roles", () => {
  const sources = ["components", "infra"].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => readFileSync(join(ROOT, folder, name), "utf8")),
  );
  const used = new Set(sources.flatMap((text) => [...text.matchAll(/@pulumi\/gcp\/(\w+)\//g)].map(([, name]) => name)));
  for (const roles of [DEPLOYER_ROLES, READER_ROLES]) {
    expect([...new Set(roles.flatMap(({ services }) => services))].sort()).toEqual([...used].sort());
  }
  expect(READER_ROLES.filter(({ role }) => /admin|editor|owner|User$/i.test(role))).toEqual([]);
  expect([...DEPLOYER_ROLES, ...READER_ROLES].filter(({ role }) => /roles\/(owner|editor|viewer)$/.test(role))).toEqual(
    [],
  );
});

describe("who becomes whom", () => {
  const POOL = "principalSet://iam.googleapis.com/projects/123456789/locations/global/workloadIdentityPools/github";
  const IMPERSONATE = "roles/iam.workloadIdentityUser";

  test.each([
    ["erpnext-deployer-test", ["attribute.deployment/test@refs/heads/main"]],
    ["erpnext-deployer", ["attribute.deployment/production@refs/heads/main"]],
    ["erpnext-reader", ["attribute.environment/preview", "attribute.deployment/watch@refs/heads/main"]],
  ])("%s is for jobs of an environment alone", (account, attributes) => {
    const verdict = exactly(`who may become ${account}`).judge(undefined);
    const members = verdict.kind === "todo" ? verdict.commands.map((argv) => argv.at(-2)) : [];
    expect(members).toEqual(attributes.map((attribute) => `--member=${POOL}/${attribute}`));
  });

  test("members that were let in before are removed", () => {
    const right = { role: IMPERSONATE, members: [`${POOL}/attribute.deployment/production@refs/heads/main`] };
    const old = { role: IMPERSONATE, members: [`${POOL}/attribute.ref/refs/heads/main`] };
    const other = { role: "roles/iam.serviceAccountTokenCreator", members: ["user:ann@example.com"] };
    const verdict = exactly("who may become erpnext-deployer").judge({ bindings: [right, old, other] });
    expect(verdict).toEqual({
      kind: "todo",
      what: `also gives ${IMPERSONATE} to ${POOL}/attribute.ref/refs/heads/main`,
      commands: [
        [
          ...["iam", "service-accounts", "remove-iam-policy-binding"],
          ...["erpnext-deployer@agency-platform.iam.gserviceaccount.com", "--project=agency-platform"],
          ...[`--member=${POOL}/attribute.ref/refs/heads/main`, `--role=${IMPERSONATE}`],
        ],
      ],
    });
  });

  test("a test customer's deployer neither reads production's secrets nor changes its projects", () => {
    const named = (title: string) => JSON.stringify(exactly(title).judge(undefined));
    for (const title of ["access to the key stacks", "access to acme-erpnext"]) {
      expect(named(title)).toContain("serviceAccount:erpnext-deployer@");
      expect(named(title)).not.toContain("erpnext-deployer-test@");
    }
    for (const title of ["access to the key stacks-test", "access to demo-erpnext"]) {
      expect(named(title)).toContain("serviceAccount:erpnext-deployer-test@");
      expect(named(title)).not.toContain("serviceAccount:erpnext-deployer@");
    }
  });
});

describe("what GitHub guards", () => {
  const guarded = {
    required_pull_request_reviews: { require_code_owner_reviews: true, required_approving_review_count: 1 },
    enforce_admins: { enabled: true },
    allow_force_pushes: { enabled: false },
    allow_deletions: { enabled: false },
  };
  const onMain = { deployment_branch_policy: { protected_branches: true } };
  const reviewed = { protection_rules: [{ type: "required_reviewers" }] };
  const all = {
    environments: [
      { name: "preview", ...reviewed, deployment_branch_policy: null },
      { name: "watch", ...onMain },
      { name: "test", ...onMain },
      { name: "production", ...onMain, ...reviewed },
    ],
  };
  const open = {
    environments: all.environments.map(({ name }) => ({ name, deployment_branch_policy: null, protection_rules: [] })),
  };

  test.each<[string, unknown, string]>([
    ["protection", guarded, "right"],
    ["protection", undefined, "does not exist -> api --method PUT repos/agency/erpnext/branches/main/protection"],
    ["protection", { ...guarded, enforce_admins: { enabled: false } }, "by hand: leaves administrators out"],
    [
      "protection",
      { allow_force_pushes: { enabled: true }, allow_deletions: { enabled: true }, enforce_admins: { enabled: true } },
      "by hand: asks for no approval, does not ask the code owners, lets history be rewritten, lets the branch be deleted",
    ],
    ["environments", all, "right"],
    [
      "environments",
      { environments: all.environments.slice(0, 3) },
      "lack production -> api --method PUT repos/agency/erpnext/environments/production",
    ],
    ["environments", open, "by hand: watch, test, production may be used from other branches than main"],
    ["reviewers", all, "right"],
    ["reviewers", open, "by hand: preview and production have none"],
    [
      "reviewers",
      { environments: [all.environments[0], ...open.environments.slice(1)] },
      "by hand: production has none",
    ],
  ])("%s, found %j: %s", (title, found, expected) => {
    expect(shown(step(title).judge(found))).toBe(expected);
  });
});

test("what is set at GitHub and at Pulumi follows from the names", () => {
  expect(githubVariables(FOUNDATION)).toEqual([
    {
      name: "GCP_WORKLOAD_IDENTITY_PROVIDER",
      value: "projects/123456789/locations/global/workloadIdentityPools/github/providers/github",
    },
    { name: "GCP_READER", value: "erpnext-reader@agency-platform.iam.gserviceaccount.com" },
    { name: "PULUMI_BACKEND_URL", value: "gs://agency-platform-pulumi-state" },
    {
      name: "GCP_DEPLOYER",
      value: "erpnext-deployer-test@agency-platform.iam.gserviceaccount.com",
      environment: "test",
    },
    {
      name: "GCP_DEPLOYER",
      value: "erpnext-deployer@agency-platform.iam.gserviceaccount.com",
      environment: "production",
    },
  ]);
  const keys = "gcpkms://projects/agency-platform/locations/europe-west3/keyRings/pulumi/cryptoKeys";
  expect(secretsProvider(FOUNDATION, "test")).toBe(`${keys}/stacks-test`);
  expect(secretsProvider(FOUNDATION, "production")).toBe(`${keys}/stacks`);
  expect(defaultBucket("agency-platform")).toBe(FOUNDATION.bucket);
  const files = readdirSync(join(ROOT, ".github/workflows")).map((name) =>
    readFileSync(join(ROOT, ".github/workflows", name), "utf8"),
  );
  const asked = new Set(files.flatMap((text) => [...text.matchAll(/vars\.(\w+)/g)].map(([, name]) => name)));
  expect([...asked].sort()).toEqual([...new Set(githubVariables(FOUNDATION).map(({ name }) => name))].sort());
});

test.each([
  [{ project: "Agency" }, '"--project" is "Agency": give one like "agency-platform".'],
  [{ location: "EU" }, '"--location" is "EU": give one like "europe-west3".'],
  [{ bucket: "gs://x" }, '"--bucket" is "gs://x": give one like "agency-platform-pulumi-state".'],
  [
    { repository: "agency/erpnext' || true" },
    '"--repository" is "agency/erpnext\' || true": give one like "agency/erpnext".',
  ],
  [{ customerProjects: { test: [], production: ["a"] } }, '"--customer-project" is "a": give one like "acme-erpnext".'],
  [{ customerProjects: { test: ["a"], production: [] } }, '"--test-project" is "a": give one like "acme-erpnext".'],
])("a name of another form is refused: %j", (change, sentence) => {
  expect(() => {
    refuseNames({ ...FOUNDATION, ...change });
  }).toThrow(sentence);
  expect(() => {
    refuseNames(FOUNDATION);
  }).not.toThrow();
});

test("a command can be typed as it is printed", () => {
  expect(shellWords(["x", "--a=b c", "it's", "plain.word/1"])).toBe(`gcloud x '--a=b c' 'it'\\''s' plain.word/1`);
});

describe("with a gcloud", () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "bootstrap-"));
    mkdirSync(join(directory, "bin"));
    for (const name of ["gcloud", "gh"]) {
      const program = join(directory, "bin", name);
      const { outputFiles } = buildSync({
        entryPoints: [join(__dirname, `testing/${name}.ts`)],
        bundle: true,
        platform: "node",
        write: false,
        banner: { js: `#!${process.execPath}` },
      });
      writeFileSync(program, outputFiles[0]?.contents ?? "");
      chmodSync(program, 0o755);
    }
  });
  afterAll(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  const stateFile = (): string => join(directory, "state.json");
  const state = (): GcloudState => JSON.parse(readFileSync(stateFile(), "utf8")) as GcloudState;
  const change = (changes: Partial<GcloudState>): void => {
    writeFileSync(stateFile(), JSON.stringify({ ...state(), ...changes }));
  };
  beforeEach(() => {
    const project = { lifecycleState: "ACTIVE", apis: [], policy: { bindings: [] } };
    const projects = {
      "agency-platform": { ...project, projectNumber: "123456789" },
      "acme-erpnext": { ...project, projectNumber: "987654321" },
      "demo-erpnext": { ...project, projectNumber: "987654322" },
    };
    const github = { environments: [] };
    writeFileSync(stateFile(), JSON.stringify({ projects, things: {}, policies: {}, github, done: [], looks: 0 }));
  });

  const shell = (): CloudShell =>
    new CloudShell({
      environment: { GCLOUD_STATE: stateFile(), PATH: [join(directory, "bin"), process.env["PATH"]].join(delimiter) },
      signal: new AbortController().signal,
      patience: { maxWaitMs: 60_000, tries: 5, firstDelayMs: 1 },
    });
  async function run(
    apply: boolean,
    foundation = FOUNDATION,
  ): Promise<{ results: readonly StepResult[]; text: string }> {
    const stdout = new PassThrough({ highWaterMark: 1_000_000 });
    const terminal = new Terminal({ json: false, stdout, stderr: new PassThrough() });
    const results = await runSteps(foundation, { shell: shell(), terminal, apply });
    return { results, text: String(stdout.read() ?? "") };
  }
  const states = (results: readonly StepResult[]): string[] => [...new Set(results.map((one) => one.state))];

  test("a dry run changes nothing, and says each step, why, and the very command", async () => {
    const { results, text } = await run(false);
    expect([states(results), state().done, results.length]).toEqual([["todo", "by hand"], [], 23]);
    expect(text).toContain(
      "! key stacks: does not exist\n    encrypts the secrets of every production stack\n    gcloud kms keys create stacks " +
        "--keyring=pulumi --location=europe-west3 --project=agency-platform --purpose=encryption --destroy-scheduled-duration=120d\n",
    );
    expect(text).toContain(`'--attribute-condition=assertion.repository_id == '\\''987'\\'' && `);
    expect(text).toContain("gh api --method PUT repos/agency/erpnext/branches/main/protection -F ");
  });

  test("an interrupted run goes on where it was, waits for what Google does not know yet, and the next changes nothing", async () => {
    change({ endBefore: 6 });
    await expect(run(true)).rejects.toThrow(/^"gcloud iam service-accounts create .*" failed/);
    change({ endBefore: -1, late: 3 });
    const { results } = await run(true);
    expect(results.slice(0, 5).every((one) => one.state === "right")).toBe(true);
    expect(results.slice(5, -1).every((one) => one.state === "made")).toBe(true);
    expect(results.at(-1)).toMatchObject({ title: "reviewers of preview and production", state: "by hand" });
    const { done, projects } = state();
    const roles = DEPLOYER_ROLES.length + READER_ROLES.length;
    const atGithub = done.filter((command) => command.startsWith("gh "));
    expect(atGithub).toEqual([
      "gh PUT repos/agency/erpnext/branches/main/protection",
      ...["preview", "watch", "test", "production"].map((name) => `gh PUT repos/agency/erpnext/environments/${name}`),
    ]);
    // Two commands for the bucket, the reader and each key's access, three for the state's; one for each other step at Google.
    const google = 24 + 2 * roles;
    expect([done.length, new Set(done).size]).toEqual([google + 5, google + 5]);
    expect(projects["acme-erpnext"]?.policy.bindings).toHaveLength(roles);
    const again = await run(true);
    expect([states(again.results), state().done]).toEqual([["right", "by hand"], done]);
    expect(again.text).toContain("state bucket gs://agency-platform-pulumi-state: is as it should be");

    const { things } = state();
    Object.assign(things["storage buckets gs://agency-platform-pulumi-state"] ?? {}, { versioning_enabled: false });
    change({ things });
    const repaired = (await run(true)).results.filter((one) => !["right", "by hand"].includes(one.state));
    expect(repaired).toEqual([
      {
        title: "state bucket gs://agency-platform-pulumi-state",
        state: "made",
        what: "keeps no versions",
        commands: [expect.stringContaining("--versioning")],
      },
    ]);
    const elsewhere = await run(true, { ...FOUNDATION, location: "europe-west1" });
    expect(elsewhere.results.map((one) => one.state)).toEqual(["right", "stuck"]);
  });

  test("a permission that is missing stops it with one sentence", async () => {
    change({ deny: "kms keys create" });
    await expect(run(true)).rejects.toThrow(
      '"gcloud kms keys create stacks-test --keyring=pulumi --location=europe-west3 --project=agency-platform ' +
        '--purpose=encryption --destroy-scheduled-duration=120d" failed (ERROR: (gcloud.kms.keys) PERMISSION_DENIED: Permission denied on resource ' +
        "(or it may not exist).): fix that and run the same command again; what is there already is left alone.",
    );
    expect(state().done.at(-1)).toMatch(/^kms keyrings create pulumi /);
  });

  test("the command says what there is to do and what is set where, and takes no name for granted", () => {
    const bootstrap = (...args: string[]): SpawnSyncReturns<string> =>
      spawnSync(process.execPath, ["--import", "tsx", "scripts/stack.ts", "bootstrap", ...args], {
        cwd: ROOT,
        encoding: "utf8",
        env: {
          ...process.env,
          GCLOUD_STATE: stateFile(),
          PATH: [join(directory, "bin"), process.env["PATH"]].join(delimiter),
        },
      });
    const names = ["--project", "agency-platform", "--location", "europe-west3", "--repository", "agency/erpnext"];
    const { status, stdout } = bootstrap(...names, "--json");
    expect([status, JSON.parse(stdout)]).toMatchObject([
      0,
      {
        ok: false,
        applied: false,
        variables: githubVariables(FOUNDATION),
        secretsProviders: {
          test: secretsProvider(FOUNDATION, "test"),
          production: secretsProvider(FOUNDATION, "production"),
        },
      },
    ]);
    expect(bootstrap("--project", "agency-platform").status).toBe(2);
  });

  test("the project's number is asked for; one that is not there is refused", async () => {
    expect(await projectNumber(shell(), "agency-platform")).toBe("123456789");
    await expect(projectNumber(shell(), "missing")).rejects.toThrow(
      'there is no project "missing": make it and give it a billing account, or name another one with "--project".',
    );
  });
});
