import * as pulumi from "@pulumi/pulumi";

import { ErpnextServer, type ErpnextServerArgs } from "./erpnext-server";
import { renderEnvFile } from "./shared/env-file";
import { configurationDigest, packServerFiles } from "./shared/server-files";
import { type RecordedResource, recordResources } from "./testing/record-resources";
import { valueOf } from "./testing/value-of";

const FILES = { "converge.sh": "#!/bin/bash\n", "bootstrap.sh": "#!/bin/sh\nexec true\n" };
const LABELS = { customer: "acme" };
const ARGS: ErpnextServerArgs = {
  slug: "acme",
  project: "acme-project",
  region: "europe-west3",
  zone: "europe-west3-a",
  machineType: "e2-standard-4",
  dataDiskGb: 100,
  backupRetentionDays: 14,
  labels: LABELS,
  serviceAccountEmail: "acme-erpnext@acme-project.iam.gserviceaccount.com",
  subnetwork: "subnetwork-id",
  address: "203.0.113.10",
  networkTag: pulumi.output("acme-erpnext"),
  hostFiles: FILES,
  environment: { SITE_NAME: "erp.example.com", IMAGE_REF: pulumi.output("registry/acme/erpnext:1.0@sha256:d") },
  protect: true,
};
const build = (args: Partial<ErpnextServerArgs> = {}) => new ErpnextServer("server", { ...ARGS, ...args });
const ENV_FILE = 'IMAGE_REF="registry/acme/erpnext:1.0@sha256:d"\nSITE_NAME="erp.example.com"\n';
const DIGEST = configurationDigest(packServerFiles("acme", FILES), ENV_FILE);

test("four resources, all of them the component's", async () => {
  const { resources } = await recordResources(build);
  const children = resources.filter(({ custom }) => custom);
  expect(children.map(({ name, type }) => `${name} ${type}`).sort()).toEqual([
    "server-daily-snapshots gcp:compute/resourcePolicy:ResourcePolicy",
    "server-data gcp:compute/disk:Disk",
    "server-data-snapshots gcp:compute/diskResourcePolicyAttachment:DiskResourcePolicyAttachment",
    "server-instance gcp:compute/instance:Instance",
  ]);
  expect(new Set(children.map(({ parentType }) => parentType))).toEqual(new Set(["erpnext:gcp:ErpnextServer"]));
});

test("the data disk stands by itself", async () => {
  const { named } = await recordResources(build);
  expect(named("server-data").inputs).toEqual({
    project: "acme-project",
    zone: "europe-west3-a",
    name: "acme-erpnext-data",
    type: "pd-balanced",
    size: 100,
    labels: LABELS,
  });
});

describe("snapshots", () => {
  const retention = async (args: Partial<ErpnextServerArgs>) => {
    const { named } = await recordResources(() => build(args));
    const policy = named("server-daily-snapshots").inputs["snapshotSchedulePolicy"] as { retentionPolicy: unknown };
    return policy.retentionPolicy;
  };

  test("once a day, in the customer's region, of the data disk", async () => {
    const { named } = await recordResources(build);
    const policy = named("server-daily-snapshots");
    expect(policy.inputs).toEqual({
      project: "acme-project",
      region: "europe-west3",
      name: "acme-erpnext-daily",
      snapshotSchedulePolicy: {
        schedule: { dailySchedule: { daysInCycle: 1, startTime: "04:00" } },
        retentionPolicy: { maxRetentionDays: 14, onSourceDiskDelete: "KEEP_AUTO_SNAPSHOTS" },
        snapshotProperties: { labels: LABELS, storageLocations: "europe-west3" },
      },
    });
    expect(policy.deleteBeforeReplace).toBe(true);
    expect(named("server-data-snapshots").inputs).toEqual({
      project: "acme-project",
      zone: "europe-west3-a",
      disk: "acme-erpnext-data",
      name: "acme-erpnext-daily",
    });
  });

  test.each([
    [29, 29],
    [30, 30],
    [31, 30],
    [365, 30],
  ])("backups for %d days, snapshots for %d", async (backupRetentionDays, maxRetentionDays) => {
    expect(await retention({ backupRetentionDays })).toMatchObject({ maxRetentionDays });
  });

  test("a test store leaves none behind", async () => {
    expect(await retention({ protect: false })).toMatchObject({ onSourceDiskDelete: "APPLY_RETENTION_POLICY" });
  });
});

test("the instance, to the last input", async () => {
  const { named } = await recordResources(build);
  expect(named("server-instance").inputs).toEqual({
    project: "acme-project",
    zone: "europe-west3-a",
    name: "acme-erpnext",
    machineType: "e2-standard-4",
    allowStoppingForUpdate: true,
    bootDisk: {
      initializeParams: { image: "debian-cloud/debian-12", size: 30, type: "pd-balanced", labels: LABELS },
    },
    attachedDisks: [{ source: "server-data-id", deviceName: "data", mode: "READ_WRITE" }],
    networkInterfaces: [
      { subnetwork: "subnetwork-id", accessConfigs: [{ natIp: "203.0.113.10", networkTier: "PREMIUM" }] },
    ],
    serviceAccount: {
      email: "acme-erpnext@acme-project.iam.gserviceaccount.com",
      scopes: ["cloud-platform"],
    },
    shieldedInstanceConfig: { enableSecureBoot: true, enableVtpm: true, enableIntegrityMonitoring: true },
    scheduling: { onHostMaintenance: "MIGRATE", automaticRestart: true },
    tags: ["acme-erpnext"],
    labels: LABELS,
    desiredStatus: "RUNNING",
    deletionProtection: true,
    metadata: {
      "startup-script": "#!/bin/sh\nexec true\n",
      "erpnext-files": '{"bootstrap.sh":"#!/bin/sh\\nexec true\\n","converge.sh":"#!/bin/bash\\n"}',
      "erpnext-env": ENV_FILE,
      "erpnext-digest": DIGEST,
      "enable-oslogin": "TRUE",
      "block-project-ssh-keys": "TRUE",
      "serial-port-enable": "FALSE",
    },
  });
});

test("a changed script or image does not replace the server, and a replacement does not take the data along", async () => {
  const { named } = await recordResources(build);
  const instance = named("server-instance");
  expect(instance.inputs).not.toHaveProperty("metadataStartupScript");
  expect(instance.ignoreChanges).toEqual(["bootDisk", "metadata.erpnext-request"]);
  expect(instance.deleteBeforeReplace).toBe(true);
  expect(instance.dependencies).toContain(named("server-data").urn);
});

test.each([true, false])("protect %s is the data disk's and, as deletion protection, the server's", async (protect) => {
  const { resources, named } = await recordResources(() => build({ protect }));
  expect(resources.filter((resource) => resource.protect).map(({ name }) => name)).toEqual(
    protect ? ["server-data"] : [],
  );
  expect(named("server-instance").inputs["deletionProtection"]).toBe(protect);
});

describe("the digest", () => {
  const digestWith = async (args: Partial<ErpnextServerArgs>) => {
    const { result } = await recordResources(() => build(args));
    return valueOf(result.digest);
  };

  test("is the same for equal settings in another order", async () => {
    const environment = Object.fromEntries(Object.entries(ARGS.environment).reverse());
    const hostFiles = Object.fromEntries(Object.entries(FILES).reverse());
    expect(await digestWith({ environment, hostFiles })).toBe(DIGEST);
  });

  test("changes with a file and with a setting, and not with the machine", async () => {
    expect(await digestWith({ hostFiles: { ...FILES, "converge.sh": "" } })).not.toBe(DIGEST);
    expect(await digestWith({ environment: { ...ARGS.environment, TIME_ZONE: "UTC" } })).not.toBe(DIGEST);
    expect(await digestWith({ machineType: "e2-standard-8" })).toBe(DIGEST);
  });
});

test("outputs", async () => {
  const { result, outputs, named } = await recordResources(build);
  const expected = { instanceName: "acme-erpnext", instanceId: "number-of-acme-erpnext", digest: DIGEST };
  const { instanceName, instanceId, digest } = result;
  expect(await valueOf({ instanceName, instanceId, digest })).toEqual(expected);
  expect(outputs.get(named("server").urn)).toEqual(expected);
});

test("a value that the environment cannot carry ends the run before any resource", () => {
  expect(() => build({ environment: { COMPANY_NAME: "Acme\nLtd" } })).toThrow(
    '"COMPANY_NAME" contains a line break or another control character for customer "acme"',
  );
});

test("missing boot script ends the run before any resource", () => {
  expect(() => build({ hostFiles: {} })).toThrow('"bootstrap.sh" is not among the server\'s files for customer "acme"');
});

test("what the metadata holds is what the contract names, and the environment's text is the pure function's", async () => {
  const { named } = await recordResources(build);
  const metadata = metadataOf(named("server-instance"));
  expect(metadata["erpnext-env"]).toBe(
    renderEnvFile("acme", { SITE_NAME: "erp.example.com", IMAGE_REF: "registry/acme/erpnext:1.0@sha256:d" }),
  );
});

function metadataOf({ inputs }: RecordedResource): Record<string, string> {
  return inputs["metadata"] as Record<string, string>;
}
