import type { Clock } from "../../clock";

/** A clock that stands still until someone sleeps or advances it: four hours of retries take no time at all. */
export class JumpingClock implements Clock {
  #now: number;

  constructor(start: string) {
    this.#now = Date.parse(start);
  }

  now(): Date {
    return new Date(this.#now);
  }

  advance(ms: number): void {
    this.#now += ms;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    const wakeAt = this.#now + ms;
    await Promise.resolve();
    signal?.throwIfAborted();
    this.#now = Math.max(this.#now, wakeAt);
  }
}
