import { relative } from "node:path";
import { z } from "zod";

/** What one test runner has counted. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** A runner's counts, and what went wrong apart from single tests: each entry is one phrase. */
export interface RunnerReport {
  readonly counts: Counts;
  readonly troubles: readonly string[];
}

const NOTHING: Counts = { passed: 0, failed: 0, skipped: 0 };

/** The part of `jest --json` that is read here; the names are jest's. */
const jestReport = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  numRuntimeErrorTestSuites: z.number(),
});

/** What `jest --json` says of each file: when it was begun and ended (milliseconds since 1970). */
const jestTimes = z.object({
  testResults: z.array(z.object({ name: z.string(), startTime: z.number(), endTime: z.number() })),
});

/**
 * The files of a jest run that took longest, slowest first, one line each as in `  12.3 s sandbox/edge.test.ts`.
 * @param text what jest has written to its output file; `undefined` when there is no file
 * @param root the repository, which the files are named from
 */
export function slowestFiles(text: string | undefined, root: string, most = 20): readonly string[] {
  const parsed = jestTimes.safeParse(parseJson(text));
  if (!parsed.success) return [];
  return parsed.data.testResults
    .map(({ name, startTime, endTime }) => ({ file: relative(root, name), seconds: (endTime - startTime) / 1000 }))
    .sort((one, other) => other.seconds - one.seconds)
    .slice(0, most)
    .map(({ file, seconds }) => `${seconds.toFixed(1).padStart(6)} s ${file}`);
}

/**
 * Reads what jest has written to its output file.
 * A suite that failed to run has no tests to count, so that it counts as one that failed.
 * @param text the file's content; `undefined` when there is no file
 * @param code jest's exit code; `null` when it was killed
 */
export function readJestReport(text: string | undefined, code: number | null): RunnerReport {
  const parsed = jestReport.safeParse(parseJson(text));
  if (!parsed.success) {
    return brokenOff("jest", code);
  }
  const report = parsed.data;
  const broken = report.numRuntimeErrorTestSuites;
  const counts = {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken,
    skipped: report.numPendingTests + report.numTodoTests,
  };
  const troubles = broken === 0 ? [] : [`${broken} test suite(s) failed to run, each counted as one failed test`];
  if (code !== 0 && counts.failed === 0) {
    troubles.push(`jest ended with ${ending(code)} although no test failed`);
  }
  return { counts, troubles };
}

/**
 * Reads the last lines of Python's unittest: `Ran 12 tests in 0.1s`, then `OK (skipped=1)` or `FAILED (failures=1, errors=2)`.
 * @param stderr all that the runner printed there
 * @param code the runner's exit code; `null` when it was killed
 */
export function readUnittestReport(stderr: string, code: number | null): RunnerReport {
  const ran = /^Ran (\d+) tests? in /m.exec(stderr);
  const verdict = /^(?:OK|FAILED|NO TESTS RAN)(?: \(([^)]*)\))?$/m.exec(stderr.slice(ran?.index ?? stderr.length));
  if (ran === null || verdict === null) {
    return brokenOff("python3 -m unittest", code);
  }
  const details = new Map(
    (verdict[1] ?? "").split(", ").map((part) => [part.split("=")[0], Number(part.split("=")[1])]),
  );
  const count = (name: string): number => details.get(name) ?? 0;
  const failed = count("failures") + count("errors") + count("unexpected successes");
  const skipped = count("skipped");
  const total = Number(ran[1]);
  // Sub-tests and class fixtures that fail are not among the tests that ran.
  const counts = { passed: Math.max(0, total - failed - skipped), failed, skipped };
  const troubles = [];
  if (total === 0) {
    troubles.push("python3 -m unittest found no test");
  } else if (code !== 0 && failed === 0) {
    troubles.push(`python3 -m unittest ended with ${ending(code)} although no test failed`);
  }
  return { counts, troubles };
}

/** A runner that left no report has failed, whatever it has done before. */
function brokenOff(runner: string, code: number | null): RunnerReport {
  const trouble = `${runner} ended with ${ending(code)} and without a report, counted as one failed test`;
  return { counts: { ...NOTHING, failed: 1 }, troubles: [trouble] };
}

function ending(code: number | null): string {
  return code === null ? "a signal" : `exit code ${code}`;
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}

/** The closing line of a test run and its exit code: 1 when a test failed, when something else went wrong or when no test ran. */
export function summarize(reports: readonly RunnerReport[]): { readonly line: string; readonly exitCode: 0 | 1 } {
  const total = reports.reduce<Counts>(
    (sum, { counts }) => ({
      passed: sum.passed + counts.passed,
      failed: sum.failed + counts.failed,
      skipped: sum.skipped + counts.skipped,
    }),
    NOTHING,
  );
  const skipped = total.skipped === 0 ? "" : `, ${total.skipped} skipped`;
  const good = total.failed === 0 && total.passed > 0 && reports.every(({ troubles }) => troubles.length === 0);
  return { line: `${total.passed} passed, ${total.failed} failed${skipped}`, exitCode: good ? 0 : 1 };
}
