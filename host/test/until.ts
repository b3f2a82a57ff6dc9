import { setTimeout as sleep } from "node:timers/promises";

/** Milliseconds that a busy machine may take. */
const PATIENCE_MS = 30_000;

/** Waits until something is so. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`it did not come to pass that ${what}`);
    await sleep(50);
  }
}
