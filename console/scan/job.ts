import type { D1Database } from "@cloudflare/workers-types";

import type { Settings } from "../settings";
import type { Budget } from "../sides/budget";
import type { BothSides } from "../sides/sides";
import type { Lease } from "../store/lease";

/** What every job of an invocation works with. */
export interface Work {
  readonly settings: Settings;
  readonly database: D1Database;
  readonly sides: BothSides;
  readonly budget: Budget;
  /** Protects what is written. */
  readonly lease: Lease;
}
