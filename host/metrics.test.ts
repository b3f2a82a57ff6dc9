import { FakeGoogle } from "./test/google";
import { Sandbox, type Outcome } from "./test/sandbox";

jest.setTimeout(30_000);

let sandbox: Sandbox;
let google: FakeGoogle;

beforeEach(async () => {
  sandbox = new Sandbox();
  google = new FakeGoogle();
  await google.start();
  Object.assign(sandbox.environment, { GCP_PROJECT: "acme-project", SHOPIFY_APP: "dev-dashboard" });
  sandbox.install();
  sandbox.program("df", `printf 'Use%%\\n 40%%\\n'`);
  sandbox.program("docker", "exit 1");
});

afterEach(() => {
  google.stop();
  sandbox.remove();
});

const hoursAgo = (hours: number): string => new Date(Date.now() - hours * 3_600_000).toISOString().replace(/\.\d+/, "");

/** A status in which all is well, with changes. */
function status(facts: object = {}, changes: object = {}): void {
  const well = { checkedAt: hoursAgo(0), token: { refreshedAt: hoursAgo(8) }, restoreProof: { ok: true } };
  const lastBackup = { set: "s", finishedAt: hoursAgo(20) };
  const whole = { state: "converging", steps: [], lastBackup, facts: { ...well, ...facts }, ...changes };
  sandbox.write("var/lib/erpnext/status/status.json", JSON.stringify(whole));
}

function expires(at: string): void {
  sandbox.environment["ACCESS_EXPIRES_AT"] = at;
  sandbox.install();
}

function tell(): Promise<Outcome> {
  return sandbox.run([sandbox.path("opt/erpnext/metrics.sh")], google.environment);
}

interface Series {
  readonly metric: { readonly type: string; readonly labels: Readonly<Record<string, string>> };
  readonly points: readonly { readonly value: { readonly int64Value: string } }[];
}

/** The faults that were told, after the heartbeat. */
function told(): string[] {
  const { timeSeries } = JSON.parse(google.metrics.at(-1)?.body ?? "{}") as { timeSeries: Series[] };
  expect(timeSeries[0]).toMatchObject({
    metric: { type: "custom.googleapis.com/erpnext/heartbeat", labels: { customer: "acme" } },
    resource: { type: "global", labels: { project_id: "acme-project" } },
    metricKind: "GAUGE",
    points: [{ value: { int64Value: "1" } }],
  });
  return timeSeries
    .slice(1)
    .filter(({ points }) => points[0]?.value.int64Value === "1")
    .map(({ metric }) => metric.labels["kind"] ?? "");
}

it.each<[string, () => void, string[]]>([
  ["a server that is just being made", () => undefined, []],
  ["a server on which all is well", status, []],
  [
    "an old backup",
    () => {
      status({}, { lastBackup: { set: "s", finishedAt: hoursAgo(27) } });
    },
    ["backup"],
  ],
  [
    "a server that has never made a backup, however often it was updated",
    () => {
      status({}, { lastBackup: null, since: hoursAgo(5), steps: [{ finishedAt: hoursAgo(0) }] });
    },
    ["backup"],
  ],
  [
    "a server whose first backup is under way",
    () => {
      status({}, { lastBackup: null, since: hoursAgo(3) });
    },
    [],
  ],
  [
    "a backup that cannot be restored",
    () => {
      status({ restoreProof: { ok: false } });
    },
    ["restore-proof"],
  ],
  [
    "a proof that is not made any more",
    () => {
      status({ restoreProof: { ok: true, at: hoursAgo(16 * 24) } });
    },
    ["restore-proof"],
  ],
  [
    "a token that is not renewed",
    () => {
      status({ token: { refreshedAt: hoursAgo(18) } });
    },
    ["token"],
  ],
  [
    "a delivery that waits",
    () => {
      status({ deliveries: { oldestWaitingSeconds: 901, failed: 0 } });
    },
    ["deliveries-late"],
  ],
  [
    "a delivery that failed",
    () => {
      status({ deliveries: { oldestWaitingSeconds: null, failed: 1 } });
    },
    ["deliveries-failed"],
  ],
  [
    "an order that ERPNext refuses for more than an hour",
    () => {
      status({ deliveries: { oldestWaitingSeconds: null, oldestParkedSeconds: 3601, failed: 0 } });
    },
    ["deliveries-parked"],
  ],
  [
    "an order that was refused a few times",
    () => {
      status({ deliveries: { oldestWaitingSeconds: null, oldestParkedSeconds: 3600, failed: 0 } });
    },
    [],
  ],
  [
    "a subscription that is lost",
    () => {
      status({ subscriptions: { lookedAt: hoursAgo(0), lost: ["ORDERS_PAID"], lostSince: hoursAgo(0.4) } });
    },
    ["subscriptions"],
  ],
  [
    "subscriptions that are just being made",
    () => {
      status({ subscriptions: { lookedAt: hoursAgo(0), lost: ["ORDERS_PAID"], lostSince: hoursAgo(0.2) } });
    },
    [],
  ],
  [
    "a Shopify that does not tell its subscriptions any more",
    () => {
      status({ subscriptions: { lookedAt: hoursAgo(7), lost: [], lostSince: null } });
    },
    ["subscriptions"],
  ],
  [
    "a Shopify that has never told its subscriptions, a token that never came, and no proof of a backup",
    () => {
      status({ token: null, restoreProof: null }, { since: hoursAgo(16 * 24) });
    },
    ["restore-proof", "token", "subscriptions"],
  ],
  [
    "a new server that has not asked Shopify yet",
    () => {
      status({ token: null, restoreProof: null }, { since: hoursAgo(5) });
    },
    [],
  ],
  [
    "a ready server that has never looked at its site",
    () => {
      status({ checkedAt: null }, { state: "ready", since: hoursAgo(2) });
    },
    ["tunnel", "facts"],
  ],
  [
    "an Access token near its end",
    () => {
      expires(hoursAgo(-29 * 24));
    },
    ["access-token"],
  ],
  [
    "an Access token with a month left",
    () => {
      expires(hoursAgo(-31 * 24).replace("Z", ".123456Z"));
    },
    [],
  ],
  [
    "facts that stand still, and no cloudflared",
    () => {
      status({ checkedAt: hoursAgo(2) }, { state: "ready" });
    },
    ["tunnel", "facts"],
  ],
  [
    "a boot disk that is full",
    () => {
      sandbox.program("df", `printf 'Use%%\\n 97%%\\n'`);
    },
    ["boot-disk"],
  ],
])("tells of %s", async (_title, prepare, faults) => {
  prepare();
  expect(await tell()).toMatchObject({ code: 0 });
  expect(told()).toEqual(faults);
  expect(google.metrics[0]?.path).toBe("/v3/projects/acme-project/timeSeries");
});

it("says that Google took nothing, and fails", async () => {
  const outcome = await sandbox.run([sandbox.path("opt/erpnext/metrics.sh")], {
    ...google.environment,
    ERPNEXT_MONITORING_URL: "http://127.0.0.1:9",
  });
  expect(outcome.code).toBe(1);
  expect(outcome.output).toContain("Cloud Monitoring took no metrics");
});
