import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { parse } from "yaml";

import { ensureActionlint } from "../tools/actionlint";

/** A first build takes a while. */
const BUILD_LIMIT_MS = 600_000;

const ROOT = join(__dirname, "..");
const DIRECTORY = ".github/workflows";
const FILES = readdirSync(join(ROOT, DIRECTORY)).map((name) => `${DIRECTORY}/${name}`);
const SETUP = ".github/actions/setup/action.yml";
const SCRIPTS = Object.keys(
  (JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { scripts: Record<string, string> }).scripts,
);

/** The condition that keeps a job of a pull request away from forks, and from bots: their code would run with its identity. */
const TRUSTED =
  "github.event.pull_request.head.repo.full_name == github.repository " +
  "&& github.event.pull_request.user.type != 'Bot' && !endsWith(github.actor, '[bot]')";

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

interface Job {
  readonly if?: string;
  readonly "timeout-minutes"?: number;
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly concurrency?: Readonly<Record<string, unknown>>;
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly on: unknown;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly concurrency?: Readonly<Record<string, unknown>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const text = (file: string): string => readFileSync(join(ROOT, file), "utf8");
const workflow = (file: string): Workflow => parse(text(file)) as Workflow;
const named = (name: string): Workflow => workflow(`${DIRECTORY}/${name}.yml`);
const jobsOf = (file: string): [string, Job][] => Object.entries(workflow(file).jobs);

/** Names of the events that start a workflow. */
function events(on: unknown): string[] {
  return typeof on === "string" ? [on] : Array.isArray(on) ? on.map(String) : Object.keys(on as object);
}

/** What a workflow does that it may not; a sentence each. */
function faultsOf({ on, permissions, jobs }: Workflow): string[] {
  const faults: string[] = [];
  if (events(on).some((event) => event === "pull_request_target" || event === "workflow_run")) {
    faults.push("runs with secrets on code of strangers");
  }
  if (JSON.stringify(permissions) !== '{"contents":"read"}') faults.push("has more than contents: read for all jobs");
  for (const [name, job] of Object.entries(jobs)) {
    if (job["timeout-minutes"] === undefined) faults.push(`${name} has no time limit`);
    const trusted = Object.values(job.permissions ?? {}).includes("write") || JSON.stringify(job).includes("secrets.");
    if (trusted && events(on).includes("pull_request") && job.if !== TRUSTED)
      faults.push(`${name} trusts forks or bots`);
    faults.push(...job.steps.flatMap(stepFaults).map((fault) => `${name} ${fault}`));
  }
  return faults;
}

function stepFaults({ uses, run }: Step): string[] {
  if (uses !== undefined) {
    return uses.startsWith("./") || /^[\w.-]+\/[\w.-]+@[0-9a-f]{40}$/.test(uses)
      ? []
      : [`uses ${uses}, which is not pinned`];
  }
  const [, script] = /^npm run ([\w:-]+)( -- .*)?$/.exec(run ?? "") ?? [];
  if (run === "npm ci" || (script !== undefined && SCRIPTS.includes(script))) return [];
  return [`runs "${run ?? ""}", which is no npm script`];
}

test("there are those that the README names", () => {
  expect(FILES.map((file) => file.slice(DIRECTORY.length + 1)).sort()).toEqual([
    "check.yml",
    "deploy.yml",
    "drift.yml",
    "expire.yml",
    "health.yml",
    "nightly.yml",
    "preview.yml",
  ]);
});

test.each(FILES)("%s asks for little, ends in time, pins what it uses, and runs npm scripts alone", (file) => {
  expect(faultsOf(workflow(file))).toEqual([]);
});

test("what every job begins with is pinned and made of npm's commands", () => {
  const { runs } = parse(text(SETUP)) as { runs: { steps: readonly Step[] } };
  expect(runs.steps.flatMap(stepFaults)).toEqual([]);
});

test.each([...FILES, SETUP])("%s says which version each commit is", (file) => {
  const uses = text(file)
    .split("\n")
    .filter((line) => /\buses: (?!\.\/)/.test(line));
  expect(uses.filter((line) => !/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
});

test("one action has one commit everywhere", () => {
  const all = [...FILES, SETUP].flatMap((file) => [...text(file).matchAll(/uses: ([\w.-]+\/[\w.-]+)@([0-9a-f]{40})/g)]);
  const commits = new Map(all.map(([, action = "", commit = ""]) => [action, commit]));
  expect(all.filter(([, action = "", commit]) => commits.get(action) !== commit)).toEqual([]);
});

test("no workflow has a key of a cloud's: federation alone, and no secret at all", () => {
  expect(FILES.filter((file) => /secrets\.|credentials_json/.test(text(file)))).toEqual([]);
  const logins = FILES.flatMap((file) =>
    jobsOf(file).filter(([, { steps }]) =>
      steps.some(({ uses = "" }) => uses.startsWith("google-github-actions/auth@")),
    ),
  );
  expect(logins.map(([name]) => name).sort()).toEqual(["drift", "expire", "health", "preview", "production", "test"]);
  expect(logins.filter(([, { permissions = {} }]) => permissions["id-token"] !== "write")).toEqual([]);
});

test("who only looks is the reader, and only what runs on main is the deployer", () => {
  const deployers = FILES.flatMap((file) =>
    jobsOf(file).flatMap(([name, job]) => (JSON.stringify(job).includes("vars.GCP_DEPLOYER") ? [[file, name]] : [])),
  );
  expect(deployers.map(([, name]) => name)).toEqual(["test", "production", "expire"]);
  for (const [file = ""] of deployers) expect(events(workflow(file).on)).not.toContain("pull_request");
});

test("an identity is had in an environment alone, where reviewers and a branch restriction stand", () => {
  const environments = FILES.flatMap((file) =>
    jobsOf(file).flatMap(([name, { environment, permissions = {} }]) =>
      permissions["id-token"] === "write" ? [[name, environment]] : [],
    ),
  );
  expect(Object.fromEntries(environments)).toEqual({
    test: "test",
    production: "production",
    drift: "watch",
    expire: "test",
    health: "watch",
    preview: "preview",
  });
});

test("two merges queue at a stack, and production waits for the test stacks", () => {
  const { plan, test: first, production } = named("deploy").jobs;
  const queue = { group: "stack-${{ matrix.stack }}", "cancel-in-progress": false, queue: "max" };
  expect([first?.concurrency, production?.concurrency]).toEqual([queue, queue]);
  expect([first?.environment, production?.environment]).toEqual(["test", "production"]);
  expect(production).toMatchObject({ needs: ["plan", "test"] });
  expect(production?.if).toContain("needs.test.result == 'success' || needs.test.result == 'skipped'");
  expect(plan?.permissions).toEqual({ actions: "read", contents: "read" });
});

test("a fault is found, whichever it is", () => {
  const steps = [{ uses: "actions/checkout@v7" }, { run: "npm run nothing" }, { run: "npm run lint && curl x" }];
  const job: Job = { steps, permissions: { issues: "write" } };
  expect(faultsOf({ on: ["pull_request", "pull_request_target"], jobs: { a: job } })).toEqual([
    "runs with secrets on code of strangers",
    "has more than contents: read for all jobs",
    "a has no time limit",
    "a trusts forks or bots",
    "a uses actions/checkout@v7, which is not pinned",
    'a runs "npm run nothing", which is no npm script',
    'a runs "npm run lint && curl x", which is no npm script',
  ]);
});

/** scripts/test.ts names there what this machine lacks. */
const withActionlint = process.env["TESTS_WITHOUT"]?.includes("actionlint") === true ? describe.skip : describe;

withActionlint("actionlint", () => {
  let binary: string;
  beforeAll(async () => {
    ({ binary } = await ensureActionlint());
  }, BUILD_LIMIT_MS);

  // It runs shellcheck over the scripts by itself where there is one.
  const lint = (...args: string[]): { status: number | null; stdout: string } =>
    spawnSync(binary, ["-no-color", ...args], { cwd: ROOT, encoding: "utf8", timeout: 120_000 });

  test("has nothing to say about the workflows", () => {
    expect(lint()).toMatchObject({ status: 0, stdout: "" });
  });

  test("would have: of a wrong expression it says where it is", () => {
    const directory = mkdtempSync(join(tmpdir(), "actionlint-"));
    try {
      const file = join(directory, "wrong.yml");
      writeFileSync(file, text(`${DIRECTORY}/drift.yml`).replace("github.token", "github.tokens"));
      const { status, stdout } = lint(file);
      expect(status).toBe(1);
      expect(stdout).toContain('property "tokens" is not defined');
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
