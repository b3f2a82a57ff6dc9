import type { ErpnextOptions } from "./options";
import type { Queue } from "./frappe/queue";
import type { Store } from "./frappe/store";
import type { Transaction } from "./frappe/transaction";

/** The running site, as all of its code sees it. */
export interface Site {
  readonly options: ErpnextOptions;
  readonly store: Store;
  readonly queue: Queue;
  /** Aborted when the containers stop. */
  readonly stopping: AbortSignal;
}

/** One request or one job at work. */
export interface Work {
  readonly site: Site;
  readonly tx: Transaction;
  /** Aborted when the job runs out of time or its worker dies; every wait of a job heeds it. */
  readonly signal: AbortSignal;
  /** The request's Host header; a job has none. */
  readonly host?: string;
  /** Whose rights count where the connector asks for any; without one, the Administrator's, who has all. */
  readonly user?: string;
  /** The row of Ecommerce Integration Log that this work writes to. */
  readonly logName?: string | undefined;
}

/** The same work with a log row of its own, or, without a name, with one still to be made. */
export function withLog(work: Work, logName?: string): Work {
  return { ...work, logName };
}
