import { serverName, serviceAccountId } from "../../../components/shared/names";
import type { Customer } from "../../../customers/schema";
import type { Question } from "./look";
import { readPage, type RestApi } from "./rest";

/** Google's services that hold something of a customer: the provider's argument for another address, and the usual one. */
const SERVICES = {
  compute: ["gcp:computeCustomEndpoint", "https://compute.googleapis.com/compute/v1/"],
  secretManager: ["gcp:secretManagerCustomEndpoint", "https://secretmanager.googleapis.com/v1/"],
  storage: ["gcp:storageCustomEndpoint", "https://storage.googleapis.com/storage/v1/"],
  artifactRegistry: ["gcp:artifactRegistryCustomEndpoint", "https://artifactregistry.googleapis.com/v1/"],
  iam: ["gcp:iamCustomEndpoint", "https://iam.googleapis.com/v1/"],
  monitoring: ["gcp:monitoringCustomEndpoint", "https://monitoring.googleapis.com/"],
} as const;

export type GoogleService = keyof typeof SERVICES;

/** Where a service is reached: the stack's configuration, as the provider reads it, else Google. */
export function googleApi(
  service: GoogleService,
  { config, token }: { readonly config: Readonly<Record<string, string>>; readonly token: string },
): RestApi {
  const [key, usual] = SERVICES[service];
  const address = config[key] ?? usual;
  return { name: `Google's ${service}`, base: address.endsWith("/") ? address : `${address}/`, token };
}

type Row = Readonly<Record<string, unknown>>;

/** What a customer's stack makes in its project, looked for by label, and by name where a kind has no labels. */
export function googleQuestions(
  customer: Pick<Customer, "slug" | "gcp">,
  apiOf: (service: GoogleService) => Promise<RestApi>,
): Question[] {
  const { slug } = customer;
  const { project, region } = customer.gcp;
  const inProject = `projects/${project}`;
  const labelled = `filter=${encodeURIComponent(`labels.customer=${slug}`)}`;
  const question = (
    kind: string,
    service: GoogleService,
    list: (api: RestApi) => Promise<readonly Row[]>,
  ): Question => ({
    place: "Google Cloud",
    what: `${kind} in ${project}`,
    ask: async () => (await list(await apiOf(service))).map(nameOf),
  });
  const compute = (kind: string, path: string): Question =>
    question(`${kind} of customer=${slug}`, "compute", (api) => computeRows(api, `${inProject}/${path}?${labelled}`));
  const bare = (kind: string, path: string): Question =>
    question(`${kind} named ${serverName(slug)}`, "compute", async (api) => {
      const rows = await computeRows(api, `${inProject}/${path}`);
      return rows.filter((row) => belongs(nameOf(row), serverName(slug)));
    });
  const userLabelled = (kind: string, list: string, filter: string): Question =>
    question(`${kind} of customer=${slug}`, "monitoring", (api) =>
      listed(api, `v3/${inProject}/${list}?filter=${encodeURIComponent(filter)}`, list),
    );
  return [
    compute("instances", "aggregated/instances"),
    compute("disks", "aggregated/disks"),
    compute("snapshots", "global/snapshots"),
    compute("addresses", "aggregated/addresses"),
    bare("firewall rules", "global/firewalls"),
    bare("networks", "global/networks"),
    question(`secrets of customer=${slug}`, "secretManager", (api) =>
      listed(api, `${inProject}/secrets?${labelled}`, "secrets"),
    ),
    question(`buckets of customer=${slug}`, "storage", async (api) => {
      const rows = await listed(api, `b?project=${project}&projection=noAcl`, "items");
      return rows.filter((row) => labelOf(row) === slug);
    }),
    question(`image repositories of customer=${slug}`, "artifactRegistry", async (api) => {
      const rows = await listed(api, `${inProject}/locations/${region}/repositories?pageSize=1000`, "repositories");
      return rows.filter((row) => labelOf(row) === slug);
    }),
    question(`service account ${serviceAccountId(slug)}`, "iam", async (api) => {
      const rows = await listed(api, `${inProject}/serviceAccounts?pageSize=100`, "accounts");
      return rows
        .map((row) => ({ name: typeof row["email"] === "string" ? row["email"] : "" }))
        .filter(({ name }) => name.startsWith(`${serviceAccountId(slug)}@`));
    }),
    userLabelled("alert policies", "alertPolicies", `user_labels.customer="${slug}"`),
    userLabelled("uptime checks", "uptimeCheckConfigs", `user_labels.customer="${slug}"`),
    userLabelled("notification channels", "notificationChannels", `user_labels.customer="${slug}"`),
  ];
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

async function listed(api: RestApi, path: string, key: string): Promise<Row[]> {
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
