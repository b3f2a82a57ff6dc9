import { readFileSync } from "node:fs";
import { join } from "node:path";

import { serverAlarms } from "./server-alarms";

const { silent, fault } = serverAlarms("acme") as unknown as Record<
  "silent" | "fault",
  { conditions: { conditionPrometheusQueryLanguage: object }[]; documentation: { content: string } }
>;

it("writes when a server that was heard of within a day is silent for a quarter of an hour", () => {
  const heartbeat = 'custom_googleapis_com:erpnext_heartbeat{monitored_resource="global",customer="acme"}';
  expect(silent.conditions.map((condition) => condition.conditionPrometheusQueryLanguage)).toEqual([
    {
      query: `max_over_time(${heartbeat}[1d]) unless max_over_time(${heartbeat}[15m])`,
      duration: "0s",
      evaluationInterval: "60s",
      // The metric is made by the server's first minute, long after the policy.
      disableMetricValidation: true,
    },
  ]);
});

it("writes of each fault by itself when it stands for five minutes", () => {
  expect(fault.conditions.map((condition) => condition.conditionPrometheusQueryLanguage)).toEqual([
    {
      query:
        'max by (kind) (max_over_time(custom_googleapis_com:erpnext_fault{monitored_resource="global",customer="acme"}[5m])) > 0',
      duration: "300s",
      evaluationInterval: "60s",
      disableMetricValidation: true,
    },
  ]);
});

it("says what every fault that the server tells means, and of no other", () => {
  const script = readFileSync(join(__dirname, "../../host/metrics.sh"), "utf8");
  const told = [...script.matchAll(/^\t\t\t"?([a-z-]+)"?: \(/gm)].map(([, kind]) => kind);
  const explained = [...fault.documentation.content.matchAll(/^- `([^`]+)`: /gm)].map(([, kind]) => kind);
  expect(told).toContain("deliveries-late");
  expect(explained.sort()).toEqual(told.sort());
});
