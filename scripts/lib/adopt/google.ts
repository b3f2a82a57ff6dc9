import { recordOf } from "../../../core/record";
import { listed, type GoogleService } from "../teardown/google";
import { readOne, type Clouds, type Row } from "./clouds";
import type { Unfinished } from "./unfinished";

/** Something that exists, by the id that `pulumi import` takes. */
export interface Existing {
  readonly id: string;
  /** What says whose it is, where the kind has labels. */
  readonly labels?: Readonly<Record<string, unknown>>;
}

type Inputs = Unfinished["inputs"];

/** How a kind is found: by its own address, which its name makes, or in a list, where Google makes the name. */
interface Kind {
  readonly service: GoogleService;
  /** Address of the one below the service's. */
  readonly path?: (inputs: Inputs) => string;
  /** Where the import's id is not the address. */
  readonly id?: (inputs: Inputs, row: Row) => string;
  /** Further conditions. */
  readonly fits?: (inputs: Inputs, row: Row) => boolean;
  /** List in Monitoring, whose rows have a display name and labels of ours. */
  readonly list?: string;
}

const text = (inputs: Inputs, key: string): string => {
  const value = inputs[key];
  return typeof value === "string" ? value : "";
};
const last = (inputs: Inputs, key: string): string => text(inputs, key).split("/").at(-1) ?? "";
const project = (inputs: Inputs): string => `projects/${text(inputs, "project")}`;
const global = (kind: string) => (inputs: Inputs) => `${project(inputs)}/global/${kind}/${text(inputs, "name")}`;
const regional = (kind: string) => (inputs: Inputs) =>
  `${project(inputs)}/regions/${last(inputs, "region")}/${kind}/${text(inputs, "name")}`;
const zonal = (kind: string) => (inputs: Inputs) =>
  `${project(inputs)}/zones/${last(inputs, "zone")}/${kind}/${text(inputs, "name")}`;
const diskOf = (inputs: Inputs): string =>
  `${project(inputs)}/zones/${last(inputs, "zone")}/disks/${last(inputs, "disk")}`;

/**
 * What Google refuses to make twice (HTTP 409) or makes twice, by type. The ids are those of the SDK's documentation ("## Import").
 * Left out is what can be made again without harm: enabled APIs and role bindings are the same ones then, and a second version of a
 * secret goes with its secret.
 */
const KINDS: Readonly<Record<string, Kind>> = {
  "gcp:compute/network:Network": { service: "compute", path: global("networks") },
  "gcp:compute/subnetwork:Subnetwork": { service: "compute", path: regional("subnetworks") },
  "gcp:compute/firewall:Firewall": { service: "compute", path: global("firewalls") },
  "gcp:compute/address:Address": { service: "compute", path: regional("addresses") },
  "gcp:compute/resourcePolicy:ResourcePolicy": { service: "compute", path: regional("resourcePolicies") },
  "gcp:compute/disk:Disk": { service: "compute", path: zonal("disks") },
  "gcp:compute/instance:Instance": { service: "compute", path: zonal("instances") },
  "gcp:compute/diskResourcePolicyAttachment:DiskResourcePolicyAttachment": {
    service: "compute",
    path: diskOf,
    id: (inputs) => `${diskOf(inputs)}/${last(inputs, "name")}`,
    fits: (inputs, { resourcePolicies }) =>
      Array.isArray(resourcePolicies) &&
      resourcePolicies.some((policy) => String(policy).endsWith(`/${last(inputs, "name")}`)),
  },
  "gcp:serviceaccount/account:Account": {
    service: "iam",
    path: (inputs) =>
      `${project(inputs)}/serviceAccounts/${text(inputs, "accountId")}@${text(inputs, "project")}.iam.gserviceaccount.com`,
  },
  "gcp:artifactregistry/repository:Repository": {
    service: "artifactRegistry",
    path: (inputs) =>
      `${project(inputs)}/locations/${text(inputs, "location")}/repositories/${text(inputs, "repositoryId")}`,
  },
  "gcp:secretmanager/secret:Secret": {
    service: "secretManager",
    path: (inputs) => `${project(inputs)}/secrets/${text(inputs, "secretId")}`,
  },
  "gcp:storage/bucket:Bucket": {
    service: "storage",
    path: (inputs) => `b/${text(inputs, "name")}`,
    id: (inputs) => text(inputs, "name"),
    // A bucket's name is taken in the whole world; of another project's nothing can be read, which is refused with 403.
    fits: (_inputs, { name }) => name !== undefined,
  },
  "gcp:pubsub/topic:Topic": {
    service: "pubsub",
    path: (inputs) => `${project(inputs)}/topics/${text(inputs, "name")}`,
  },
  "gcp:pubsub/subscription:Subscription": {
    service: "pubsub",
    path: (inputs) => `${project(inputs)}/subscriptions/${text(inputs, "name")}`,
  },
  "gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig": { service: "monitoring", list: "uptimeCheckConfigs" },
  "gcp:monitoring/notificationChannel:NotificationChannel": { service: "monitoring", list: "notificationChannels" },
  "gcp:monitoring/alertPolicy:AlertPolicy": { service: "monitoring", list: "alertPolicies" },
};

export function isGoogles(type: string): boolean {
  return type in KINDS;
}

/** Whether Google makes it once more where there is one of its name already. */
export function googleRepeats(type: string): boolean {
  return KINDS[type]?.list !== undefined;
}

/** What exists of a resource: none, one, or, where Google makes the names, several. @throws LookFailed, ClientError */
export async function findAtGoogle({ type, inputs }: Unfinished, { google }: Clouds): Promise<Existing[]> {
  const kind = KINDS[type];
  if (kind === undefined) return [];
  const api = await google(kind.service);
  if (kind.list !== undefined) {
    const rows = await listed(api, `v3/${project(inputs)}/${kind.list}`, kind.list);
    return rows
      .filter(({ displayName }) => displayName === inputs["displayName"])
      .map((row) => ({ id: String(row["name"]), labels: recordOf(row["userLabels"]) }));
  }
  const path = kind.path?.(inputs) ?? "";
  const row = await readOne(api, path);
  if (row === undefined || kind.fits?.(inputs, row) === false) return [];
  const labels = inputs["labels"] === undefined ? {} : { labels: recordOf(row["labels"]) };
  return [{ id: kind.id?.(inputs, row) ?? path, ...labels }];
}
