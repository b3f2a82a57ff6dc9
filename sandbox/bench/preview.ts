import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command, InvalidArgumentError } from "commander";

import { progressTo } from "../../tools/progress";
import { PulumiRunner } from "../pulumi-runner";
import { Session, STACK } from "../session";
import { BARE, EMPTY, TEMPLATE, writeProgram, type BenchProgram } from "./programs";

/**
 * `npm run bench:preview`: `pulumi preview` of demo-store, not yet deployed, beside that of the empty program of Pulumi's
 * TypeScript template, of an empty JavaScript program in Pulumi's JavaScript project, and of the same with TypeScript support
 * switched off. The runs are interleaved, because a machine's speed drifts. ts-node's cache is off for all of them: a preview
 * in CI starts without one.
 */

const ENVIRONMENT = { TS_NODE_CACHE: "false" } as const;

type Measured = typeof STACK | BenchProgram["name"];

async function main(rounds: number): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), "erpnext-bench-"));
  const session = await Session.open({ dir, onProgress: progressTo(process.stderr).onProgress });
  try {
    const others = await Promise.all([TEMPLATE, EMPTY, BARE].map((program) => prepare(session, program)));
    const runs: readonly [Measured, () => Promise<unknown>][] = [
      [STACK, () => session.pulumi.must(["preview", "--stack", STACK], { environment: ENVIRONMENT })],
      ...others,
    ];
    const seconds = new Map<Measured, number[]>(runs.map(([name]) => [name, []]));
    // The first round warms the file system's cache for all alike and is not counted.
    for (let round = 0; round <= rounds; round += 1) {
      for (const [name, run] of runs) {
        const started = performance.now();
        await run();
        if (round > 0) {
          seconds.get(name)?.push((performance.now() - started) / 1000);
        }
      }
    }
    print(seconds);
  } finally {
    await session.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function prepare(session: Session, program: BenchProgram): Promise<[Measured, () => Promise<unknown>]> {
  const directory = join(session.world.dir, program.name);
  const workspace = writeProgram(program, join(directory, "project"));
  const { cliDirectory } = session.pulumi;
  const runner = new PulumiRunner({ cliDirectory, workspace, dir: directory });
  await runner.must(["stack", "init", "bench"]);
  return [program.name, () => runner.must(["preview", "--stack", "bench"], { environment: ENVIRONMENT })];
}

function print(seconds: ReadonlyMap<Measured, readonly number[]>): void {
  for (const [name, values] of seconds) {
    const figures = [Math.min(...values), median(values), Math.max(...values)].map((value) => value.toFixed(2));
    process.stdout.write(
      `${name}: min ${figures[0] ?? ""} s, median ${figures[1] ?? ""} s, max ${figures[2] ?? ""} s\n`,
    );
  }
  const of = (name: Measured): readonly number[] => seconds.get(name) ?? [];
  process.stdout.write(`ratio-to-template: ${ratio(of(STACK), of("template"))}\n`);
  process.stdout.write(`ratio-to-empty: ${ratio(of(STACK), of("empty"))}\n`);
  process.stdout.write(`ratio-to-bare: ${ratio(of(STACK), of("bare"))}\n`);
}

/** The middle value, or the mean of the two in the middle. */
function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Median of the ratios of runs that stood next to each other, which a machine's drift spares; two decimals. */
function ratio(values: readonly number[], others: readonly number[]): string {
  return median(values.map((value, index) => value / (others[index] ?? Number.NaN))).toFixed(2);
}

const program = new Command()
  .name("npm run bench:preview --")
  .description("Compares the time of pulumi preview with that of two empty programs, in one run.")
  .option("--rounds <n>", "how many runs of each are counted", parseRounds, 7);

program.parse();
main(program.opts<{ rounds: number }>().rounds).catch((error: unknown) => {
  process.exitCode = 1;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
});

function parseRounds(value: string): number {
  const rounds = Number(value);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new InvalidArgumentError("write a whole number from 1");
  }
  return rounds;
}
