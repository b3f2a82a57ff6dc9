import { spawn } from "node:child_process";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pythonPackages, REDIS_CLIENT } from "../tools/python-packages";
import { shardOf, shardOutput } from "./lib/shards";
import { ensureTools, type ToolsFound } from "./lib/tools";
import { readJestReport, readUnittestReport, slowestFiles, summarize, type RunnerReport } from "./lib/test-summary";

const ROOT = join(__dirname, "..");

/**
 * `npm test [-- <jest's arguments>]`: every test of the repository. The integration tests run the real Pulumi CLI and a real Caddy, which are
 * got first. Docker Compose and actionlint are built with CI=true alone: their tests are skipped where they are missing.
 * The only line on stdout, the last of all, is `N passed, N failed`, with `, N skipped` where tests were skipped; what the runners print goes to stderr.
 */
async function main(): Promise<void> {
  const tools = await ensureTools({ mayBuildOptional: process.env["CI"] === "true" });
  process.stderr.write(tools.lines.map((line) => `${line}\n`).join(""));
  const without = tools.leftOut.join(", ");
  if (without !== "") process.stderr.write(`skipping the tests that need ${without}\n`);
  const env = { ...tools.env, TESTS_WITHOUT: without };
  const args = process.argv.slice(2);
  const shard = shardOf(args);
  const reports = [missing(tools), await runJest(env, args)];
  // Only jest knows shards: the first one has the Python tests too.
  if ((shard ?? "1") === "1") reports.push(...(await runPython(tools.env)));
  const { line, exitCode } = summarize(reports);
  for (const trouble of reports.flatMap(({ troubles }) => troubles)) {
    process.stderr.write(`${trouble}\n`);
  }
  process.stdout.write(`${line}\n`);
  const output = process.env["GITHUB_OUTPUT"];
  if (shard !== undefined && output !== undefined) appendFileSync(output, shardOutput(shard, line));
  process.exitCode = exitCode;
}

async function runPython(env: NodeJS.ProcessEnv): Promise<readonly RunnerReport[]> {
  const packages = pythonPackages(REDIS_CLIENT);
  if ("trouble" in packages) process.stderr.write(`the redis client of Python cannot be had: ${packages.trouble}\n`);
  const path = "directory" in packages ? { PYTHONPATH: packages.directory } : {};
  return [
    await runUnittest("image/tests", "image", env),
    await runUnittest("deliveries/tests", ".", { ...env, ...path }),
  ];
}

/** A tool that cannot be had leaves tests without what they are about, however they deal with it. */
function missing({ missing: count }: ToolsFound): RunnerReport {
  const troubles = count === 0 ? [] : [`${count} of the tools that the tests need cannot be had: see above`];
  return { counts: { passed: 0, failed: 0, skipped: 0 }, troubles };
}

async function runJest(env: NodeJS.ProcessEnv, args: readonly string[]): Promise<RunnerReport> {
  const directory = mkdtempSync(join(tmpdir(), "test-report-"));
  try {
    const report = join(directory, "jest.json");
    const jest = join(ROOT, "node_modules", "jest", "bin", "jest.js");
    // Before the operator's arguments, because jest takes whatever follows an option like --selectProjects for its values.
    const { code } = await run([process.execPath, jest, "--json", `--outputFile=${report}`, ...args], false, env);
    const text = existsSync(report) ? readFileSync(report, "utf8") : undefined;
    process.stderr.write(["the slowest files:", ...slowestFiles(text, ROOT), ""].join("\n"));
    return readJestReport(text, code);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function runUnittest(tests: string, imported: string, env: NodeJS.ProcessEnv): Promise<RunnerReport> {
  process.stderr.write(`running the Python tests of ${tests}/\n`);
  const { code, stderr } = await run(
    ["python3", "-m", "unittest", "discover", "-s", tests, "-t", imported, "-p", "test_*.py"],
    true,
    env,
  );
  return readUnittestReport(stderr, code);
}

interface Ended {
  /** `null` when the program was killed or did not start. */
  readonly code: number | null;
  /** What it printed on stderr, if that was to be kept. */
  readonly stderr: string;
}

/** Runs a test runner. All it prints goes to stderr: the only line on stdout is the closing one. */
function run(command: readonly [string, ...string[]], keepStderr: boolean, env: NodeJS.ProcessEnv): Promise<Ended> {
  return new Promise((resolve) => {
    const [binary, ...args] = command;
    const child = spawn(binary, args, {
      cwd: ROOT,
      env,
      stdio: ["inherit", process.stderr, keepStderr ? "pipe" : "inherit"],
    });
    let stderr = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
      process.stderr.write(text);
    });
    child.once("error", (error) => {
      process.stderr.write(`"${binary}" does not start: ${error.message}\n`);
      resolve({ code: null, stderr });
    });
    child.once("close", (code) => {
      resolve({ code, stderr });
    });
  });
}

void main();
