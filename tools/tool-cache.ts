import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { ToolError } from "./tool-error";

/** A directory of the cache that is either whole or not there. */
export interface CacheEntry {
  readonly cacheDirectory: string;
  /** Says all of what the entry is made from, so that other ingredients give another name. */
  readonly name: string;
  /** Whether the directory holds everything; it is asked of an entry found in the cache. */
  readonly isWhole: (directory: string) => boolean;
  /** Whether it may be made where it is missing; if not, that is a {@link ToolError}. @default true */
  readonly mayFill?: boolean;
  /** Fills an empty directory, which is renamed into place when it returns and removed when it throws. */
  readonly fill: (directory: string) => Promise<void>;
  /** Called while another process makes the same entry: its process id and the seconds waited so far. */
  readonly onWait: (pid: number, seconds: number) => void;
}

/** A holder touches its lock this often; a lock that was not touched for {@link STALE_MS} belongs to no one. */
const HEARTBEAT_MS = 10_000;
const STALE_MS = 60_000;
const POLL_MS = 250;

/**
 * Returns the entry's directory, making it first where it is missing or not whole.
 * Every maker works in a directory of its own and renames it: an interrupted one leaves nothing that looks finished. The lock only saves
 * two processes from doing the same minutes of work; should both hold it (a stale lock taken twice in one instant), the cache stays right.
 */
export async function cached(entry: CacheEntry): Promise<string> {
  const directory = join(entry.cacheDirectory, entry.name);
  if (entry.isWhole(directory)) {
    return directory;
  }
  if (entry.mayFill === false) throw new ToolError("no earlier build is kept", 'run "npm run setup", which makes one');
  mkdirSync(entry.cacheDirectory, { recursive: true });
  const release = await lock(`${directory}.lock`, entry.onWait);
  try {
    if (!entry.isWhole(directory)) {
      await make(entry, directory);
    }
    return directory;
  } finally {
    release();
  }
}

async function make(entry: CacheEntry, directory: string): Promise<void> {
  removeRemains(entry);
  const temporary = mkdtempSync(`${directory}.making-${process.pid}-`);
  const remove = (): void => {
    rmSync(temporary, { recursive: true, force: true });
  };
  process.once("exit", remove);
  try {
    await entry.fill(temporary);
    rmSync(directory, { recursive: true, force: true });
    renameSync(temporary, directory);
  } finally {
    process.removeListener("exit", remove);
    remove();
  }
}

/** Removes what makers have left that were killed before they could clear up. */
function removeRemains(entry: CacheEntry): void {
  const prefix = `${entry.name}.making-`;
  for (const name of readdirSync(entry.cacheDirectory).filter((candidate) => candidate.startsWith(prefix))) {
    const pid = Number.parseInt(name.slice(prefix.length), 10);
    if (!isAlive(pid)) {
      rmSync(join(entry.cacheDirectory, name), { recursive: true, force: true });
    }
  }
}

async function lock(path: string, onWait: CacheEntry["onWait"]): Promise<() => void> {
  const mine = JSON.stringify({ pid: process.pid, host: hostname() });
  const since = Date.now();
  while (!tryWrite(path, mine)) {
    const holder = readHolder(path);
    if (holder === undefined) {
      continue;
    }
    if (isStale(holder)) {
      rmSync(path, { force: true });
      continue;
    }
    onWait(holder.pid, Math.round((Date.now() - since) / 1000));
    await delay(POLL_MS);
  }
  const heartbeat = setInterval(() => {
    touch(path);
  }, HEARTBEAT_MS);
  heartbeat.unref();
  const release = (): void => {
    clearInterval(heartbeat);
    process.removeListener("exit", release);
    rmSync(path, { force: true });
  };
  process.once("exit", release);
  return release;
}

interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly touchedAt: number;
}

/** Writes the lock unless it is there. */
function tryWrite(path: string, text: string): boolean {
  try {
    writeFileSync(path, text, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") {
      return false;
    }
    throw error;
  }
}

/** `undefined`: the lock has gone meanwhile. A lock that cannot be read (its writer died in the act) has no process id: 0. */
function readHolder(path: string): Holder | undefined {
  try {
    const touchedAt = statSync(path).mtimeMs;
    const match = /^\{"pid":(\d+),"host":"(.*)"\}$/.exec(readFileSync(path, "utf8"));
    return { pid: Number(match?.[1] ?? 0), host: match?.[2] ?? hostname(), touchedAt };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      return undefined;
    }
    throw error;
  }
}

/** By process id where it means something here; by age for a lock of another machine or container that shares the cache. */
function isStale(holder: Holder): boolean {
  if (Date.now() - holder.touchedAt > STALE_MS) {
    return true;
  }
  return holder.pid !== 0 && holder.host === hostname() && !isAlive(holder.pid);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** The lock may have been taken away as stale, after this machine had slept. */
function touch(path: string): void {
  try {
    const now = new Date();
    utimesSync(path, now, now);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") {
      throw error;
    }
  }
}
