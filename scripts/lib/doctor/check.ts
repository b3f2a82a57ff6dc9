import type { ServerFacts as ReportedFacts } from "../../../clients/server-facts";
import type { Customer } from "../../../customers/schema";
import type { Adoption } from "../adopt/adopt";
import type { StackState } from "../cli/stack-state";
import type { HealthReport } from "../server-readiness";
import type { ConsoleFacts } from "./console-facts";
import type { DoorFacts } from "./door-facts";
import type { ErpnextFacts } from "./erpnext-facts";
import type { Finding } from "./finding";
import type { ShopifyFacts } from "./shopify-facts";
import type { StackOutputs } from "../../../infra/outputs";

/** The intake file, read: the customer, or every fault of it. */
export interface Intake {
  readonly customer: Customer | undefined;
  readonly faults: readonly string[];
}

/** What is known before anything is asked over the network. */
export interface LocalFacts {
  readonly now: Date;
  readonly intake: Intake;
  readonly customer: Customer;
  /** Undefined where there is no stack of that name. */
  readonly stackState: StackState | undefined;
  /** What an update has made and not written down, and what takes it into the state. */
  readonly adoption: { readonly seen: Adoption; readonly adopt: () => Promise<string> };
  readonly config: StackState["config"];
  /** Those that are there: an update that was cut short leaves a part of them. */
  readonly outputs: Partial<StackOutputs>;
}

/** What the server reports of itself. */
interface ServerFacts {
  readonly report: HealthReport;
  /** What it has found out about the running site; each part only where it could. */
  readonly reported: ReportedFacts;
}

/** Everything that a check can be about. Each fact is gathered once, and only when a check asks for it. */
export interface Facts extends LocalFacts, ShopifyFacts, DoorFacts, ServerFacts, ErpnextFacts, ConsoleFacts {}

export type FactName = keyof Facts;

/** What checks stand together under, in this order. */
export const GROUPS = ["customer", "Shopify", "doors", "server", "ERPNext", "orders", "console"] as const;

export interface Check {
  /** What `--only` takes. */
  readonly id: string;
  readonly group: (typeof GROUPS)[number];
  /** What holds when all is well. */
  readonly title: string;
  /** Where it looks. */
  readonly looksAt: string;
  /** The failure that it is there to prevent, in one sentence. */
  readonly why: string;
  readonly from: readonly FactName[];
  readonly judge: (facts: Facts) => Finding;
}

/** A check whose judgement sees the facts that it names and no other. */
export function check<K extends FactName>(
  definition: Omit<Check, "from" | "judge"> & {
    readonly from: readonly K[];
    readonly judge: (facts: Pick<Facts, K>) => Finding;
  },
): Check {
  return definition;
}
