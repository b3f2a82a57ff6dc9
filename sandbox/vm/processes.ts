import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** How long killed processes may take to be gone (milliseconds). */
const LIMIT_MS = 5_000;

/** Every living process of a session; `timeout` gives its command a process group of its own, but not a session. */
export function processesOf(session: number): number[] {
  return readdirSync("/proc").flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return [];
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, "utf8");
      // The name in brackets may hold anything; state, parent, group and session follow it.
      const [state, , , of] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return Number(of) === session && state !== "Z" ? [Number(entry)] : [];
    } catch {
      return [];
    }
  });
}

/** Sends SIGKILL to all of a session, as systemd does to what is left of a unit, until nothing is. */
export async function killSession(session: number): Promise<void> {
  const deadline = Date.now() + LIMIT_MS;
  for (;;) {
    const left = processesOf(session);
    left.forEach((pid) => {
      send(pid, "SIGKILL");
    });
    if (left.length === 0) return;
    if (Date.now() > deadline) throw new Error(`processes ${left.join(", ")} do not end`);
    await sleep(5);
  }
}

/** Sends a signal to every process of a session, once. */
export function signalSession(session: number, signal: NodeJS.Signals): void {
  for (const pid of processesOf(session)) send(pid, signal);
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone meanwhile.
  }
}
