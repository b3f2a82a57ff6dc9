import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Command } from "commander";
import pLimit from "p-limit";
import { parseDocument } from "yaml";

import { positive } from "../../scripts/lib/cli/options";
import { progressTo } from "../../tools/progress";
import { printed } from "../pulumi-output";
import type { PulumiRun, RunOptions } from "../pulumi-runner";
import { Session, STACK } from "../session";
import { childrenSeconds, watchMemory, type PeakMemory } from "./process-tree";

/**
 * `npm run bench:fleet`: `./stack preview` of many customers that are not deployed yet, beside the plain CLI once a stack, one
 * after the other. The plain CLI takes one half of the customers before the fleet and the other after it, because a machine's
 * speed drifts. Both have to come to the same changes.
 */

interface Options {
  readonly customers: number;
  readonly jobs: number;
}

interface Measured {
  readonly customers: number;
  readonly seconds: number;
  readonly processorSeconds: number;
  readonly memory: PeakMemory;
  /** Changes in all stacks together. */
  readonly changes: number;
}

/** Seconds that one stack may take before the bench gives up on it; a busy machine takes ten times what an idle one does. */
const PATIENCE_SECONDS = 60;

async function main({ customers, jobs }: Options): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), "erpnext-bench-fleet-"));
  const session = await Session.open({ dir, onProgress: progressTo(process.stderr).onProgress });
  try {
    goingOn(`making ${customers} customers`);
    const stacks = await addCustomers(session, customers);
    const few = stacks.slice(0, jobs);
    const half = Math.ceil(stacks.length / 2);
    goingOn(
      `the fleet's preview of ${few.length}, of which the first is not counted: it warms the file system's cache`,
    );
    await fleet(session, few, jobs);
    const start = await fleet(session, few, jobs);
    goingOn(`the plain CLI ${half} times`);
    const before = await plain(session, stacks.slice(0, half));
    goingOn(`the fleet's preview of ${customers}`);
    const whole = await fleet(session, stacks, jobs);
    goingOn(`the plain CLI ${customers - half} times`);
    const after = await plain(session, stacks.slice(half));
    print({ start, whole, plain: together(before, after) }, jobs);
  } finally {
    await session.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

function goingOn(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Customers with names, hosts and projects of their own, whose stacks have the demo store's configuration. */
async function addCustomers(session: Session, count: number): Promise<readonly string[]> {
  const example = readFileSync(session.customerFile(), "utf8");
  const slugs = Array.from({ length: count }, (_, index) => `shop-${String(index + 1).padStart(3, "0")}`);
  const add = async (slug: string): Promise<void> => {
    const file = parseDocument(example);
    file.set("slug", slug);
    file.setIn(["hosts", "ui"], `erp.${slug}.example`);
    file.setIn(["hosts", "hook"], `hooks.${slug}.example`);
    file.setIn(["hosts", "console"], `sync.${slug}.example`);
    file.setIn(["cloudflare", "zone"], `${slug}.example`);
    file.setIn(["gcp", "project"], `${slug}-erpnext`);
    writeFileSync(join(session.workspace, "customers", `${slug}.yaml`), file.toString());
    await session.pulumi.must(["stack", "init", slug, "--copy-config-from", STACK, "--no-select"]);
  };
  const limit = pLimit(2);
  await Promise.all(slugs.map((slug) => limit(add, slug)));
  return slugs;
}

async function fleet(session: Session, stacks: readonly string[], jobs: number): Promise<Measured> {
  const args = ["preview", ...stacks, "--jobs", String(jobs), "--json"];
  return measure(stacks.length, async (options) => {
    const run = await session.operator(args, options);
    const { groups, failed } = JSON.parse(succeeded(run).stdout) as {
      groups: readonly { stacks: readonly string[]; changes: readonly unknown[] }[];
      failed: readonly { stack: string; reason: string }[];
    };
    if (failed.length > 0) throw new Error(failed.map(({ stack, reason }) => `${stack}: ${reason}`).join("\n"));
    return groups.reduce((sum, group) => sum + group.stacks.length * group.changes.length, 0);
  });
}

async function plain(session: Session, stacks: readonly string[]): Promise<Measured> {
  const runs: Measured[] = [];
  for (const stack of stacks) {
    runs.push(
      await measure(1, async (options) => {
        const run = await session.pulumi.run(["preview", "--stack", stack], options);
        const created = /\+ (\d+) to create/.exec(succeeded(run).stdout)?.[1];
        // The stack itself is not among the program's changes.
        return Number(created) - 1;
      }),
    );
  }
  return together(...runs);
}

async function measure(customers: number, work: (options: RunOptions) => Promise<number>): Promise<Measured> {
  let watch: ReturnType<typeof watchMemory> | undefined;
  const [started, processor] = [performance.now(), childrenSeconds()];
  const options: RunOptions = {
    timeLimitMs: customers * PATIENCE_SECONDS * 1000,
    onStart: (pid) => {
      watch = watchMemory(pid);
    },
  };
  const changes = await work(options).finally(() => watch?.stop());
  return {
    customers,
    seconds: (performance.now() - started) / 1000,
    processorSeconds: childrenSeconds() - processor,
    memory: watch?.stop() ?? { tree: 0, own: 0 },
    changes,
  };
}

function together(...runs: readonly Measured[]): Measured {
  const sum = (of: (run: Measured) => number): number => runs.reduce((total, run) => total + of(run), 0);
  const peak = (of: (run: Measured) => number): number => Math.max(0, ...runs.map(of));
  return {
    customers: sum((run) => run.customers),
    seconds: sum((run) => run.seconds),
    processorSeconds: sum((run) => run.processorSeconds),
    memory: { tree: peak(({ memory }) => memory.tree), own: peak(({ memory }) => memory.own) },
    changes: sum((run) => run.changes),
  };
}

/** @throws Error with all that the command printed, unless it succeeded */
function succeeded(run: PulumiRun): PulumiRun {
  if (run.code !== 0) throw new Error(`a preview ended with ${run.code}:\n${printed(run)}`);
  return run;
}

/** @throws Error when the two ways have not seen the same */
function print(seen: { start: Measured; whole: Measured; plain: Measured }, jobs: number): void {
  const { start, whole, plain: once } = seen;
  if (whole.changes !== once.changes) {
    throw new Error(`the fleet's preview has ${whole.changes} changes, the plain CLI's ${once.changes}`);
  }
  const say = (line: string): unknown => process.stdout.write(`${line}\n`);
  say(`${whole.customers} customers, ${whole.changes} changes; the fleet previews ${jobs} at the same time`);
  say(`fleet: ${figures(whole)}`);
  say(`plain: ${figures(once)}`);
  say(
    `ratio-to-plain: time ${ratio(whole.seconds, once.seconds)}, memory ${ratio(whole.memory.tree, once.memory.tree)}`,
  );
  const added = whole.customers - start.customers;
  if (added === 0) return;
  const each = (of: (run: Measured) => number): number => (of(whole) - of(start)) / added;
  const [seconds, processor] = [each((run) => run.seconds), each((run) => run.processorSeconds)];
  const kibibytes = each(({ memory }) => memory.own) * 1024;
  say(
    `added-customer: ${seconds.toFixed(2)} s, ${processor.toFixed(2)} s of processor, ${kibibytes.toFixed(0)} KiB of the fleet's own process`,
  );
}

function figures({ customers, seconds, processorSeconds, memory }: Measured): string {
  const each = (seconds / customers).toFixed(2);
  return `${seconds.toFixed(1)} s, ${each} s a customer, ${processorSeconds.toFixed(1)} s of processor, peak ${memory.tree.toFixed(0)} MiB`;
}

function ratio(value: number, other: number): string {
  return (value / other).toFixed(2);
}

const program = new Command()
  .name("npm run bench:fleet --")
  .description("Compares the preview of many customers at once with the plain Pulumi CLI once a stack, in one run.")
  .option("--customers <n>", "how many customers are made up", positive, 100)
  .option("--jobs <n>", "how many the fleet previews at the same time", positive, 2);

program.parse();
main(program.opts<Options>()).catch((error: unknown) => {
  process.exitCode = 1;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
});
