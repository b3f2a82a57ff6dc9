import { z } from "zod";

import type { RunnerReport } from "./test-summary";

/** GitHub's `toJSON(needs)`: how each job that this one waited for ended, and what it left. */
const needs = z.record(
  z.string(),
  z.object({ result: z.string(), outputs: z.record(z.string(), z.string()).default({}) }),
);

/** The shard that jest is told to run, as "2" of `--shard=2/3`; undefined without one. */
export function shardOf(args: readonly string[]): string | undefined {
  const text = args.map((arg) => /^--shard=(\d+)\/\d+$/.exec(arg)?.[1]);
  return text.find((index) => index !== undefined);
}

/** The output of a job by which a shard hands on its closing line: a name that no other shard sets. */
export function shardOutput(shard: string, line: string): string {
  return `shard_${shard}=${line}\n`;
}

/**
 * What the jobs before this one came to: a report for each shard, and one trouble for each job that did not succeed.
 * @param text GitHub's `toJSON(needs)`
 */
export function readShards(text: string | undefined): readonly RunnerReport[] {
  const jobs = Object.entries(needs.parse(JSON.parse(text ?? "{}")));
  return jobs.map(([job, { result, outputs }]) => {
    const lines = Object.entries(outputs).filter(([name]) => name.startsWith("shard_"));
    const counts = lines.map(([, line]) => countsOf(line));
    const sum = (which: 0 | 1 | 2): number => counts.reduce((total, each) => total + each[which], 0);
    const silent = lines
      .filter(([, line]) => !COUNTS.test(line))
      .map(([name]) => `${name} of ${job} has left no count`);
    return {
      counts: { passed: sum(0), failed: sum(1), skipped: sum(2) },
      troubles: [...(result === "success" ? [] : [`${job} ended with "${result}"`]), ...silent],
    };
  });
}

const COUNTS = /^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/;

function countsOf(line: string): readonly [passed: number, failed: number, skipped: number] {
  const [, passed = 0, failed = 0, skipped = 0] = COUNTS.exec(line) ?? [];
  return [Number(passed), Number(failed), Number(skipped)];
}
