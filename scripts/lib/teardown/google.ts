import { backupBucketName, repositoryId, serverName, serviceAccountId } from "../../../core/names";
import type { Customer } from "../../../customers/schema";
import type { Question } from "./look";
import { LookFailed, readPage, type RestApi } from "./rest";

/** Google's services that hold something of a customer: the provider's argument for another address, and the usual one. */
const SERVICES = {
  compute: ["gcp:computeCustomEndpoint", "https://compute.googleapis.com/compute/v1/"],
  secretManager: ["gcp:secretManagerCustomEndpoint", "https://secretmanager.googleapis.com/v1/"],
  storage: ["gcp:storageCustomEndpoint", "https://storage.googleapis.com/storage/v1/"],
  artifactRegistry: ["gcp:artifactRegistryCustomEndpoint", "https://artifactregistry.googleapis.com/v1/"],
  iam: ["gcp:iamCustomEndpoint", "https://iam.googleapis.com/v1/"],
  monitoring: ["gcp:monitoringCustomEndpoint", "https://monitoring.googleapis.com/"],
  pubsub: ["gcp:pubsubCustomEndpoint", "https://pubsub.googleapis.com/v1/"],
} as const;

export type GoogleService = keyof typeof SERVICES;

/** Base URL of a Google service: the stack's configuration, which the provider reads too, else Google's own. */
export function googleApi(
  service: GoogleService,
  { config, token }: { readonly config: Readonly<Record<string, string>>; readonly token: string },
): RestApi {
  const [key, usual] = SERVICES[service];
  const address = config[key] ?? usual;
  return { name: `Google's ${service}`, base: address.endsWith("/") ? address : `${address}/`, token };
}

type Row = Readonly<Record<string, unknown>>;

/** What may stay of a customer that ends. */
export interface GoogleKeeps {
  /** Production's data disk, its snapshots and backups, the address and the images, which are protected. */
  readonly data: boolean;
}

/** What a customer's stack makes in its project, looked for by label, and by name where a kind has no labels. */
export function googleQuestions(
  customer: Pick<Customer, "slug" | "gcp">,
  apiOf: (service: GoogleService) => Promise<RestApi>,
  keeps: GoogleKeeps,
): Question[] {
  return [...computeQuestions(customer, apiOf, keeps), ...otherQuestions(customer, apiOf, keeps)];
}

/** A kind of thing, the command that lists it, and how this looks for it. */
interface Kind {
  readonly kind: string;
  readonly command: string;
  readonly service: GoogleService;
  readonly list: (api: RestApi) => Promise<readonly Row[]>;
  /** Names that production keeps; all of them, where it keeps what comes and goes by itself. */
  readonly kept?: readonly string[] | "all";
}

type Asking = readonly [
  customer: Pick<Customer, "slug" | "gcp">,
  apiOf: (service: GoogleService) => Promise<RestApi>,
  keeps: GoogleKeeps,
];

function questionOf([{ gcp }, apiOf, keeps]: Asking, { kind, command, service, list, kept = [] }: Kind): Question {
  return {
    place: "Google Cloud",
    what: `${kind} in ${gcp.project}`,
    how: `run "gcloud ${command} --project=${gcp.project}" with an account that may`,
    keeps: (name) => keeps.data && (kept === "all" || kept.includes(name)),
    ask: async () => (await list(await apiOf(service))).map(nameOf),
  };
}

function computeQuestions(...asking: Asking): Question[] {
  const { slug, gcp } = asking[0];
  const base = `projects/${gcp.project}`;
  const labelled = (kind: string, path: string, kept: Kind["kept"] = []): Question =>
    questionOf(asking, {
      kind: `${kind} of customer=${slug}`,
      command: `compute ${kind} list --filter=labels.customer=${slug}`,
      service: "compute",
      list: (api) => computeRows(api, `${base}/${path}?${filterByLabel(slug)}`),
      kept,
    });
  const named = (kind: string, path: string): Question =>
    questionOf(asking, {
      kind: `${kind} named ${serverName(slug)}`,
      command: `compute ${kind.replace(" ", "-")} list --filter=name~^${serverName(slug)}`,
      service: "compute",
      list: async (api) => {
        const rows = await computeRows(api, `${base}/${path}`);
        return rows.filter((row) => belongs(nameOf(row), serverName(slug)));
      },
    });
  return [
    labelled("instances", "aggregated/instances"),
    labelled("disks", "aggregated/disks", [serverName(slug, "data")]),
    labelled("snapshots", "global/snapshots", "all"),
    labelled("addresses", "aggregated/addresses", [serverName(slug)]),
    named("firewall rules", "global/firewalls"),
    named("networks", "global/networks"),
  ];
}

function otherQuestions(...asking: Asking): Question[] {
  const { slug, gcp } = asking[0];
  const { project, region } = gcp;
  const ofCustomer = `--filter=labels.customer=${slug}`;
  const account = serviceAccountId(slug);
  const kinds: readonly Kind[] = [
    {
      kind: `secrets of customer=${slug}`,
      command: `secrets list ${ofCustomer}`,
      service: "secretManager",
      list: (api) => listed(api, `projects/${project}/secrets?${filterByLabel(slug)}`, "secrets"),
    },
    {
      kind: `buckets of customer=${slug}`,
      command: `storage buckets list ${ofCustomer}`,
      service: "storage",
      list: async (api) =>
        (await listed(api, `b?project=${project}&projection=noAcl`, "items")).filter((row) => labelOf(row) === slug),
      kept: [backupBucketName(slug, project)],
    },
    {
      kind: `image repositories of customer=${slug}`,
      command: `artifacts repositories list --location=${region} ${ofCustomer}`,
      service: "artifactRegistry",
      list: async (api) => {
        const rows = await listed(
          api,
          `projects/${project}/locations/${region}/repositories?pageSize=1000`,
          "repositories",
        );
        return rows.filter((row) => labelOf(row) === slug);
      },
      kept: [repositoryId(slug)],
    },
    {
      kind: `service account ${account}`,
      command: `iam service-accounts list --filter=email~^${account}@`,
      service: "iam",
      list: async (api) => {
        const rows = await listed(api, `projects/${project}/serviceAccounts?pageSize=100`, "accounts");
        return rows
          .map((row) => ({ name: typeof row["email"] === "string" ? row["email"] : "" }))
          .filter(({ name }) => name.startsWith(`${account}@`));
      },
    },
    ...queueKinds(slug, project),
    ...monitoredKinds(slug, project),
  ];
  return kinds.map((kind) => questionOf(asking, kind));
}

/** Pub/Sub takes no filter in its lists. Its API is on only where a customer of the project has had delivery by Pub/Sub. */
function queueKinds(slug: string, project: string): Kind[] {
  return (["topics", "subscriptions"] as const).map((kind) => ({
    kind: `${kind} of customer=${slug}`,
    command: `pubsub ${kind} list --filter=labels.customer=${slug}`,
    service: "pubsub",
    list: async (api) => {
      try {
        const rows = await listed(api, `projects/${project}/${kind}?pageSize=1000`, kind);
        return rows.filter((row) => labelOf(row) === slug);
      } catch (error) {
        if (error instanceof LookFailed && isServiceOff(error.message)) return [];
        throw error;
      }
    },
  }));
}

/** Google's words for an API that the project has not switched on, which therefore holds nothing. */
function isServiceOff(message: string): boolean {
  return /has not been used in project|it is disabled/.test(message);
}

/** Monitoring has labels of its own, which its users give. */
function monitoredKinds(slug: string, project: string): Kind[] {
  const filter = encodeURIComponent(`user_labels.customer="${slug}"`);
  const monitored = (kind: string, command: string, list: string): Kind => ({
    kind: `${kind} of customer=${slug}`,
    command: `${command} --filter=user_labels.customer=${slug}`,
    service: "monitoring",
    list: (api) => listed(api, `v3/projects/${project}/${list}?filter=${filter}`, list),
  });
  return [
    monitored("alert policies", "monitoring policies list", "alertPolicies"),
    monitored("uptime checks", "monitoring uptime list-configs", "uptimeCheckConfigs"),
    monitored("notification channels", "beta monitoring channels list", "notificationChannels"),
  ];
}

function filterByLabel(slug: string): string {
  return `filter=${encodeURIComponent(`labels.customer=${slug}`)}`;
}

/** `acme-erpnext` and its parts, but not `acme-erpnext2`. */
function belongs(name: string, base: string): boolean {
  return name === base || name.startsWith(`${base}-`);
}

/** A list of Compute Engine's: `items` is an array, or, aggregated, an object of zones and regions with an array of the kind in each. */
async function computeRows(api: RestApi, path: string): Promise<Row[]> {
  const kind = /\/(\w+)(\?|$)/.exec(path)?.[1] ?? "";
  const pages = await pagesOf(api, path);
  return pages.flatMap(({ items }) => {
    if (Array.isArray(items)) return items as Row[];
    return Object.values((items ?? {}) as Record<string, Record<string, unknown>>).flatMap((scope) =>
      Array.isArray(scope[kind]) ? (scope[kind] as Row[]) : [],
    );
  });
}

export async function listed(api: RestApi, path: string, key: string): Promise<Row[]> {
  return (await pagesOf(api, path)).flatMap((page) => (Array.isArray(page[key]) ? (page[key] as Row[]) : []));
}

async function pagesOf(api: RestApi, path: string): Promise<Row[]> {
  const pages: Row[] = [];
  let token: unknown;
  do {
    const more =
      typeof token === "string" && token !== ""
        ? `${path.includes("?") ? "&" : "?"}pageToken=${encodeURIComponent(token)}`
        : "";
    const page = await readPage(api, `${path}${more}`);
    pages.push(page);
    token = page["nextPageToken"];
  } while (typeof token === "string" && token !== "");
  return pages;
}

/** The last part of a resource name; buckets and compute resources have no other. */
function nameOf(row: Row): string {
  const name = row["displayName"] ?? row["name"];
  return typeof name === "string" ? (name.split("/").at(-1) ?? name) : "";
}

function labelOf(row: Row): unknown {
  return (row["labels"] as Record<string, unknown> | undefined)?.["customer"];
}
