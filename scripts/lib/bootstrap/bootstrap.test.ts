import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { PassThrough } from "node:stream";

import { buildSync } from "esbuild";

import { Terminal } from "../cli/terminal";
import { defaultBucket, githubVariables, refuseNames, secretsProvider, type Foundation } from "./foundation";
import { Gcloud, shellWords } from "./gcloud";
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
  customerProjects: ["acme-erpnext"],
};

const step = (title: string): Step => {
  const found = bootstrapSteps(FOUNDATION).find((one) => one.title.startsWith(title));
  if (found === undefined) throw new Error(`no step "${title}"`);
  return found;
};

/** A verdict in one line; the commands without what every command of the step has. */
function shown(verdict: Verdict): string {
  if (verdict.kind === "right") return "right";
  if (verdict.kind === "stuck") return `stuck: ${verdict.what}`;
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
  const mend = "storage buckets update gs://agency-platform-pulumi-state";
  const provider = {
    state: "ACTIVE",
    attributeCondition: "assertion.repository == 'agency/erpnext'",
    attributeMapping: {
      "attribute.ref": "assertion.ref",
      "attribute.repository": "assertion.repository",
      "google.subject": "assertion.sub",
    },
    oidc: { issuerUri: "https://token.actions.githubusercontent.com" },
  };
  const update = "iam workload-identity-pools providers update-oidc";

  test.each<[string, unknown, string]>([
    ["state bucket", bucket, "right"],
    ["state bucket", undefined, `does not exist -> storage buckets create gs://agency-platform-pulumi-state; ${mend}`],
    ["state bucket", { ...bucket, versioning_enabled: false }, `keeps no versions -> ${mend}`],
    ["state bucket", { ...bucket, public_access_prevention: "inherited" }, `can be opened to the public -> ${mend}`],
    [
      "state bucket",
      { ...bucket, uniform_bucket_level_access: undefined },
      `has access lists of its own a file -> ${mend}`,
    ],
    ["state bucket", { ...bucket, lifecycle_config: undefined }, `has another rule for old versions -> ${mend}`],
    [
      "state bucket",
      { ...bucket, location: "US" },
      "stuck: gs://agency-platform-pulumi-state is in US, not in europe-west3",
    ],
    ["key ring", {}, "right"],
    ["key ring", undefined, "does not exist -> kms keyrings create pulumi"],
    ["key stacks", { purpose: "ENCRYPT_DECRYPT" }, "right"],
    ["key stacks", { purpose: "MAC" }, "stuck: the key stacks is for MAC, not for encryption"],
    ["service account erpnext-deployer", { email: "x" }, "right"],
    [
      "service account erpnext-deployer",
      { disabled: true },
      "is disabled -> iam service-accounts enable erpnext-deployer@agency-platform.iam.gserviceaccount.com",
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

  test("a role that somebody has for a while, or somebody else has, is none", () => {
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

test("only the main branch becomes the deployer, and only this repository anybody", () => {
  const commands = ["who may become erpnext-deployer", "who may become erpnext-reader"].map((title) => {
    const verdict = step(title).judge(undefined);
    return verdict.kind === "todo"
      ? verdict.commands.map((argv) => argv.find((word) => word.startsWith("--member=")))
      : [];
  });
  const pool =
    "--member=principalSet://iam.googleapis.com/projects/123456789/locations/global/workloadIdentityPools/github";
  expect(commands).toEqual([
    [`${pool}/attribute.ref/refs/heads/main`],
    [`${pool}/attribute.repository/agency/erpnext`],
  ]);
});

test("what is set at GitHub and at Pulumi follows from the names", () => {
  expect(githubVariables(FOUNDATION)).toEqual({
    GCP_WORKLOAD_IDENTITY_PROVIDER: "projects/123456789/locations/global/workloadIdentityPools/github/providers/github",
    GCP_DEPLOYER: "erpnext-deployer@agency-platform.iam.gserviceaccount.com",
    GCP_READER: "erpnext-reader@agency-platform.iam.gserviceaccount.com",
    PULUMI_BACKEND_URL: "gs://agency-platform-pulumi-state",
  });
  expect(secretsProvider(FOUNDATION)).toBe(
    "gcpkms://projects/agency-platform/locations/europe-west3/keyRings/pulumi/cryptoKeys/stacks",
  );
  expect(defaultBucket("agency-platform")).toBe(FOUNDATION.bucket);
  const files = readdirSync(join(ROOT, ".github/workflows")).map((name) =>
    readFileSync(join(ROOT, ".github/workflows", name), "utf8"),
  );
  const asked = new Set(files.flatMap((text) => [...text.matchAll(/vars\.(\w+)/g)].map(([, name]) => name)));
  expect([...asked].sort()).toEqual(Object.keys(githubVariables(FOUNDATION)).sort());
});

test.each([
  [{ project: "Agency" }, '"--project" is "Agency": give one like "agency-platform".'],
  [{ location: "EU" }, '"--location" is "EU": give one like "europe-west3".'],
  [{ bucket: "gs://x" }, '"--bucket" is "gs://x": give one like "agency-platform-pulumi-state".'],
  [
    { repository: "agency/erpnext' || true" },
    '"--repository" is "agency/erpnext\' || true": give one like "agency/erpnext".',
  ],
  [{ customerProjects: ["a"] }, '"--customer-project" is "a": give one like "acme-erpnext".'],
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
  let program: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "bootstrap-"));
    mkdirSync(join(directory, "bin"));
    program = join(directory, "bin", "gcloud");
    const { outputFiles } = buildSync({
      entryPoints: [join(__dirname, "testing/gcloud.ts")],
      bundle: true,
      platform: "node",
      write: false,
      banner: { js: `#!${process.execPath}` },
    });
    writeFileSync(program, outputFiles[0]?.contents ?? "");
    chmodSync(program, 0o755);
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
    };
    writeFileSync(stateFile(), JSON.stringify({ projects, things: {}, policies: {}, done: [], looks: 0 }));
  });

  const gcloud = (): Gcloud =>
    new Gcloud({
      environment: { GCLOUD_STATE: stateFile(), PATH: [join(directory, "bin"), process.env["PATH"]].join(delimiter) },
      signal: new AbortController().signal,
      patience: { maxWaitMs: 60_000, tries: 5, firstDelayMs: 1 },
    });
  async function run(
    apply: boolean,
    foundation = FOUNDATION,
  ): Promise<{ results: readonly StepResult[]; text: string }> {
    const stdout = new PassThrough();
    const terminal = new Terminal({ json: false, stdout, stderr: new PassThrough() });
    const results = await runSteps(foundation, { gcloud: gcloud(), terminal, apply });
    return { results, text: String(stdout.read() ?? "") };
  }
  const states = (results: readonly StepResult[]): string[] => [...new Set(results.map((one) => one.state))];

  test("a dry run changes nothing, and says each step, why, and the very command", async () => {
    const { results, text } = await run(false);
    expect([states(results), state().done, results.length]).toEqual([["todo"], [], 14]);
    expect(text).toContain(
      "! key stacks: does not exist\n    encrypts the secrets of every stack\n    gcloud kms keys create stacks " +
        "--keyring=pulumi --location=europe-west3 --project=agency-platform --purpose=encryption\n",
    );
    expect(text).toContain(`'--attribute-condition=assertion.repository == '\\''agency/erpnext'\\'''`);
  });

  test("an interrupted run goes on where it was, waits for what Google does not know yet, and the next changes nothing", async () => {
    change({ endBefore: 5 });
    await expect(run(true)).rejects.toThrow(/^"gcloud iam service-accounts create .*" failed/);
    change({ endBefore: -1, late: 3 });
    const { results } = await run(true);
    expect(results.slice(0, 4).map((one) => one.state)).toEqual(["right", "right", "right", "right"]);
    expect(results.slice(4).every((one) => one.state === "made")).toBe(true);
    const { done, projects } = state();
    const roles = DEPLOYER_ROLES.length + READER_ROLES.length;
    // Two commands for the bucket, and two each for the access to state and key; one for every other step but the last.
    expect([done.length, new Set(done).size]).toEqual([16 + roles, 16 + roles]);
    expect(projects["acme-erpnext"]?.policy.bindings).toHaveLength(roles);
    const again = await run(true);
    expect([states(again.results), state().done]).toEqual([["right"], done]);
    expect(again.text).toContain("state bucket gs://agency-platform-pulumi-state: is as it should be");

    const { things } = state();
    Object.assign(things["storage buckets gs://agency-platform-pulumi-state"] ?? {}, { versioning_enabled: false });
    change({ things });
    const mended = (await run(true)).results.filter((one) => one.state !== "right");
    expect(mended).toEqual([
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
      '"gcloud kms keys create stacks --keyring=pulumi --location=europe-west3 --project=agency-platform ' +
        '--purpose=encryption" failed (ERROR: (gcloud.kms.keys) PERMISSION_DENIED: Permission denied on resource ' +
        "(or it may not exist).): mend that and run the same command again; what is there already is left alone.",
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
        secretsProvider: secretsProvider(FOUNDATION),
      },
    ]);
    expect(bootstrap("--project", "agency-platform").status).toBe(2);
  });

  test("the project's number is asked for; one that is not there is refused", async () => {
    expect(await projectNumber(gcloud(), "agency-platform")).toBe("123456789");
    await expect(projectNumber(gcloud(), "nobody")).rejects.toThrow(
      'there is no project "nobody": make it and give it a billing account, or name another one with "--project".',
    );
  });
});
