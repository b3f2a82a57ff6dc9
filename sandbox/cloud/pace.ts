import { setTimeout as delay } from "node:timers/promises";

/** Milliseconds that stand for one second of a cloud's. */
const SECOND_MS = 1;

/**
 * How long a cloud works at something after it exists. An engine that is killed then has the thing at the cloud and a pending
 * operation in its state: with the real gcp provider 4 to 8 at a time. Google answers an insert with an operation at once and is done
 * with it after 5 to 60 seconds (terraform-provider-google v7.45.0, google-beta/services/compute/compute_operation.go: the provider
 * polls it, and knows the resource only then).
 */
export class Pace {
  secondMs = SECOND_MS;

  /** @param seconds of the cloud's @param signal ends the waiting */
  async take(seconds: number, signal: AbortSignal): Promise<void> {
    if (seconds > 0) await delay(seconds * this.secondMs, undefined, { signal });
  }
}
