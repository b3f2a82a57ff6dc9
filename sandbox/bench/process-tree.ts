import { readdirSync, readFileSync } from "node:fs";

/** How often memory is checked (milliseconds): an engine reaches its peak over seconds. */
const SAMPLE_MS = 250;

/** Linux counts a process's time in hundredths of a second. */
const TICKS_PER_SECOND = 100;

/** Memory in MiB. */
export interface PeakMemory {
  /** The process and all that it started, pages that they share counted once. */
  readonly tree: number;
  /** The process alone. */
  readonly own: number;
}

/** Watches the memory of a process and of everything that it starts, until it is told to stop. */
export function watchMemory(pid: number): { stop(): PeakMemory } {
  const peak = { tree: 0, own: 0 };
  const sample = (): void => {
    const sizes = treeOf(pid).map(proportionalSize);
    peak.own = Math.max(peak.own, sizes[0] ?? 0);
    peak.tree = Math.max(
      peak.tree,
      sizes.reduce((sum, size) => sum + size, 0),
    );
  };
  const timer = setInterval(sample, SAMPLE_MS);
  return {
    stop: () => {
      clearInterval(timer);
      return peak;
    },
  };
}

/** Processor time (seconds) of all processes so far that this one started and waited for, and of those that they did. */
export function childrenSeconds(): number {
  const [userTicks, systemTicks] = statOf("self").slice(13, 15).map(Number);
  return ((userTicks ?? 0) + (systemTicks ?? 0)) / TICKS_PER_SECOND;
}

/** A process first, then all below it; empty once it has ended. */
function treeOf(root: number): readonly number[] {
  const parents = new Map<number, number>();
  for (const entry of readdirSync("/proc")) {
    if (/^\d+$/.test(entry)) parents.set(Number(entry), Number(statOf(entry)[1]));
  }
  const below = (pid: number): number[] =>
    [...parents].flatMap(([child, parent]) => (parent === pid ? [child, ...below(child)] : []));
  return parents.has(root) ? [root, ...below(root)] : [];
}

/** The fields of /proc/<pid>/stat that follow the program's name, which may hold blanks; none once it has ended. */
function statOf(pid: string): readonly string[] {
  const text = textOf(`/proc/${pid}/stat`);
  return text.slice(text.lastIndexOf(")") + 2).split(" ");
}

/** MiB; a page that n processes share counts a n-th. */
function proportionalSize(pid: number): number {
  const kibibytes = /^Pss:\s+(\d+) kB$/m.exec(textOf(`/proc/${pid}/smaps_rollup`))?.[1];
  return Number(kibibytes ?? 0) / 1024;
}

/** Processes come and go between two looks. */
function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
