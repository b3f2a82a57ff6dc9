import type { FrappeClient, FrappeListOptions } from "../../../clients/frappe";
import type { SiteJob } from "../../../clients/frappe-jobs";
import { siteTimeOf } from "../../../clients/site-time";
import type { LogCounts } from "./erpnext-facts";

export const LOG = "Ecommerce Integration Log";

const DAY_MS = 24 * 60 * 60 * 1000;

/** A job of the short queue may take five minutes; three times that is stuck (milliseconds). */
const STUCK_MS = 15 * 60 * 1000;

/** When it is now, and the zone that the site is taken to keep if it does not say. */
export interface Moment {
  readonly now: Date;
  readonly timeZone: string;
}

/** Counts the rows of the connector's log. Frappe keeps times in the site's own zone and does not write which that is. */
export async function countLog(site: FrappeClient, { now, timeZone }: Moment): Promise<LogCounts> {
  const zone = await siteZone(site, timeZone);
  const since = siteTimeOf(now.getTime() - DAY_MS, zone);
  const count = (status: string): Promise<number> =>
    countRows(site, [
      ["integration", "=", "shopify"],
      ["status", "=", status],
      ["creation", ">=", since],
    ]);
  const [success, error, invalid] = [await count("Success"), await count("Error"), await count("Invalid")];
  const stuck = await countRows(site, stuckRows(now, zone));
  return {
    success,
    error,
    invalid,
    stuck,
    ...(await lastError(site, since)),
  };
}

function stuckRows(now: Date, zone: string): Filters {
  return [
    ["status", "=", "Queued"],
    // The connector's own migration leaves its row like that for good where there is nothing to migrate.
    ["method", "!=", "ecommerce_integrations.shopify.utils.migrate_from_old_connector"],
    ["creation", "<", siteTimeOf(now.getTime() - STUCK_MS, zone)],
  ];
}

/**
 * Writes into rows that are stuck and whose job is neither waiting nor running that it was lost. What the rows are about is found
 * by what is missing, which no row tells. Returns how many. @throws FrappeError
 */
export async function buryStuck(
  site: FrappeClient,
  { now, timeZone }: Moment,
  jobs: readonly Pick<SiteJob, "arguments">[],
): Promise<number> {
  const filters = stuckRows(now, await siteZone(site, timeZone));
  const rows = (await site.list(LOG, { filters, limit: 0 })).map(({ name }) => String(name));
  const lost = rows.filter((name) => !jobs.some((job) => job.arguments.includes(name)));
  for (const name of lost) await site.update(LOG, name, { status: "Error", message: "The job was lost." });
  return lost.length;
}

type Filters = NonNullable<FrappeListOptions["filters"]>;

async function countRows(site: FrappeClient, filters: Filters): Promise<number> {
  return Number(await site.call("frappe.client.get_count", { doctype: LOG, filters }));
}

async function lastError(site: FrappeClient, since: string): Promise<{ lastError: string | undefined }> {
  const [row] = await site.list(LOG, {
    fields: ["message", "creation"],
    filters: [
      ["status", "=", "Error"],
      ["creation", ">=", since],
    ],
    orderBy: "creation desc",
    limit: 1,
  });
  const message = row?.["message"];
  return { lastError: typeof message === "string" ? message.split("\n")[0]?.slice(0, 200) : undefined };
}

async function siteZone(site: FrappeClient, otherwise: string): Promise<string> {
  const settings = await site.get("System Settings", "System Settings");
  const zone = settings?.["time_zone"];
  return typeof zone === "string" && zone !== "" ? zone : otherwise;
}
