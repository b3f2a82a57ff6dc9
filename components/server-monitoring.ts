import { AlertPolicy, type AlertPolicyArgs } from "@pulumi/gcp/monitoring/alertPolicy";
import { NotificationChannel } from "@pulumi/gcp/monitoring/notificationChannel";
import { UptimeCheckConfig } from "@pulumi/gcp/monitoring/uptimeCheckConfig";
import * as pulumi from "@pulumi/pulumi";

import { serverAlarms } from "./shared/server-alarms";
import { HEALTH_PATH } from "../core/connector";
import type { CustomerLabels } from "./shared/labels";
import { displayName } from "../core/names";

/** No step of /healthz is ever in this state, so it can only be the server's own; spaces are the writer's choice. */
const READY = '"state":\\s*"ready"';

/** Longer than an ordinary update of the server, shorter than Shopify's four hours of retries. */
const DOWN_SECONDS = 900;

/** Caddy renews at a third of a certificate's life (30 days of 90, 15 of 45): below this, renewal has failed for a week. */
const CERTIFICATE_DAYS = 7;

/** Who is told when the door does not answer. */
export interface ServerMonitoringArgs {
  /** The customer's slug. */
  readonly slug: string;
  /** Google Cloud project id. */
  readonly project: string;
  /** Labels of checks, channels and policies. */
  readonly labels: CustomerLabels;
  /** Host name that Caddy answers for. */
  readonly hookHost: string;
  /** Whether the certificate must be one that browsers trust; test stores have Let's Encrypt's staging ones. */
  readonly trustedCertificate: boolean;
  /** Addresses to write to; none: incidents are opened and no mail is sent. */
  readonly alertEmails: readonly string[];
}

/** Asks the hook's /healthz from several continents, as Shopify would reach it, and writes to people when it fails. */
export class ServerMonitoring extends pulumi.ComponentResource {
  /** Id of the uptime check. */
  readonly uptimeCheckId: pulumi.Output<string>;
  /** Who is told, for alerts of other components. */
  readonly notificationChannels: readonly pulumi.Output<string>[];

  constructor(name: string, args: ServerMonitoringArgs, opts?: pulumi.ComponentResourceOptions) {
    super("erpnext:gcp:ServerMonitoring", name, {}, opts);

    const check = this.check(name, args);
    const channels = args.alertEmails.map((email) => this.channel(name, args, email).name);
    const all = { ...alerts(args, check.uptimeCheckId), ...serverAlarms(args.slug) };
    for (const [suffix, alert] of Object.entries(all)) {
      const policy = { ...alert, project: args.project, userLabels: args.labels, notificationChannels: channels };
      new AlertPolicy(`${name}-${suffix}`, policy, { parent: this });
    }

    this.uptimeCheckId = check.uptimeCheckId;
    this.notificationChannels = channels;
    this.registerOutputs({
      uptimeCheckId: this.uptimeCheckId,
      notificationChannels: this.notificationChannels,
    });
  }

  private check(name: string, args: ServerMonitoringArgs): UptimeCheckConfig {
    return new UptimeCheckConfig(
      `${name}-healthz`,
      {
        project: args.project,
        displayName: displayName(args.slug, "webhook door"),
        monitoredResource: { type: "uptime_url", labels: { project_id: args.project, host: args.hookHost } },
        httpCheck: {
          path: HEALTH_PATH,
          port: 443,
          requestMethod: "GET",
          useSsl: true,
          validateSsl: args.trustedCertificate,
        },
        contentMatchers: [{ content: READY, matcher: "MATCHES_REGEX" }],
        period: "300s",
        timeout: "10s",
        userLabels: args.labels,
      },
      { parent: this },
    );
  }

  private channel(name: string, args: ServerMonitoringArgs, email: string): NotificationChannel {
    return new NotificationChannel(
      `${name}-email-${email}`,
      {
        project: args.project,
        type: "email",
        displayName: displayName(args.slug, email),
        labels: { email_address: email },
        userLabels: args.labels,
      },
      { parent: this },
    );
  }
}

type Alert = Pick<AlertPolicyArgs, "displayName" | "severity" | "combiner" | "conditions" | "documentation">;

/** One measure of the uptime check and what is too much or too little of it. */
interface Threshold {
  readonly displayName: string;
  readonly metric: "check_passed" | "time_until_ssl_cert_expires";
  /** How the answers of all regions become one number. */
  readonly reducer: "REDUCE_COUNT_FALSE" | "REDUCE_MIN";
  readonly comparison: "COMPARISON_GT" | "COMPARISON_LT";
  readonly value: number;
  /** How long it has to be so (seconds, whole minutes). */
  readonly seconds: number;
}

function alerts(args: ServerMonitoringArgs, checkId: pulumi.Output<string>): Readonly<Record<string, Alert>> {
  const down = `https://${args.hookHost}${HEALTH_PATH} does not answer that it is ready`;
  const expiring = `the certificate of ${args.hookHost} ends in less than ${CERTIFICATE_DAYS} days`;
  const moreThanOneRegion: Threshold = {
    displayName: "more than one region fails",
    metric: "check_passed",
    reducer: "REDUCE_COUNT_FALSE",
    comparison: "COMPARISON_GT",
    value: 1,
    seconds: DOWN_SECONDS,
  };
  const fewDays: Threshold = {
    displayName: `less than ${CERTIFICATE_DAYS} days left`,
    metric: "time_until_ssl_cert_expires",
    reducer: "REDUCE_MIN",
    comparison: "COMPARISON_LT",
    value: CERTIFICATE_DAYS,
    seconds: 600,
  };
  return {
    down: {
      displayName: displayName(args.slug, "webhook door is down"),
      severity: "CRITICAL",
      combiner: "OR",
      conditions: [condition(moreThanOneRegion, checkId)],
      documentation: remedy(args.slug, `${down}: Shopify drops a subscription after four hours of failed deliveries.`),
    },
    certificate: {
      displayName: displayName(args.slug, "webhook certificate is not renewed"),
      severity: "WARNING",
      combiner: "OR",
      conditions: [condition(fewDays, checkId)],
      documentation: remedy(args.slug, `${expiring}: Caddy has not been able to renew it.`),
    },
  };
}

function condition(threshold: Threshold, checkId: pulumi.Output<string>) {
  return {
    displayName: threshold.displayName,
    conditionThreshold: {
      filter: pulumi.interpolate`metric.type="monitoring.googleapis.com/uptime_check/${threshold.metric}" AND resource.type="uptime_url" AND metric.label.check_id="${checkId}"`,
      aggregations: [
        {
          alignmentPeriod: "1200s",
          perSeriesAligner: "ALIGN_NEXT_OLDER",
          crossSeriesReducer: threshold.reducer,
          groupByFields: ["resource.label.host"],
        },
      ],
      comparison: threshold.comparison,
      thresholdValue: threshold.value,
      duration: `${threshold.seconds}s`,
      trigger: { count: 1 },
    },
  };
}

function remedy(slug: string, problem: string): Alert["documentation"] {
  return {
    mimeType: "text/markdown",
    content: `For customer ${slug}, ${problem} Look there for the step that failed, then run \`pulumi refresh -s ${slug}\` and \`pulumi up -s ${slug}\`.`,
  };
}
