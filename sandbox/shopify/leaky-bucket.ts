import type { Clock } from "../clock";

export interface BucketSize {
  /** Points (GraphQL) or calls (REST) that fit in. */
  readonly maximum: number;
  /** Points or calls that come back each second of the stand-in's clock. */
  readonly restorePerSecond: number;
}

/** One app's allowance on one shop: what is spent comes back with time. */
export class LeakyBucket {
  #size: BucketSize;
  #available: number;
  #asOf: number;
  readonly #clock: Clock;

  constructor(size: BucketSize, clock: Clock) {
    this.#size = size;
    this.#available = size.maximum;
    this.#clock = clock;
    this.#asOf = clock.now().getTime();
  }

  get size(): BucketSize {
    return this.#size;
  }

  /** What is left now; negative after more was spent than there was. */
  get available(): number {
    const now = this.#clock.now().getTime();
    const restored = ((now - this.#asOf) / 1000) * this.#size.restorePerSecond;
    this.#available = Math.min(this.#size.maximum, this.#available + restored);
    this.#asOf = now;
    return this.#available;
  }

  /** Takes `points` if there are as many, and says whether there were. */
  take(points: number): boolean {
    if (this.available < points) return false;
    this.#available -= points;
    return true;
  }

  /** Gives `points` back: GraphQL refunds the difference between the requested and the actual cost. */
  refund(points: number): void {
    this.#available = Math.min(this.#size.maximum, this.available + points);
  }

  /** Leaves exactly `points`, as after other calls of the same app. */
  drainTo(points: number): void {
    this.#asOf = this.#clock.now().getTime();
    this.#available = points;
  }
}
