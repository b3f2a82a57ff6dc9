import type { Text } from "../../core/messages";
import type { ScanState } from "../../reconciliation/scan";

/** What a full scan gave, and what the page shows. */
export interface Finished {
  readonly generation: number;
  readonly startedAt: string;
  readonly finishedAt: string;
  /** Shopify's last order of the scan: what is behind it was placed later. Null where there was none. */
  readonly through: string | null;
  /** How many of Shopify's orders the scan read. */
  readonly orders: number;
  readonly visibleSince: string | null;
}

/** A full scan under way. It reads every order, then what changed meanwhile, and only then is shown. */
export interface Building {
  readonly generation: number;
  readonly orders: ScanState;
  /** Begun when the orders are done. */
  readonly changes: ScanState | null;
  readonly through: string | null;
  readonly ordersTotal: number | null;
  readonly visibleSince: string | null;
}

/** Why the last step ended early, and when it is tried again. */
export interface Trouble {
  readonly why: Text;
  /** One after the other, without a step that went well. */
  readonly failures: number;
  /** Milliseconds since 1970. */
  readonly notBefore: number;
}

/** How far the scans are: what a killed invocation leaves, and the next one goes on from. */
export interface ScanBook {
  /** Of the last generation that was begun. */
  readonly generation: number;
  readonly shown: Finished | null;
  readonly building: Building | null;
  /** A scan of what changed, into the generation that is shown. */
  readonly recent: ScanState | null;
  /** When the last finished scan began: the next scan of what changed begins there. */
  readonly readUntil: string | null;
  readonly trouble: Trouble | null;
}

export const NEW_BOOK: ScanBook = {
  generation: 0,
  shown: null,
  building: null,
  recent: null,
  readUntil: null,
  trouble: null,
};
