import { setTimeout as sleep } from "node:timers/promises";

/** Longest that a server may take for anything on a busy machine (milliseconds). */
const LIMIT_MS = 150_000;

/** Waits until `look` gives something else than undefined. @throws Error when it takes too long */
export async function until<T>(look: () => T | undefined): Promise<T> {
  const deadline = Date.now() + LIMIT_MS;
  for (;;) {
    const seen = look();
    if (seen !== undefined) return seen;
    if (Date.now() > deadline) throw new Error(`it did not happen within ${LIMIT_MS / 1000} s: ${look.toString()}`);
    await sleep(25);
  }
}
