import { setTimeout as delay } from "node:timers/promises";

/** The stand-ins' idea of time, so that Shopify's four hours of retries fit into a test. */
export interface Clock {
  now(): Date;
  /** Resolves after `ms` milliseconds of this clock; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** A clock that runs `rate` times as fast as the wall clock, from the wall clock's present. */
export function speededClock(rate: number): Clock {
  const origin = Date.now();
  return {
    now: () => new Date(origin + (Date.now() - origin) * rate),
    sleep: async (ms, signal) => {
      await delay(ms / rate, undefined, signal === undefined ? {} : { signal });
    },
  };
}
