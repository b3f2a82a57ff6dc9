import { emailAddress, form, oneOf } from "../checks";
import { CloudError } from "../cloud-error";
import type { ResourceType, Situation } from "../resource-type";
import { items, strings, text } from "../values";
import { gcp, numericId, placeOf } from "./gcp-type";

const CHANNEL = "gcp:monitoring/notificationChannel:NotificationChannel";
const UPTIME = "gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig";
const API = "monitoring.googleapis.com";

const seconds = form(/^\d+(\.\d+)?s$/, 'a duration such as "10s"');

const uptimeCheck = gcp({
  token: UPTIME,
  api: API,
  checks: {
    timeout: seconds,
    period: oneOf("60s", "300s", "600s", "900s"),
    checkerType: oneOf("STATIC_IP_CHECKERS", "VPC_CHECKERS"),
    "httpCheck.requestMethod": oneOf("METHOD_UNSPECIFIED", "GET", "POST"),
    "selectedRegions.*": oneOf(
      "USA",
      "EUROPE",
      "SOUTH_AMERICA",
      "ASIA_PACIFIC",
      "USA_OREGON",
      "USA_IOWA",
      "USA_VIRGINIA",
    ),
    "contentMatchers.*.matcher": oneOf(
      "CONTAINS_STRING",
      "NOT_CONTAINS_STRING",
      "MATCHES_REGEX",
      "NOT_MATCHES_REGEX",
      "MATCHES_JSON_PATH",
      "NOT_MATCHES_JSON_PATH",
    ),
  },
  defaults: { period: "300s", checkerType: "STATIC_IP_CHECKERS", logCheckFailures: false },
  replaces: [
    "project",
    "checkerType",
    "httpCheck.requestMethod",
    "monitoredResource",
    "resourceGroup",
    "syntheticMonitor",
  ],
  id: (situation) =>
    `projects/${placeOf(situation).project}/uptimeCheckConfigs/${slugOf(situation)}-${numericId().slice(0, 11)}`,
  computed: ({ id }) => ({ name: id, uptimeCheckId: id.split("/").at(-1) ?? "" }),
  verify: ({ inputs, name }) => {
    const regions = strings(inputs, "selectedRegions").length;
    if (regions === 0 || regions >= 3) return;
    throw new CloudError(
      400,
      `The uptime check ${name} selects ${regions} regions; Google needs at least three, or none for all.`,
    );
  },
});

const channel = gcp({
  token: CHANNEL,
  api: API,
  checks: {
    type: form(/^[a-z_]+$/, 'a kind of channel such as "email"'),
    "labels.email_address": emailAddress,
    // Labels of a channel are its settings, not Google Cloud labels.
    labels: () => undefined,
  },
  defaults: { enabled: true, forceDelete: false },
  replaces: ["project"],
  id: (situation) => `projects/${placeOf(situation).project}/notificationChannels/${numericId()}`,
  computed: ({ id }) => ({ name: id, verificationStatus: "" }),
  verify: ({ inputs, name }) => {
    if (text(inputs, "type") !== "email" || text(inputs, "labels.email_address") !== "") return;
    throw new CloudError(
      400,
      `The notification channel ${name} is of type "email" and needs the label "email_address".`,
    );
  },
  release: (record, records) => {
    const user = records.list(ALERT).find((alert) => strings(alert.inputs, "notificationChannels").includes(record.id));
    if (user === undefined || record.inputs["forceDelete"] === true) return;
    throw new CloudError(
      400,
      `The notification channel "${record.id}" is in use by "${user.id}"; take it out of that alert first.`,
    );
  },
});

const ALERT = "gcp:monitoring/alertPolicy:AlertPolicy";

const alertPolicy = gcp({
  token: ALERT,
  api: API,
  checks: {
    combiner: oneOf("AND", "OR", "AND_WITH_MATCHING_RESOURCE"),
    severity: oneOf("CRITICAL", "ERROR", "WARNING"),
    "conditions.*.conditionThreshold.comparison": oneOf(
      "COMPARISON_GT",
      "COMPARISON_GE",
      "COMPARISON_LT",
      "COMPARISON_LE",
      "COMPARISON_EQ",
      "COMPARISON_NE",
    ),
    "conditions.*.conditionThreshold.duration": seconds,
  },
  defaults: { enabled: true },
  replaces: ["project"],
  id: (situation) => `projects/${placeOf(situation).project}/alertPolicies/${numericId()}`,
  computed: ({ id, now }) => ({ name: id, creationRecords: [{ mutateTime: now, mutatedBy: "sandbox" }] }),
  verify: (situation) => {
    const { inputs, name, records } = situation;
    if (items(inputs, "conditions").length === 0)
      throw new CloudError(400, `The alert policy ${name} needs at least one condition.`);
    const missing = strings(inputs, "notificationChannels").find((id) => records.get(CHANNEL, id) === undefined);
    if (missing !== undefined)
      throw new CloudError(404, `The notification channel "${missing}" of ${name} does not exist; create it first.`);
  },
});

export const monitoringTypes: readonly ResourceType[] = [uptimeCheck, channel, alertPolicy];

function slugOf(situation: Situation): string {
  return text(situation.inputs, "displayName")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, 40);
}
