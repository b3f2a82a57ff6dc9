import { ACCOUNT, cloudflareSamples, gcpSamples, ZONE } from "./testing/customer-resources";
import type { Made, Sample } from "./testing/customer-resources";
import type { Inputs, Known, PluginClient } from "./testing/plugin-client";
import { secret } from "./testing/plugin-client";
import { RunningCloud } from "./testing/running-cloud";
import { fromWire } from "./values";

let running: RunningCloud;
let gcp: PluginClient;
let cloudflare: PluginClient;
const known = new Map<string, Known>();

const made: Made = (name) => ({ ...fromWire(known.get(name)!.outputs).plain, id: known.get(name)!.id });

async function makeAll(client: PluginClient, samples: readonly Sample[]): Promise<void> {
  for (const sample of samples)
    known.set(sample.name, await client.create(sample.type, sample.name, sample.inputs(made)));
}

function sampleOf(name: string): Sample {
  return [...gcpSamples, ...cloudflareSamples].find((sample) => sample.name === name)!;
}

beforeEach(async () => {
  running = await RunningCloud.start();
  gcp = await running.connect("gcp");
  cloudflare = await running.connect("cloudflare");
  known.clear();
});

afterEach(async () => {
  await running.end();
});

describe("Check refuses", () => {
  const cases: { sample: string; change: Inputs; property: string; reason: RegExp }[] = [
    {
      sample: "network",
      change: { name: "Acme" },
      property: "name",
      reason: /must be 1 to 63 lower-case letters.*"Acme"/,
    },
    { sample: "network", change: { name: "a".repeat(64) }, property: "name", reason: /must be 1 to 63/ },
    { sample: "network", change: { nmae: "acme" }, property: "nmae", reason: /"nmae" is no input of this resource/ },
    {
      sample: "subnetwork",
      change: { network: undefined },
      property: "network",
      reason: /"network" is required and missing/,
    },
    {
      sample: "subnetwork",
      change: { ipCidrRange: "10.0.0.0" },
      property: "ipCidrRange",
      reason: /address range such as/,
    },
    {
      sample: "firewall",
      change: { sourceRanges: ["0.0.0.0/0", "all"] },
      property: "sourceRanges[1]",
      reason: /address range/,
    },
    {
      sample: "firewall",
      change: { allows: [{ protocol: "tcp", port: ["80"] }] },
      property: "allows[0].port",
      reason: /no input/,
    },
    { sample: "address", change: { labels: { Part: "x" } }, property: "labels", reason: /"Part"/ },
    { sample: "disk", change: { size: "large" }, property: "size", reason: /must be a number/ },
    {
      sample: "snapshots",
      change: { snapshotSchedulePolicy: { schedule: { dailySchedule: { daysInCycle: 1, startTime: "04:30" } } } },
      property: "snapshotSchedulePolicy.schedule.dailySchedule.startTime",
      reason: /full hour/,
    },
    {
      sample: "server",
      change: { bootDisk: { initializeParams: { images: "x" } } },
      property: "bootDisk.initializeParams.images",
      reason: /no input/,
    },
    { sample: "server", change: { metadata: ["x"] }, property: "metadata", reason: /must be a map, not a list/ },
    { sample: "account", change: { accountId: "short" }, property: "accountId", reason: /6 to 30/ },
    {
      sample: "puller",
      change: { member: "server@acme-project.iam.gserviceaccount.com" },
      property: "member",
      reason: /a principal such as/,
    },
    { sample: "repository", change: { format: "OCI" }, property: "format", reason: /must be one of "DOCKER"/ },
    { sample: "secret", change: { secretId: "acme.secret" }, property: "secretId", reason: /at most 255/ },
    { sample: "bucket", change: { name: "goog-acme" }, property: "name", reason: /3 to 63/ },
    {
      sample: "mail",
      change: { labels: { email_address: "ops" } },
      property: "labels.email_address",
      reason: /an e-mail address/,
    },
    { sample: "tunnel", change: { accountId: "acme" }, property: "accountId", reason: /32 hexadecimal digits/ },
    { sample: "record", change: { type: "ALIAS" }, property: "type", reason: /must be one of "A", "AAAA"/ },
    { sample: "record", change: { ttl: 10 }, property: "ttl", reason: /1 \(automatic\) or 30 to 86400/ },
    { sample: "policy", change: { decision: "permit" }, property: "decision", reason: /must be one of "allow"/ },
    {
      sample: "schedule",
      change: { schedules: [{ cron: "often" }] },
      property: "schedules[0].cron",
      reason: /five fields/,
    },
  ];

  it.each(cases)("$sample with a wrong $property", async ({ sample: name, change, property, reason }) => {
    const sample = sampleOf(name);
    const client = sample.type.startsWith("gcp:") ? gcp : cloudflare;
    const plain: Made = () => ({
      id: "x",
      name: "x",
      scriptName: "x",
      member: "user:a@example.com",
      email: "a@example.com",
      address: "203.0.113.9",
    });
    const inputs = Object.fromEntries(
      Object.entries({ ...sample.inputs(plain), ...change }).filter(([, value]) => value !== undefined),
    );
    const { failures } = await client.check(sample.type, name, inputs);
    expect(Object.keys(failures)).toEqual([property]);
    expect(failures[property]).toMatch(reason);
  });

  it("a wrong secret without showing it", async () => {
    const { failures } = await gcp.check("gcp:compute/network:Network", "n", { name: secret("Hush Hush") });
    expect(failures).toEqual({ name: '"name" is not valid (its value is secret)' });
  });

  it("nothing about a value that the preview does not know", async () => {
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    const { failures } = await gcp.check("gcp:compute/firewall:Firewall", "f", {
      name: unknown,
      network: unknown,
      sourceRanges: unknown,
    });
    expect(failures).toEqual({});
  });

  it("a project, region and zone that neither the resource nor the provider gives", async () => {
    const bare = await running.connect("gcp", {});
    const { failures } = await bare.check("gcp:compute/disk:Disk", "d", { name: "acme" });
    expect(failures).toEqual({
      project: '"project" is required: set it here or in the gcp provider',
      zone: '"zone" is required: set it here or in the gcp provider',
    });
  });
});

describe("the provider's configuration", () => {
  it.each([
    { apiToken: "", wanted: ['The cloudflare provider\'s "apiToken" is missing or empty; set "cloudflare:apiToken".'] },
    {
      apiToken: "short",
      wanted: ['The cloudflare provider\'s "apiToken" must be 40 to 80 letters, digits, "-" and "_".'],
    },
    { apiToken: "t".repeat(40), wanted: [] },
    { apiToken: "04da6b54-80e4-46f7-96ec-b56ff0331ba9", wanted: [] },
  ])("takes or refuses the token $apiToken", async ({ apiToken, wanted }) => {
    expect(await cloudflare.checkConfig({ apiToken: secret(apiToken) })).toEqual(wanted);
  });

  it("is refused by Configure too, which refresh and destroy do not check before", async () => {
    await expect(cloudflare.configure({ apiToken: "" })).rejects.toThrow(/missing or empty/);
    await expect(gcp.configure({ project: "Acme" })).rejects.toThrow(/"project" must be 6 to 30/);
  });
});

describe("the clouds refuse", () => {
  it("a resource whose API is not enabled, naming the API and the project", async () => {
    await expect(gcp.create("gcp:compute/network:Network", "n", { name: "acme" })).rejects.toThrow(
      "compute.googleapis.com has not been used in project acme-project before or it is disabled.",
    );
    expect(running.cloud.isEmpty()).toBe(true);
  });

  const refused: { what: string; sample: string; change: Inputs; message: RegExp }[] = [
    { what: "a second network of a name", sample: "network", change: {}, message: /already exists/ },
    {
      what: "a subnetwork without its network",
      sample: "subnetwork",
      change: { name: "b", network: "projects/acme-project/global/networks/no" },
      message: /knows no gcp:compute\/network:Network/,
    },
    {
      what: "a server without its account",
      sample: "server",
      change: {
        name: "b",
        serviceAccount: { email: "no@acme-project.iam.gserviceaccount.com", scopes: ["cloud-platform"] },
      },
      message: /"no@acme-project.iam.gserviceaccount.com" does not exist/,
    },
    {
      what: "a server without its disk",
      sample: "server",
      change: { name: "b", attachedDisks: [{ source: "no" }] },
      message: /knows no gcp:compute\/disk:Disk "no"/,
    },
    {
      what: "a version without its secret",
      sample: "version",
      change: { secret: "no" },
      message: /knows no gcp:secretmanager\/secret:Secret/,
    },
    {
      what: "an empty version",
      sample: "version",
      change: { secretData: secret("") },
      message: /payload that is not empty/,
    },
    {
      what: "a role for an account that is not there",
      sample: "accessor",
      change: { member: "serviceAccount:no@acme-project.iam.gserviceaccount.com" },
      message: /does not exist; create it/,
    },
    {
      what: "a role on a secret that is not there",
      sample: "accessor",
      change: { secretId: "no" },
      message: /knows no gcp:secretmanager/,
    },
    {
      what: "an alert to a channel that is not there",
      sample: "alert",
      change: { notificationChannels: ["no"] },
      message: /channel "no" of alert does not exist/,
    },
    {
      what: "an uptime check from two regions",
      sample: "uptime",
      change: { selectedRegions: ["USA", "EUROPE"] },
      message: /at least three/,
    },
    { what: "a second tunnel of a name", sample: "tunnel", change: {}, message: /whose "name" is "acme-ui"/ },
    {
      what: "rules without an end",
      sample: "rules",
      change: { config: { ingresses: [{ hostname: "a.example.com", service: "http://x" }] } },
      message: /last ingress rule of rules must match everything/,
    },
    {
      what: "rules that are never reached",
      sample: "rules",
      change: { config: { ingresses: [{ service: "http://x" }, { service: "http://y" }] } },
      message: /rule 1 of rules matches everything/,
    },
    {
      what: "rules of a tunnel that is not there",
      sample: "rules",
      change: { tunnelId: "11111111-2222-3333-4444-555555555555" },
      message: /knows no cloudflare:index\/zeroTrustTunnelCloudflared/,
    },
    { what: "a policy that includes no one", sample: "policy", change: { includes: [] }, message: /includes no one/ },
    {
      what: "a policy for a token that is not there",
      sample: "policy",
      change: { includes: [{ serviceToken: { tokenId: "no" } }] },
      message: /knows no .*ServiceToken "no"/,
    },
    {
      what: "an application with a policy that is not there",
      sample: "application",
      change: { domain: "b.example.com", policies: [{ id: "no" }] },
      message: /knows no .*Policy "no"/,
    },
    {
      what: "a second application at a domain",
      sample: "application",
      change: {},
      message: /at "erp.example.com" already/,
    },
    { what: "an application nowhere", sample: "application", change: { domain: "" }, message: /needs a "domain"/ },
    {
      what: "an address beside a CNAME",
      sample: "record",
      change: { type: "A", content: "203.0.113.1", ttl: 1 },
      message: /CNAME record with the name "erp.example.com" exists already/,
    },
    {
      what: "an A record with a name in it",
      sample: "record",
      change: { name: "b.example.com", type: "A", content: "b" },
      message: /needs an IPv4 address, not "b"/,
    },
    {
      what: "a proxied record with a time to live",
      sample: "record",
      change: { name: "b.example.com", ttl: 300 },
      message: /proxied, so its "ttl" must be 1/,
    },
    {
      what: "a domain of a Worker that is not there",
      sample: "domain",
      change: { hostname: "b.example.com", service: "no" },
      message: /knows no Worker "no"/,
    },
    {
      what: "a database binding to nothing",
      sample: "script",
      change: { bindings: [{ name: "DB", type: "d1", id: "no" }] },
      message: /knows no cloudflare:index\/d1Database/,
    },
  ];

  it.each(refused)("$what", async ({ sample: name, change, message }) => {
    const sample = sampleOf(name);
    const isGoogle = sample.type.startsWith("gcp:");
    const client = isGoogle ? gcp : cloudflare;
    await makeAll(client, isGoogle ? gcpSamples : cloudflareSamples);
    const before = running.cloud.resources();
    await expect(client.create(sample.type, name, { ...sample.inputs(made), ...change })).rejects.toThrow(message);
    expect(running.cloud.resources()).toEqual(before);
  });

  const held: { name: string; message: RegExp }[] = [
    { name: "network", message: /in use by "projects\/acme-project\/regions\/europe-west1\/subnetworks\/acme"/ },
    { name: "subnetwork", message: /in use by ".*instances\/acme"/ },
    { name: "address", message: /in use by ".*instances\/acme"/ },
    { name: "disk", message: /attached to ".*instances\/acme"/ },
    { name: "snapshots", message: /in use by/ },
    { name: "mail", message: /in use by ".*alertPolicies/ },
    { name: "policy", message: /in use by the application "acme"/ },
    { name: "token", message: /in use by the policy "acme"/ },
  ];

  it.each(held)("to delete $name while it is needed", async ({ name, message }) => {
    const isGoogle = sampleOf(name).type.startsWith("gcp:");
    const client = isGoogle ? gcp : cloudflare;
    await makeAll(client, isGoogle ? gcpSamples : cloudflareSamples);
    const before = running.cloud.resources();
    await expect(client.delete(known.get(name)!)).rejects.toThrow(message);
    expect(running.cloud.resources()).toEqual(before);
  });

  it("to delete what is protected, a bucket with files and a tunnel in use", async () => {
    await makeAll(gcp, gcpSamples);
    await makeAll(cloudflare, cloudflareSamples);
    const { cloud } = running;
    cloud.mutate(cloud.find("gcp:compute/instance:Instance")!, { inputs: { deletionProtection: true } });
    cloud.mutate(cloud.find("gcp:secretmanager/secret:Secret")!, { inputs: { deletionPolicy: "PREVENT" } });
    cloud.mutate(cloud.find("cloudflare:index/zeroTrustTunnelCloudflared:ZeroTrustTunnelCloudflared")!, {
      outputs: { connections: [{ coloName: "ams01" }] },
    });
    cloud.plant({
      provider: "gcp",
      type: "gcp:storage/bucketObject:BucketObject",
      id: "acme-backups/a.sql.gz",
      scope: "acme-project",
      inputs: { bucket: "acme-backups" },
      outputs: {},
    });
    await expect(gcp.delete(known.get("server")!)).rejects.toThrow(/"deletionProtection"/);
    await expect(gcp.delete(known.get("secret")!)).rejects.toThrow(/"deletionPolicy" PREVENT/);
    await expect(gcp.delete(known.get("bucket")!)).rejects.toThrow(/holds 1 objects/);
    await expect(cloudflare.delete(known.get("tunnel")!)).rejects.toThrow(/1 active connections/);
    cloud.mutate(cloud.find("gcp:storage/bucket:Bucket")!, { inputs: { forceDestroy: true } });
    await gcp.delete(known.get("bucket")!);
    expect(cloud.resources("gcp:storage/bucketObject:BucketObject")).toEqual([]);
  });

  it("to change the size of a running server that may not be stopped", async () => {
    await makeAll(gcp, gcpSamples);
    const inputs = { ...sampleOf("server").inputs(made), allowStoppingForUpdate: false, machineType: "e2-standard-4" };
    await expect(gcp.update(known.get("server")!, inputs)).rejects.toThrow(
      /"machineType" of a running instance needs it stopped/,
    );
  });

  it("another name for a snapshot schedule, which the provider takes for an update", async () => {
    await makeAll(gcp, gcpSamples);
    const inputs = { ...sampleOf("snapshots").inputs(made), name: "acme-weekly" };
    expect(await gcp.diff(known.get("snapshots")!, inputs)).toMatchObject({ diffs: ["name"], replaces: [] });
    await expect(gcp.update(known.get("snapshots")!, inputs)).rejects.toThrow(/acme-weekly' was not found/);
  });

  it("a type and a data source that is not built", async () => {
    await expect(cloudflare.check("cloudflare:index/ruleset:Ruleset", "r", {})).rejects.toThrow(
      'The sandbox\'s cloudflare has no resource type "cloudflare:index/ruleset:Ruleset".',
    );
    await expect(gcp.invoke("gcp:compute/getZones:getZones", {})).rejects.toThrow(
      /has no data source "gcp:compute\/getZones:getZones"/,
    );
  });
});

it("knows accounts and zones apart", async () => {
  await cloudflare.create("cloudflare:index/dnsRecord:DnsRecord", "a", {
    zoneId: ZONE,
    name: "a.example.com",
    type: "A",
    content: "203.0.113.1",
    ttl: 300,
  });
  await cloudflare.create("cloudflare:index/d1Database:D1Database", "b", { accountId: ACCOUNT, name: "acme" });
  expect(running.cloud.resources({ scope: ZONE }).map((record) => record.type)).toEqual([
    "cloudflare:index/dnsRecord:DnsRecord",
  ]);
  expect(running.cloud.resources({ scope: ACCOUNT }).map((record) => record.type)).toEqual([
    "cloudflare:index/d1Database:D1Database",
  ]);
});
