import type { AlertPolicyArgs } from "@pulumi/gcp/monitoring/alertPolicy";

import { displayName } from "../../core/names";

/** Minutes without a heartbeat after which the server counts as silent; it sends one each minute (host/metrics.sh). */
const SILENT_MINUTES = 15;

/** Minutes that a fault has to stand, so that a restart of a container sends no mail. */
const FAULT_MINUTES = 5;

/** What each fault of host/metrics.sh means, for the person who gets the mail. */
const FAULTS: Readonly<Record<string, string>> = {
  "access-token":
    "the service token that this project's own requests pass Cloudflare Access with ends within 30 days; rotate it (docs/troubleshooting.md)",
  backup: "the newest backup is older than 26 hours, or the server is four hours old and has never made one",
  "boot-disk": "less than 5 % of the boot disk are free, and a full one freezes the server's status",
  "deliveries-failed": "ERPNext refused a delivery for good",
  "deliveries-late": "a delivery of Shopify's waits for ERPNext for more than 15 minutes",
  "deliveries-parked":
    "ERPNext refuses an order for more than an hour; what the connector says of it is in `./stack deliveries`",
  facts: "the server has not looked at its site for an hour",
  "restore-proof": "the last restore of a backup that was tried failed, or none was tried for 15 days",
  subscriptions:
    "Shopify has not got a subscription that orders arrive by for 20 minutes, or has not told for six hours; `pulumi refresh` and `pulumi up` make it again, then `./stack heal`",
  token: "the connector's 24-hour token was not renewed for 17 hours",
  tunnel: "cloudflared does not run, so no one reaches ERPNext's pages",
};

type Alert = Pick<AlertPolicyArgs, "displayName" | "severity" | "combiner" | "conditions" | "documentation">;

/**
 * Alerts on what the server itself tells Cloud Monitoring. They are PromQL because such a condition may name a metric that does not exist
 * before the server's first minute. A server that was never heard of is the uptime check's matter, and one that was not for a day too.
 */
export function serverAlarms(slug: string): Readonly<Record<"silent" | "fault", Alert>> {
  const heartbeat = seriesOf("heartbeat", slug);
  const kinds = Object.entries(FAULTS).map(([kind, meaning]) => `- \`${kind}\`: ${meaning}`);
  return {
    silent: {
      displayName: displayName(slug, "server is silent"),
      severity: "CRITICAL",
      combiner: "OR",
      conditions: [
        condition(
          `no heartbeat for ${SILENT_MINUTES} minutes`,
          `max_over_time(${heartbeat}[1d]) unless max_over_time(${heartbeat}[${SILENT_MINUTES}m])`,
        ),
      ],
      documentation: documentation(
        `The server of customer ${slug} has told nothing of itself for ${SILENT_MINUTES} minutes. What /healthz says may be old. Run \`./stack doctor ${slug}\`, and look at the machine and its serial port.`,
      ),
    },
    fault: {
      displayName: displayName(slug, "server has a fault"),
      severity: "ERROR",
      combiner: "OR",
      conditions: [
        condition(
          "a fault stands",
          `max by (kind) (max_over_time(${seriesOf("fault", slug)}[${FAULT_MINUTES}m])) > 0`,
          FAULT_MINUTES * 60,
        ),
      ],
      documentation: documentation(
        `The server of customer ${slug} has the fault that the label \`kind\` names. Run \`./stack doctor ${slug}\`, which says what to do.\n\n${kinds.join("\n")}`,
      ),
    },
  };
}

/** PromQL's name of a custom metric: https://cloud.google.com/monitoring/promql/promql-mapping. */
function seriesOf(metric: "heartbeat" | "fault", slug: string): string {
  return `custom_googleapis_com:erpnext_${metric}{monitored_resource="global",customer="${slug}"}`;
}

function condition(name: string, query: string, seconds = 0) {
  return {
    displayName: name,
    conditionPrometheusQueryLanguage: {
      query,
      duration: `${seconds}s`,
      evaluationInterval: "60s",
      disableMetricValidation: true,
    },
  };
}

function documentation(content: string): Alert["documentation"] {
  return { mimeType: "text/markdown", content };
}
