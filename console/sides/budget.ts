import { StepEnds } from "../../reconciliation/scan";
import type { Send } from "../../clients/http";

/** What one invocation may do, and how often things are done. */
export interface Limits {
  /** Requests of one invocation to both sides; a Worker's own limit is 1,000 with those to the database. */
  readonly requests: number;
  /** No job is begun after this (milliseconds): the next cron comes a minute after this one. */
  readonly beginMs: number;
  /** No request goes on after this (milliseconds). */
  readonly endMs: number;
  /** Steps of a scan in one invocation; each is some ten queries of the database's 1,000. */
  readonly steps: number;
  /** Pages that one step reads of both sides together. */
  readonly pages: number;
  /** Gaps that are checked again in one invocation. */
  readonly rechecked: number;
  /** How long a gap is left alone after a look (milliseconds). */
  readonly recheckAfterMs: number;
  /** How often what changed is read (milliseconds). */
  readonly recentEveryMs: number;
  /** How often the feed is refreshed at most, however many browsers ask (milliseconds). */
  readonly feedRestMs: number;
}

export const LIMITS: Limits = {
  requests: 500,
  beginMs: 45_000,
  endMs: 100_000,
  steps: 30,
  pages: 25,
  rechecked: 150,
  recheckAfterMs: 45_000,
  recentEveryMs: 5 * 60_000,
  feedRestMs: 10_000,
};

/** What an invocation had is used up: it ends its step, and the next one goes on. */
export class BudgetSpent extends StepEnds {
  override readonly name = "BudgetSpent";
}

/** What one invocation may still do. */
export class Budget {
  readonly #started = Date.now();
  #requests = 0;

  constructor(readonly limits: Limits) {}

  /** Requests that were sent. */
  get requests(): number {
    return this.#requests;
  }

  /** Whether there is time, and what a step needs at least, for something new. */
  get allowsMore(): boolean {
    return this.#elapsed < this.limits.beginMs && this.#requests < this.limits.requests * 0.9;
  }

  /** Counts each request and keeps it within what is left. @throws BudgetSpent */
  bound(send: Send): Send {
    return async (request) => {
      const left = this.limits.endMs - this.#elapsed;
      if (this.#requests >= this.limits.requests || left <= 0) throw new BudgetSpent();
      this.#requests += 1;
      return send({ ...request, timeoutMs: Math.min(request.timeoutMs, left) });
    };
  }

  get #elapsed(): number {
    return Date.now() - this.#started;
  }
}
