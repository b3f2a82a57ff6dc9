import { setTimeout as sleep } from "node:timers/promises";

import { FrappeError, type FrappeClient } from "../../../clients/frappe";
import { jobsUnderWay, type SiteJob } from "../../../clients/frappe-jobs";
import { UserError } from "../../../core/user-error";

const PAGE = "ecommerce_integrations.shopify.page.shopify_import_products.shopify_import_products";

/** The import's job, as RQ Job lists it. */
export const IMPORT_JOB = "shopify.job.sync.all.products";

/** Products, variants left out: what Shopify has, and how many of them the connector knows. */
export interface CatalogCounts {
  readonly shopify: number;
  readonly synced: number;
}

/** The catalog import of one site. */
export interface CatalogSite {
  counts(): Promise<CatalogCounts>;
  /** The import's job in the queue, if it waits there or runs. */
  job(): Promise<"queued" | "started" | undefined>;
  start(): Promise<void>;
}

export interface CatalogWatch {
  readonly customer: string;
  /** Aborted: leave the import to the server. */
  readonly signal: AbortSignal;
  /** Milliseconds between two looks. */
  readonly intervalMs: number;
  /** How long a job may wait for a worker (milliseconds). */
  readonly queuedLimitMs: number;
  /** How long ERPNext may be away (milliseconds): a restart takes some minutes. */
  readonly silenceLimitMs: number;
  readonly onProgress: (counts: CatalogCounts, note: string) => void;
}

/** complete: nothing is missing · incomplete: a whole import brought nothing more, so the rest cannot be imported. */
export interface CatalogOutcome extends CatalogCounts {
  readonly kind: "complete" | "incomplete" | "detached";
}

/** The catalog through the site's own REST API. */
export function catalogOf(frappe: Pick<FrappeClient, "call" | "view" | "get">, customer: string): CatalogSite {
  return {
    async counts() {
      const counts = (await frappe.call(`${PAGE}.get_product_count`)) as Readonly<Record<string, number | null>>;
      const { shopifyCount, syncedCount } = counts;
      if (typeof shopifyCount === "number" && typeof syncedCount === "number") {
        return { shopify: shopifyCount, synced: syncedCount };
      }
      throw new UserError({
        what: "the connector counts no products in Shopify",
        customer,
        next: `run "pulumi up -s ${customer}": Shopify Setting must be enabled, with a token that works`,
      });
    },
    async job() {
      return (await importStates(frappe))[0];
    },
    async start() {
      await frappe.call(`${PAGE}.import_all_products`);
    },
  };
}

/** The states of the import's jobs that run or wait, the running first; empty when there is none. @throws FrappeError */
export async function importStates(site: Pick<FrappeClient, "view" | "get">): Promise<readonly SiteJob["status"][]> {
  const jobs = await jobsUnderWay(site, "long");
  return jobs.filter(({ name }) => name === IMPORT_JOB).map(({ status }) => status);
}

/**
 * Imports what is missing of the catalog and waits for it. A job is killed after 1,500 seconds and begins where it was, so it
 * is started until all is there or a whole one brought nothing. One that is under way is followed, never doubled.
 * @throws UserError when no worker takes the job, or ERPNext stays away
 */
export async function importCatalog(site: CatalogSite, watch: CatalogWatch): Promise<CatalogOutcome> {
  let before: number | undefined;
  for (;;) {
    const followed = await follow(site, watch, before !== undefined);
    const counts = await patiently(() => site.counts(), watch);
    watch.onProgress(counts, "");
    if (counts.synced >= counts.shopify) return { kind: "complete", ...counts };
    if (!followed || watch.signal.aborted) return { kind: "detached", ...counts };
    if (before !== undefined && counts.synced <= before) return { kind: "incomplete", ...counts };
    before = counts.synced;
    await patiently(() => startOnce(site), watch);
  }
}

/** A request whose answer is lost may have arrived: then its job is there. */
async function startOnce(site: CatalogSite): Promise<void> {
  if ((await site.job()) === undefined) await site.start();
}

/**
 * Until no job is there. One that was `expected`, or seen before, must be missed twice: a worker that takes it hides it for a
 * moment. False: the operator has gone.
 */
async function follow(site: CatalogSite, watch: CatalogWatch, expected: boolean): Promise<boolean> {
  let queuedSince: number | undefined;
  let [wasThere, missed] = [expected, 0];
  for (;;) {
    const job = await patiently(() => site.job(), watch);
    missed = job === undefined ? missed + 1 : 0;
    if (missed > (wasThere ? 1 : 0)) return true;
    if (watch.signal.aborted) return false;
    if (job === undefined) {
      await pause(watch);
      continue;
    }
    wasThere = true;
    watch.onProgress(await patiently(() => site.counts(), watch), job === "queued" ? "waiting for a worker" : "");
    queuedSince = job === "queued" ? (queuedSince ?? performance.now()) : undefined;
    if (queuedSince !== undefined && performance.now() - queuedSince > watch.queuedLimitMs) {
      throw new UserError({
        what: `no worker has taken the catalog import for ${Math.round(watch.queuedLimitMs / 1000)} s`,
        customer: watch.customer,
        next: `look at the workers with "./stack doctor ${watch.customer}", then run this again, which follows the job`,
      });
    }
    await pause(watch);
  }
}

/** Through a restart of ERPNext: whatever does not reach it, or meets it half up, is asked again for a while. */
async function patiently<T>(ask: () => Promise<T>, watch: CatalogWatch): Promise<T> {
  const began = performance.now();
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const passes = error instanceof FrappeError && (error.kind === "unreachable" || error.status >= 502);
      if (!passes || watch.signal.aborted || performance.now() - began > watch.silenceLimitMs) throw error;
      await pause(watch);
    }
  }
}

async function pause({ intervalMs, signal }: CatalogWatch): Promise<void> {
  await sleep(intervalMs, undefined, { signal }).catch(() => undefined);
}
