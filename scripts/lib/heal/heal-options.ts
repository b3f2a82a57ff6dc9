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

/** How far back an app without `read_all_orders` sees (milliseconds): 60 days. */
const VISIBLE_MS = 60 * 24 * 60 * 60 * 1000;

/** The day's first moment in UTC. */
export function since(value: string): string {
  const moment = /^\d{4}-\d\d-\d\d$/.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(moment) || new Date(moment).toISOString().slice(0, 10) !== value) {
    throw new InvalidArgumentError('write a day such as "2026-01-31"');
  }
  return new Date(moment).toISOString();
}

/** From when on the app's scopes let it see orders; nothing where it sees all. */
export function visibleSince(scopes: readonly string[], now: Date): { readonly visibleSince?: string } {
  if (scopes.includes("read_all_orders")) return {};
  return { visibleSince: new Date(now.getTime() - VISIBLE_MS).toISOString() };
}
