import type { PulumiRun, RunOptions } from "../pulumi-runner";
import { STACK, type Session } from "../session";
import { settings } from "../vm/cloud-view";

/** What `./stack backfill --json` says, as far as the tests read it. */
export interface BackfillAnswer {
  readonly ok: boolean;
  readonly error?: string;
  readonly state?: string;
  readonly plan?: {
    readonly catalog: { readonly shopify: number; readonly synced: number };
    readonly history?: { readonly windows: readonly { readonly orders: number }[] };
  };
  readonly report?: { readonly windowsDone: number; readonly windowsTotal: number; readonly ordersDone: number };
  readonly coverage?: {
    readonly shopify: number;
    readonly inErpnext: number;
    readonly missing: Readonly<Record<string, number>>;
  };
}

/** `./stack backfill` with windows of at most five orders, so that the sandbox's few make several. */
export function backfill(session: Session, args: readonly string[], options: RunOptions = {}): Promise<PulumiRun> {
  // The runner keeps Google's variables from a command, and this one is the sandbox's own.
  const environment = { GOOGLE_OAUTH_ACCESS_TOKEN: process.env["GOOGLE_OAUTH_ACCESS_TOKEN"] ?? "" };
  return session.operator(["backfill", STACK, "--window", "5", ...args], { environment, ...options });
}

/** The metadata of the customer's server. */
export function serverMetadata(session: Session): Readonly<Record<string, string>> {
  const [instance] = session.world.cloud.resources("gcp:compute/instance:Instance");
  if (instance === undefined) throw new Error("there is no server");
  return settings(instance)["metadata"] as Readonly<Record<string, string>>;
}
