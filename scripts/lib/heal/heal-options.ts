import { InvalidArgumentError } from "commander";

import type { CommonOptions } from "../cli/command";

/** What `heal` was asked. */
export interface HealOptions extends CommonOptions {
  readonly apply?: boolean;
  /** ISO 8601. */
  readonly since?: string;
  readonly order?: readonly string[];
  readonly limit: number;
  readonly inFlight: number;
  /** Seconds. */
  readonly wait: number;
}

/** The day's first moment in UTC. */
export function since(value: string): string {
  const moment = /^\d{4}-\d\d-\d\d$/.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(moment) || new Date(moment).toISOString().slice(0, 10) !== value) {
    throw new InvalidArgumentError('write a day such as "2026-01-31"');
  }
  return new Date(moment).toISOString();
}
