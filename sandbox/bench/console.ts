import { readdirSync, readFileSync } from "node:fs";
import { Command } from "commander";

import { bundleConsole } from "../../console/build";
import type { StatusAnswer } from "../../console/page/api";
import { ENGLISH } from "../../core/messages";
import { GAP, leanWorld } from "../console/testing/lean-world";
import { startWorker, type RunningWorker } from "../console/testing/running-worker";

/**
 * `npm run bench:console`: a store's first scan by the Sync Console in workerd, minute after minute without the wait
 * between them, with both sides computed in this process. Every fiftieth order is missing.
 */

interface Figures {
  ticks: number;
  requests: number;
  mostRequests: number;
  slowestMs: number;
}

async function main(orders: number): Promise<void> {
  const world = leanWorld({ orders, lastPlacedAt: Date.now() - 24 * 60 * 60 * 1000 });
  const worker = await startWorker({ script: await bundleConsole(), hosts: world.hosts });
  try {
    const started = performance.now();
    const figures = await scanned(worker);
    const seconds = (performance.now() - started) / 1000;
    const gaps = await gapsIn(worker);
    if (gaps !== world.gaps().join("\n"))
      throw new Error(`the scan has not found the ${orders / GAP} gaps that there are.`);
    process.stdout.write(
      [
        `${orders} orders, ${world.gaps().length} of them missing, every one found with its reason`,
        `wall time            ${seconds.toFixed(1)} s, with both sides in this process and no wait between two minutes`,
        `invocations          ${figures.ticks}, the slowest ${(figures.slowestMs / 1000).toFixed(1)} s`,
        `subrequests          ${figures.requests}, at most ${figures.mostRequests} in one invocation (the limit is 1000)`,
        `CPU of workerd       ${cpuOfWorkerd().toFixed(1)} s, its database of D1 included`,
        `peak of workerd      ${peakOfWorkerd().toFixed(0)} MiB, its database of D1 included`,
        "",
      ].join("\n"),
    );
  } finally {
    await worker.close();
  }
}

async function scanned(worker: RunningWorker): Promise<Figures> {
  const figures = { ticks: 0, requests: 0, mostRequests: 0, slowestMs: 0 };
  for (;;) {
    const [started, before] = [performance.now(), worker.sent.length];
    await worker.tick();
    const requests = worker.sent.length - before;
    figures.ticks += 1;
    figures.requests += requests;
    figures.mostRequests = Math.max(figures.mostRequests, requests);
    figures.slowestMs = Math.max(figures.slowestMs, performance.now() - started);
    const { scan } = await worker.json<StatusAnswer>("/api/status");
    if (scan.trouble !== null) throw new Error(`the scan stopped: ${ENGLISH.write(scan.trouble)}.`);
    if (scan.complete) return figures;
    process.stderr.write(`${scan.running?.ordersDone ?? 0} orders after ${figures.ticks} invocations\n`);
  }
}

async function gapsIn(worker: RunningWorker): Promise<string> {
  const sql = "SELECT substr(id_key, 4) || ' ' || reason AS gap FROM gap WHERE generation = 1 ORDER BY id_key";
  return (await worker.query<{ gap: string }>(sql)).map(({ gap }) => gap).join("\n");
}

/** Largest resident set of this process's workerd (MiB), as Linux counts it. */
function peakOfWorkerd(): number {
  return Math.max(...workerds().map((pid) => Number(/^VmHWM:\s+(\d+)/m.exec(read(pid, "status"))?.[1]) / 1024));
}

/** Time that this process's workerd computed (seconds), as Linux counts it in hundredths: fields 14 and 15 of proc(5). */
function cpuOfWorkerd(): number {
  const times = workerds().flatMap((pid) =>
    read(pid, "stat")
      .replace(/^.*\) /, "")
      .split(" ")
      .slice(11, 13),
  );
  return times.reduce((sum, ticks) => sum + Number(ticks), 0) / 100;
}

function workerds(): readonly string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      const status = read(pid, "status");
      return /^Name:\s+workerd$/m.test(status) && parentOf(status) === process.pid;
    });
}

/** Empty for a process that has ended meanwhile. */
function read(pid: string, file: "status" | "stat"): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}

function parentOf(status: string): number {
  return Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]);
}

const program = new Command()
  .name("npm run bench:console --")
  .description("Time, subrequests and peak memory of the Sync Console's first scan of a large store.")
  .option("--orders <n>", "how many orders", Number, 1_000_000);

program.parse();
const { orders } = program.opts<{ orders: number }>();
if (!Number.isInteger(orders) || orders < 1) program.error("--orders: write a whole number from 1", { exitCode: 2 });
main(orders).catch((error: unknown) => {
  process.exitCode = 1;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
});
