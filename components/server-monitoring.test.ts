import { ServerMonitoring, type ServerMonitoringArgs } from "./server-monitoring";
import { recordResources } from "./testing/record-resources";
import { valueOf } from "./testing/value-of";

const LABELS = { customer: "acme" };
const ARGS: ServerMonitoringArgs = {
  slug: "acme",
  project: "acme-project",
  labels: LABELS,
  hookHost: "hook-acme.example.com",
  trustedCertificate: true,
  alertEmails: ["ops@example.com", "owner@example.com"],
};
const build = (args: Partial<ServerMonitoringArgs> = {}) => new ServerMonitoring("monitoring", { ...ARGS, ...args });
const CHANNELS = [
  "projects/test/notificationChannels/acme-ops-example-com",
  "projects/test/notificationChannels/acme-owner-example-com",
];

test("a check, a channel an address, four policies, all of them the component's", async () => {
  const { resources } = await recordResources(build);
  const children = resources.filter(({ custom }) => custom);
  expect(children.map(({ name }) => name).sort()).toEqual([
    "monitoring-certificate",
    "monitoring-down",
    "monitoring-email-ops@example.com",
    "monitoring-email-owner@example.com",
    "monitoring-fault",
    "monitoring-healthz",
    "monitoring-silent",
  ]);
  expect(new Set(children.map(({ parentType }) => parentType))).toEqual(new Set(["erpnext:gcp:ServerMonitoring"]));
});

test("asks the hook's /healthz over TLS for the state ready", async () => {
  const { named } = await recordResources(build);
  expect(named("monitoring-healthz").inputs).toEqual({
    project: "acme-project",
    displayName: "acme: webhook door",
    monitoredResource: { type: "uptime_url", labels: { project_id: "acme-project", host: "hook-acme.example.com" } },
    httpCheck: { path: "/healthz", port: 443, requestMethod: "GET", useSsl: true, validateSsl: true },
    contentMatchers: [{ content: '"state":\\s*"ready"', matcher: "MATCHES_REGEX" }],
    period: "300s",
    timeout: "10s",
    userLabels: LABELS,
  });
});

describe("the expected content", () => {
  const answer = (state: string) => ({ state, steps: [{ name: "site", state: "done" }] });

  test.each([
    ["ready", 0, true],
    ["ready", 2, true],
    ["converging", 0, false],
    ["failed", 2, false],
  ])("state %s, indented by %d: %s", async (state, indentation, matches) => {
    const { named } = await recordResources(build);
    const [matcher] = named("monitoring-healthz").inputs["contentMatchers"] as { content: string }[];
    expect(new RegExp(matcher!.content).test(JSON.stringify(answer(state), undefined, indentation))).toBe(matches);
  });
});

test("a staging certificate is not held against a test store", async () => {
  const { named } = await recordResources(() => build({ trustedCertificate: false }));
  expect(named("monitoring-healthz").inputs["httpCheck"]).toMatchObject({ useSsl: true, validateSsl: false });
});

test("writes to every address", async () => {
  const { named } = await recordResources(build);
  expect(named("monitoring-email-ops@example.com").inputs).toEqual({
    project: "acme-project",
    type: "email",
    displayName: "acme: ops@example.com",
    labels: { email_address: "ops@example.com" },
    userLabels: LABELS,
  });
});

test("the door is down when more than one region fails for a quarter of an hour", async () => {
  const { named } = await recordResources(build);
  expect(named("monitoring-down").inputs).toEqual({
    project: "acme-project",
    displayName: "acme: webhook door is down",
    severity: "CRITICAL",
    combiner: "OR",
    notificationChannels: CHANNELS,
    userLabels: LABELS,
    documentation: {
      mimeType: "text/markdown",
      content:
        "For customer acme, https://hook-acme.example.com/healthz does not answer that it is ready: Shopify drops a subscription after four hours of failed deliveries. Look there for the step that failed, then run `pulumi refresh -s acme` and `pulumi up -s acme`.",
    },
    conditions: [
      {
        displayName: "more than one region fails",
        conditionThreshold: {
          filter: filterOf("check_passed"),
          aggregations: [
            {
              alignmentPeriod: "1200s",
              perSeriesAligner: "ALIGN_NEXT_OLDER",
              crossSeriesReducer: "REDUCE_COUNT_FALSE",
              groupByFields: ["resource.label.host"],
            },
          ],
          comparison: "COMPARISON_GT",
          thresholdValue: 1,
          duration: "900s",
          trigger: { count: 1 },
        },
      },
    ],
  });
});

test("the certificate has not been renewed when a week of it is left", async () => {
  const { named } = await recordResources(build);
  expect(named("monitoring-certificate").inputs).toMatchObject({
    displayName: "acme: webhook certificate is not renewed",
    severity: "WARNING",
    notificationChannels: CHANNELS,
    conditions: [
      {
        conditionThreshold: {
          filter: filterOf("time_until_ssl_cert_expires"),
          comparison: "COMPARISON_LT",
          thresholdValue: 7,
        },
      },
    ],
  });
});

test("without addresses the policies stand and no mail is sent", async () => {
  const { resources, named } = await recordResources(() => build({ alertEmails: [] }));
  expect(resources).toHaveLength(6);
  expect(named("monitoring-down").inputs["notificationChannels"]).toEqual([]);
});

test("outputs", async () => {
  const { result, outputs, named } = await recordResources(build);
  expect(await valueOf(result.uptimeCheckId)).toBe("acme-webhook-door");
  expect(outputs.get(named("monitoring").urn)).toEqual({
    uptimeCheckId: "acme-webhook-door",
    notificationChannels: CHANNELS,
  });
});

function filterOf(metric: string): string {
  return `metric.type="monitoring.googleapis.com/uptime_check/${metric}" AND resource.type="uptime_url" AND metric.label.check_id="acme-webhook-door"`;
}
