import { Disk } from "@pulumi/gcp/compute/disk";
import { DiskResourcePolicyAttachment } from "@pulumi/gcp/compute/diskResourcePolicyAttachment";
import { Instance, type InstanceArgs } from "@pulumi/gcp/compute/instance";
import { ResourcePolicy } from "@pulumi/gcp/compute/resourcePolicy";
import * as pulumi from "@pulumi/pulumi";

import { BOOT_DISK_GB } from "../core/disks";
import { envValue, renderEnvFile } from "./shared/env-file";
import type { CustomerLabels } from "./shared/labels";
import { serverName } from "../core/names";
import { configurationDigest, packServerFiles } from "./shared/server-files";

/** Image family, so that a new server starts with current packages. */
const BOOT_IMAGE = "debian-cloud/debian-12";

const DISK_TYPE = "pd-balanced";

/** The server finds the disk as /dev/disk/by-id/google-data. */
const DATA_DEVICE = "data";

/** UTC; Google takes every fourth hour. */
const SNAPSHOT_START = "04:00";

/**
 * Requests come and go in the metadata past Pulumi (scripts/lib/server-request), so they are no drift. The provider compares this
 * text with the paths that it writes itself, and writes a key without a dot or bracket as `.key`
 * (pulumi-terraform-bridge v3.137.0, pkg/tfbridge/diff.go, visitPropertyValue): any other spelling matches nothing.
 */
const REQUEST_PATH = "metadata.erpnext-request";

/** Snapshots are for a disk that is gone or wrong, which shows within days; older states come from the backups. */
const LONGEST_SNAPSHOT_RETENTION_DAYS = 30;

/** The server: where it stands, what it is, and what it has to do. */
export interface ErpnextServerArgs {
  /** The customer's slug. */
  readonly slug: string;
  /** Google Cloud project id. */
  readonly project: string;
  /** Google Cloud region, of the snapshots. */
  readonly region: string;
  /** Google Cloud zone, of the disk and the server. */
  readonly zone: string;
  /** Compute Engine machine type, e.g. "e2-standard-4"; another one restarts the server. */
  readonly machineType: string;
  /** Gigabytes of the data disk; it can grow, not shrink. */
  readonly dataDiskGb: number;
  /** Days that backups are kept; snapshots are kept as long, 30 days at most. */
  readonly backupRetentionDays: number;
  /** Labels of disks, snapshots and server. */
  readonly labels: CustomerLabels;
  /** The server's service account. */
  readonly serviceAccountEmail: pulumi.Input<string>;
  /** The subnetwork to stand in (its id). */
  readonly subnetwork: pulumi.Input<string>;
  /** The reserved public IPv4 address. */
  readonly address: pulumi.Input<string>;
  /** Network tag that the firewall's rules apply to. */
  readonly networkTag: pulumi.Input<string>;
  /** Every file of host/ by its path relative to it; among them bootstrap.sh. */
  readonly hostFiles: Readonly<Record<string, string>>;
  /** What the files read from `.env`. No secrets: anyone who reaches the metadata server reads it. */
  readonly environment: Readonly<Record<string, pulumi.Input<string>>>;
  /** Refuse to delete the data disk and the server. */
  readonly protect: boolean;
}

/**
 * The machine. It pulls its state: metadata carries the files of host/, one `.env` and one digest of both; what changes
 * there is applied by the server itself, and neither restarts nor replaces it.
 */
export class ErpnextServer extends pulumi.ComponentResource {
  /** Name of the Compute Engine instance. */
  readonly instanceName: pulumi.Output<string>;
  /** The number that Google gave to this very instance; another one after a replacement. */
  readonly instanceId: pulumi.Output<string>;
  /** What /healthz reports as `digest` once the server has applied this update. */
  readonly digest: pulumi.Output<string>;

  constructor(name: string, args: ErpnextServerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("erpnext:gcp:ErpnextServer", name, {}, opts);

    const files = packServerFiles(args.slug, args.hostFiles);
    refuseUnwritable(args);
    const envFile = pulumi.output(args.environment).apply((environment) => renderEnvFile(args.slug, environment));
    this.digest = envFile.apply((text) => configurationDigest(files, text));

    const disk = this.dataDisk(name, args);
    this.snapshots(name, args, disk);
    const metadata = {
      "startup-script": files.bootScript,
      "erpnext-files": files.json,
      "erpnext-env": envFile,
      "erpnext-digest": this.digest,
      "enable-oslogin": "TRUE",
      "block-project-ssh-keys": "TRUE",
      "serial-port-enable": "FALSE",
    };
    const instance = this.instance(name, { ...instanceArgs(args, disk), metadata }, args.protect);

    this.instanceName = instance.name;
    this.instanceId = instance.instanceId;
    this.registerOutputs({ instanceName: this.instanceName, instanceId: this.instanceId, digest: this.digest });
  }

  /** Everything that is worth keeping: site, database, queue, certificates. It outlives the server. */
  private dataDisk(name: string, args: ErpnextServerArgs): Disk {
    return new Disk(
      `${name}-data`,
      {
        project: args.project,
        zone: args.zone,
        name: serverName(args.slug, "data"),
        type: DISK_TYPE,
        size: args.dataDiskGb,
        labels: args.labels,
      },
      { parent: this, protect: args.protect },
    );
  }

  /** A snapshot a day. Production keeps them when the disk goes; a test store leaves nothing behind. */
  private snapshots(name: string, args: ErpnextServerArgs, disk: Disk): void {
    const policy = new ResourcePolicy(
      `${name}-daily-snapshots`,
      {
        project: args.project,
        region: args.region,
        name: serverName(args.slug, "daily"),
        snapshotSchedulePolicy: {
          schedule: { dailySchedule: { daysInCycle: 1, startTime: SNAPSHOT_START } },
          retentionPolicy: {
            maxRetentionDays: Math.min(args.backupRetentionDays, LONGEST_SNAPSHOT_RETENTION_DAYS),
            onSourceDiskDelete: args.protect ? "KEEP_AUTO_SNAPSHOTS" : "APPLY_RETENTION_POLICY",
          },
          snapshotProperties: { labels: args.labels, storageLocations: args.region },
        },
      },
      // A later expiry date changes the labels, and those a policy cannot change: its name must be free for the new one.
      { parent: this, deleteBeforeReplace: true },
    );
    new DiskResourcePolicyAttachment(
      `${name}-data-snapshots`,
      { project: args.project, zone: args.zone, disk: disk.name, name: policy.name },
      { parent: this },
    );
  }

  /**
   * The boot disk belongs to the server's birth: another image, size or label of it would replace a running server, so such
   * changes wait for the next one (`pulumi up --replace <its urn>`). Its name and the data disk are free only once the old
   * server is gone, hence the order. A server that someone stopped is drift, and an update starts it.
   */
  private instance(name: string, args: InstanceArgs, protect: boolean): Instance {
    return new Instance(
      `${name}-instance`,
      { ...args, deletionProtection: protect },
      { parent: this, deleteBeforeReplace: true, ignoreChanges: ["bootDisk", REQUEST_PATH] },
    );
  }
}

function instanceArgs(args: ErpnextServerArgs, disk: Disk): InstanceArgs {
  return {
    project: args.project,
    zone: args.zone,
    name: serverName(args.slug),
    machineType: args.machineType,
    allowStoppingForUpdate: true,
    desiredStatus: "RUNNING",
    bootDisk: {
      initializeParams: { image: BOOT_IMAGE, size: BOOT_DISK_GB, type: DISK_TYPE, labels: args.labels },
    },
    attachedDisks: [{ source: disk.id, deviceName: DATA_DEVICE, mode: "READ_WRITE" }],
    networkInterfaces: [
      { subnetwork: args.subnetwork, accessConfigs: [{ natIp: args.address, networkTier: "PREMIUM" }] },
    ],
    serviceAccount: { email: args.serviceAccountEmail, scopes: ["cloud-platform"] },
    shieldedInstanceConfig: { enableSecureBoot: true, enableVtpm: true, enableIntegrityMonitoring: true },
    scheduling: { onHostMaintenance: "MIGRATE", automaticRestart: true },
    tags: [args.networkTag],
    labels: args.labels,
  };
}

/** What is known already is refused here, as one sentence; inside an output it would end in a stack trace. */
function refuseUnwritable(args: ErpnextServerArgs): void {
  for (const [key, value] of Object.entries(args.environment)) {
    if (typeof value === "string") envValue(args.slug, key, value);
  }
}
