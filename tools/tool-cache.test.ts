import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fakeMachine } from "./testing/fake-programs";
import { cached, type CacheEntry } from "./tool-cache";

/** An entry that is whole when it holds the file "done". */
function entryIn(cacheDirectory: string, changes: Partial<CacheEntry> = {}): CacheEntry {
  return {
    cacheDirectory,
    name: "tool-1",
    isWhole: (directory) => existsSync(join(directory, "done")),
    fill: (directory) => {
      writeFileSync(join(directory, "done"), "");
      return Promise.resolve();
    },
    onWait: () => undefined,
    ...changes,
  };
}

const refuse = { fill: () => Promise.reject(new Error("was not to be made")) };
const deadPid = (): number => spawnSync("/bin/true").pid;

test("makes an entry, leaves nothing beside it and finds it the next time", async () => {
  const { cacheDirectory } = fakeMachine();
  const directory = await cached(entryIn(cacheDirectory));
  expect(directory).toBe(join(cacheDirectory, "tool-1"));
  expect(readdirSync(cacheDirectory)).toEqual(["tool-1"]);
  expect(readdirSync(directory)).toEqual(["done"]);
  await expect(cached(entryIn(cacheDirectory, refuse))).resolves.toBe(directory);
});

test("one that is missing and may not be made is told, one that is there is used", async () => {
  const { cacheDirectory } = fakeMachine();
  const mayNot = { mayFill: false };
  await expect(cached(entryIn(cacheDirectory, mayNot))).rejects.toThrow(
    'no earlier build is kept: run "npm run setup", which makes one.',
  );
  const directory = await cached(entryIn(cacheDirectory));
  await expect(cached(entryIn(cacheDirectory, mayNot))).resolves.toBe(directory);
});

test("a failure to fill leaves nothing", async () => {
  const { cacheDirectory } = fakeMachine();
  const fill = async (directory: string): Promise<void> => {
    writeFileSync(join(directory, "done"), "");
    await delay(1);
    throw new Error("disk full");
  };
  await expect(cached(entryIn(cacheDirectory, { fill }))).rejects.toThrow("disk full");
  expect(readdirSync(cacheDirectory)).toEqual([]);
});

test("an entry that lost a file is made again", async () => {
  const { cacheDirectory } = fakeMachine();
  mkdirSync(join(cacheDirectory, "tool-1"), { recursive: true });
  writeFileSync(join(cacheDirectory, "tool-1", "remainder"), "");
  const directory = await cached(entryIn(cacheDirectory));
  expect(readdirSync(directory)).toEqual(["done"]);
});

test("of two at once one makes the entry and the other waits for it", async () => {
  const { cacheDirectory } = fakeMachine();
  let made = 0;
  const waitedFor: number[] = [];
  const entry = entryIn(cacheDirectory, {
    fill: async (directory) => {
      made += 1;
      await delay(400);
      writeFileSync(join(directory, "done"), "");
    },
    onWait: (pid) => waitedFor.push(pid),
  });
  const directories = await Promise.all([cached(entry), cached(entry)]);
  expect(directories).toEqual([join(cacheDirectory, "tool-1"), join(cacheDirectory, "tool-1")]);
  expect(made).toBe(1);
  expect(waitedFor.length).toBeGreaterThanOrEqual(1);
  expect(new Set(waitedFor)).toEqual(new Set([process.pid]));
  expect(readdirSync(cacheDirectory)).toEqual(["tool-1"]);
});

describe("a lock that is there", () => {
  function lockedBy(lock: string, touchedSecondsAgo = 0): string {
    const { cacheDirectory } = fakeMachine();
    mkdirSync(cacheDirectory);
    const path = join(cacheDirectory, "tool-1.lock");
    writeFileSync(path, lock);
    const then = Date.now() / 1000 - touchedSecondsAgo;
    utimesSync(path, then, then);
    return cacheDirectory;
  }

  test("of a dead process counts for nothing, and what that process left is removed", async () => {
    const pid = deadPid();
    const cacheDirectory = lockedBy(JSON.stringify({ pid, host: hostname() }));
    mkdirSync(join(cacheDirectory, `tool-1.making-${pid}-abcdef`));
    mkdirSync(join(cacheDirectory, `tool-1.making-${process.pid}-abcdef`));
    await cached(entryIn(cacheDirectory));
    expect(readdirSync(cacheDirectory)).toEqual(["tool-1", `tool-1.making-${process.pid}-abcdef`]);
  });

  test("of a living process is waited for until it goes", async () => {
    const other = spawn("/bin/sleep", ["30"]);
    const cacheDirectory = lockedBy(JSON.stringify({ pid: other.pid, host: hostname() }));
    const waited: number[] = [];
    const ended = new Promise((resolve) => other.once("exit", resolve));
    const onWait = (pid: number): void => {
      waited.push(pid);
      other.kill("SIGKILL");
    };
    await cached(entryIn(cacheDirectory, { onWait }));
    await ended;
    expect(waited[0]).toBe(other.pid);
    expect(readdirSync(cacheDirectory)).toEqual(["tool-1"]);
  });

  test.each([
    ["of another machine", JSON.stringify({ pid: 1, host: "elsewhere" })],
    ["whose writer died in the act", ""],
    ["of a living process that took over a dead one's id", JSON.stringify({ pid: process.pid, host: hostname() })],
  ])("%s is stale when it was not touched for a minute", async (_whose, text) => {
    const cacheDirectory = lockedBy(text, 61);
    await cached(entryIn(cacheDirectory));
    expect(readdirSync(cacheDirectory)).toEqual(["tool-1"]);
  });

  test("of another machine is waited for while it is touched", async () => {
    const cacheDirectory = lockedBy(JSON.stringify({ pid: deadPid(), host: "elsewhere" }), 50);
    const waited: number[] = [];
    const onWait = (_pid: number, seconds: number): void => {
      waited.push(seconds);
      utimesSync(join(cacheDirectory, "tool-1.lock"), 0, 0);
    };
    await cached(entryIn(cacheDirectory, { onWait }));
    expect(waited).toEqual([0]);
  });
});
