import { z } from "zod";

const window = z.object({ from: z.string(), to: z.string(), orders: z.number() });

/** How far the pull of the order history is, as the server reports it (host/backfill.sh). Times are RFC 3339. */
export const backfillReportSchema = z.object({
  /** Id of the plan. */
  plan: z.string(),
  /** paused: it goes on by itself, after a migration or a reboot · stopped: someone asked for it. */
  state: z.enum(["running", "paused", "stopped", "failed", "done"]),
  windowsDone: z.number(),
  windowsTotal: z.number(),
  /** What Shopify counted when the plan was made. */
  ordersExpected: z.number(),
  /** Those of the windows that are done. */
  ordersDone: z.number(),
  /** Rows of the connector's log by their status, of everything that arrived meanwhile. */
  counts: z.record(z.string(), z.number()),
  /** The window that is being pulled. */
  current: window.optional(),
  startedAt: z.string(),
  finishedAt: z.string().optional(),
  detail: z.string().optional(),
});

export type BackfillReport = z.infer<typeof backfillReportSchema>;

/** Whether the server will do more of it by itself. */
export function isUnderWay(report: BackfillReport | undefined): report is BackfillReport {
  return report?.state === "running" || report?.state === "paused";
}

/** Whether it was begun and not ended: the same command goes on with it. */
export function isUnfinished(report: BackfillReport | undefined): report is BackfillReport {
  return report !== undefined && report.state !== "done";
}

/** The report in one line. */
export function describe(report: BackfillReport): string {
  const { state, windowsDone, windowsTotal, ordersDone, ordersExpected, counts, detail } = report;
  const logged = Object.entries(counts).map(([status, count]) => `${count} ${status}`);
  const of = `${windowsDone} of ${windowsTotal} windows, ${ordersDone} of ${ordersExpected} orders`;
  return `history ${state}: ${of}${logged.length === 0 ? "" : ` (${logged.join(", ")})`}${detail === undefined ? "" : `: ${detail}`}`;
}

/** What stands in the way, and what to do, for the reasons that the connector gives when a window fails. */
export function remedyFor(report: BackfillReport, customer: string): string {
  const again = `run "./stack backfill ${customer} --apply" again, which goes on where it was`;
  if (/Unauthorized|Forbidden/.test(report.detail ?? "")) {
    const set = `"pulumi config set --secret shopifyAdminToken -s ${customer}" if it was revoked`;
    return `Shopify refuses the connector's token: ${set}, then "pulumi up -s ${customer}", which hands it on, then ${again}`;
  }
  return `see "journalctl -u erpnext-backfill" and /var/log/erpnext/backfill.log on the server, fix that and ${again}`;
}
