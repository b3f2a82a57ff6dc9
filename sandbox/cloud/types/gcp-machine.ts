import { between, form, oneOf } from "../checks";
import { CloudError } from "../cloud-error";
import type { ResourceType, Situation } from "../resource-type";
import { isRecord, items, pick, same, text } from "../values";
import type { Properties } from "../values";
import {
  ADDRESS_PREFIX,
  ATTACHMENT,
  DISK,
  diskReferences,
  INSTANCE,
  NETWORK,
  path,
  POLICY,
  region,
  SUBNETWORK,
  zone,
} from "./gcp-compute-references";
import { compute, gcp, numericId, placeOf, required } from "./gcp-type";

const hourly = form(/^([01]\d|2[0-3]):00$/, 'a full hour such as "04:00"');

const disk = compute({
  token: DISK,
  path: (place, name) => `projects/${place.project}/zones/${place.zone}/disks/${name}`,
  checks: { zone, size: between(1, 65536), physicalBlockSizeBytes: oneOf(4096, 16384) },
  defaults: { type: "pd-standard", physicalBlockSizeBytes: 4096 },
  replaces: [
    "architecture",
    "asyncPrimaryDisk",
    "description",
    "diskEncryptionKey",
    "enableConfidentialCompute",
    "eraseWindowsVssSignature",
    "guestOsFeatures",
    "image",
    "interface",
    "licenses",
    "multiWriter",
    "params",
    "physicalBlockSizeBytes",
    "resourcePolicies",
    "snapshot",
    "sourceDisk",
    "sourceImageEncryptionKey",
    "sourceInstantSnapshot",
    "sourceSnapshotEncryptionKey",
    "sourceStorageObject",
    "storagePool",
    "type",
    "zone",
  ],
  replacesWhen: (before, after) =>
    Number(pick(after, "size") ?? 0) < Number(pick(before, "size") ?? 0) ? ["size"] : [],
  computed: ({ inputs }) => ({
    diskId: numericId(),
    size: pick(inputs, "size") ?? 500,
    users: [],
    lastAttachTimestamp: "",
  }),
  volatile: ["size"],
  release: (record, records) => {
    const user = records
      .list(INSTANCE)
      .find((instance) =>
        diskReferences(instance.inputs).some((at) => record.id === path(at) || text(record.inputs, "name") === at),
      );
    if (user !== undefined)
      throw new CloudError(400, `The disk "${record.id}" is attached to "${user.id}"; detach it first.`);
  },
  owns: (record, other) => other.type === ATTACHMENT && other.id.startsWith(`${record.id}/`),
});

const resourcePolicy = compute({
  token: POLICY,
  path: (place, name) => `projects/${place.project}/regions/${place.region}/resourcePolicies/${name}`,
  // The only name without ForceNew (terraform-provider-google-beta 7.45.0, resource_compute_resource_policy.go): its update asks for the new one.
  renames: true,
  checks: {
    region,
    "snapshotSchedulePolicy.schedule.dailySchedule.startTime": hourly,
    "snapshotSchedulePolicy.schedule.hourlySchedule.startTime": hourly,
    "snapshotSchedulePolicy.retentionPolicy.maxRetentionDays": between(1, 65536),
    "snapshotSchedulePolicy.retentionPolicy.onSourceDiskDelete": oneOf("KEEP_AUTO_SNAPSHOTS", "APPLY_RETENTION_POLICY"),
  },
  replaces: ["region", "diskConsistencyGroupPolicy.enabled", "groupPlacementPolicy.gpuTopology", "workloadPolicy"],
  release: (record, records) => {
    const user = records
      .list(ATTACHMENT)
      .find((attachment) => text(attachment.inputs, "name") === text(record.inputs, "name"));
    if (user !== undefined)
      throw new CloudError(400, `The resource policy "${record.id}" is in use by "${user.id}"; detach it first.`);
  },
});

const attachment = gcp({
  token: ATTACHMENT,
  api: "compute.googleapis.com",
  checks: { zone },
  replaces: ["disk", "name", "zone", "project"],
  id: (situation) => {
    const place = placeOf(situation);
    const diskName = text(situation.inputs, "disk").split("/").at(-1) ?? "";
    return `projects/${place.project}/zones/${place.zone}/disks/${diskName}/${text(situation.inputs, "name")}`;
  },
  verify: (situation) => {
    required(situation, DISK, text(situation.inputs, "disk"));
    required(situation, POLICY, text(situation.inputs, "name"));
  },
});

/** Inputs that a running machine takes only when it may be stopped for them. */
const STOPPED = ["machineType", "minCpuPlatform", "serviceAccount", "enableDisplay", "shieldedInstanceConfig"];

const instance = compute({
  token: INSTANCE,
  path: (place, name) => `projects/${place.project}/zones/${place.zone}/instances/${name}`,
  checks: {
    zone,
    machineType: form(
      /^([a-z0-9]+-[a-z0-9-]+|.*\/machineTypes\/[a-z0-9-]+)$/,
      'a machine type such as "e2-standard-2"',
    ),
    "serviceAccount.email": form(/^(default|[^@\s]+@[^@\s]+)$/, "a service account's e-mail address"),
    "bootDisk.initializeParams.image": form(
      /^(https:\/\/[^/]+\/compute\/v1\/)?([a-z0-9-]+|(projects\/)?[a-z0-9-]+(\/global\/images)?(\/family)?\/[a-z0-9-]+)$/,
      'an image such as "debian-cloud/debian-12"',
    ),
    "bootDisk.initializeParams.size": between(1, 65536),
    desiredStatus: oneOf("RUNNING", "TERMINATED", "SUSPENDED"),
    "attachedDisks.*.mode": oneOf("READ_WRITE", "READ_ONLY"),
    "tags.*": form(/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/, "a network tag: lower-case letters, digits and hyphens"),
  },
  defaults: { canIpForward: false, deletionProtection: false, metadata: {} },
  replaces: [
    "zone",
    "hostname",
    "networkPerformanceConfig",
    "scratchDisks",
    "eraseWindowsVssSignature",
    "instanceEncryptionKey",
    "keyRevocationActionType",
    "guestAccelerators",
    "confidentialInstanceConfig",
    "reservationAffinity",
    "params",
    "networkInterfaces.nicType",
    "attachedDisks.forceAttach",
    "scheduling.preemptible",
    "scheduling.provisioningModel",
    ...["deviceName", "diskEncryptionKeyRaw", "guestOsFeatures", "kmsKeySelfLink", "mode", "source"].map(
      (key) => `bootDisk.${key}`,
    ),
    ...["image", "type", "snapshot", "architecture", "storagePool"].map((key) => `bootDisk.initializeParams.${key}`),
  ],
  // resource_compute_instance.go, isGracefulMetadataStartupSwitch: the same script, moved between its two places, is an update.
  replacesWhen: (before, after) =>
    movedScript(before, after) || movedScript(after, before) ? [] : ["metadataStartupScript"],
  volatile: ["metadataFingerprint", "tagsFingerprint", "networkInterfaces", "currentStatus"],
  unstored: ["allowStoppingForUpdate"],
  // resource_compute_instance.go, Read: `if d.Get("desired_status") != ""`, it becomes the instance's status. Without it a stopped
  // server is no difference, and no update starts it.
  shows: ({ inputs, outputs }): Properties =>
    inputs["desiredStatus"] === undefined ? {} : { desiredStatus: outputs["currentStatus"] ?? "RUNNING" },
  computed: (situation) => ({
    instanceId: numericId(),
    cpuPlatform: "Intel Broadwell",
    currentStatus: statusOf(situation),
    metadataFingerprint: numericId(),
    tagsFingerprint: numericId(),
    networkInterfaces: items(situation.inputs, "networkInterfaces").map((nic, index) => attached(nic, index)),
  }),
  verify: (situation) => {
    verifyInstance(situation);
  },
  release: (record) => {
    if (record.inputs["deletionProtection"] !== true) return;
    throw new CloudError(
      412,
      `The instance "${record.id}" has "deletionProtection"; set it to false and update before deleting.`,
    );
  },
});

export const machineTypes: readonly ResourceType[] = [disk, resourcePolicy, attachment, instance];

function verifyInstance(situation: Situation): void {
  const { inputs, previous } = situation;
  for (const nic of items(inputs, "networkInterfaces")) {
    if (text(nic, "network") !== "") required(situation, NETWORK, text(nic, "network"));
    if (text(nic, "subnetwork") !== "") required(situation, SUBNETWORK, text(nic, "subnetwork"));
  }
  for (const reference of diskReferences(inputs)) required(situation, DISK, reference);
  const email = text(inputs, "serviceAccount.email");
  const accounts = situation.records.list("gcp:serviceaccount/account:Account");
  if (email !== "" && email !== "default" && !accounts.some((account) => account.outputs["email"] === email)) {
    throw new CloudError(
      400,
      `The service account "${email}" does not exist or the caller may not use it; create it first.`,
    );
  }
  const stopping = STOPPED.filter((key) => previous !== undefined && !same(previous.inputs[key], inputs[key]));
  if (stopping.length > 0 && inputs["allowStoppingForUpdate"] !== true) {
    throw new CloudError(
      400,
      `Changing "${stopping.join('", "')}" of a running instance needs it stopped; set "allowStoppingForUpdate" to true.`,
    );
  }
}

/** Whether the script of the one stands in the other's metadata, where it has no other. */
function movedScript(one: Properties, other: Properties): boolean {
  const { metadata = {} } = one;
  const script = isRecord(metadata) ? text(metadata, "startup-script") : "";
  return script !== "" && text(one, "metadataStartupScript") === "" && script === text(other, "metadataStartupScript");
}

/** An update brings about the desired status, where there is one; what is changed by hand (no URN) changes nothing but itself. */
function statusOf({ inputs, previous, urn }: Situation): string {
  const desired = urn === "" ? "" : text(inputs, "desiredStatus");
  return desired || text(previous?.outputs ?? {}, "currentStatus") || "RUNNING";
}

/** A network interface as the machine shows it. */
function attached(nic: Properties, index: number): Properties {
  const outside = items(nic, "accessConfigs").map((access) => ({
    ...access,
    natIp: text(access, "natIp") || `${ADDRESS_PREFIX}254`,
    networkTier: text(access, "networkTier") || "PREMIUM",
  }));
  return {
    ...nic,
    name: `nic${index}`,
    networkIp: text(nic, "networkIp") || `10.0.0.${index + 2}`,
    accessConfigs: outside,
  };
}
