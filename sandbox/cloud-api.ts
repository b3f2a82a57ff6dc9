import { Hono, type Context } from "hono";

import { CloudError, type Cloud, type CloudRecord } from "./cloud";
import { computeRoutes } from "./compute-api";
import type { PubSub } from "./pubsub";
import type { RequestLog } from "./request-log";
import { serveRest } from "./rest-server";
import { settings } from "./vm/cloud-view";
import { D1Refusal } from "./workers/d1-file";
import type { Workers } from "./workers/workers";

export interface CloudApiOptions {
  readonly cloud: Cloud;
  readonly log: RequestLog;
  readonly port: number;
  readonly workers: Workers;
  readonly pubsub: PubSub;
}

/** Compute Engine's list of a kind: its Pulumi type, and whether the API lists it over all zones and regions. */
const COMPUTE: Readonly<Record<string, string>> = {
  instances: "gcp:compute/instance:Instance",
  disks: "gcp:compute/disk:Disk",
  snapshots: "gcp:compute/snapshot:Snapshot",
  addresses: "gcp:compute/address:Address",
  firewalls: "gcp:compute/firewall:Firewall",
  networks: "gcp:compute/network:Network",
};

const MONITORING: Readonly<Record<string, string>> = {
  alertPolicies: "gcp:monitoring/alertPolicy:AlertPolicy",
  uptimeCheckConfigs: "gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig",
  notificationChannels: "gcp:monitoring/notificationChannel:NotificationChannel",
};

const CLOUDFLARE: Readonly<Record<string, string>> = {
  cfd_tunnel: "cloudflare:index/zeroTrustTunnelCloudflared:ZeroTrustTunnelCloudflared",
  "access/apps": "cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication",
  "access/policies": "cloudflare:index/zeroTrustAccessPolicy:ZeroTrustAccessPolicy",
  "access/service_tokens": "cloudflare:index/zeroTrustAccessServiceToken:ZeroTrustAccessServiceToken",
};

/** What Google's APIs answer at an address of its own, by the API's path. */
const ADDRESSED: Readonly<Record<string, readonly string[]>> = {
  "compute/v1": [
    ...Object.values(COMPUTE),
    "gcp:compute/subnetwork:Subnetwork",
    "gcp:compute/resourcePolicy:ResourcePolicy",
  ],
  "secretmanager/v1": ["gcp:secretmanager/secret:Secret"],
  "artifactregistry/v1": ["gcp:artifactregistry/repository:Repository"],
  "iam/v1": ["gcp:serviceaccount/account:Account"],
  "storage/v1": ["gcp:storage/bucket:Bucket"],
  "pubsub/v1": ["gcp:pubsub/topic:Topic", "gcp:pubsub/subscription:Subscription"],
};

/** Both ways to make a Worker; its scripts are one list. */
const WORKERS = ["cloudflare:index/worker:Worker", "cloudflare:index/workersScript:WorkersScript"];
const D1_DATABASE = "cloudflare:index/d1Database:D1Database";

/** The configuration that points a stack at this API: the providers' own keys. */
export function cloudApiConfig(url: string): Readonly<Record<string, string>> {
  return {
    "cloudflare:baseUrl": `${url}/client/v4`,
    "gcp:computeCustomEndpoint": `${url}/compute/v1/`,
    "gcp:secretManagerCustomEndpoint": `${url}/secretmanager/v1/`,
    "gcp:storageCustomEndpoint": `${url}/storage/v1/`,
    "gcp:artifactRegistryCustomEndpoint": `${url}/artifactregistry/v1/`,
    "gcp:iamCustomEndpoint": `${url}/iam/v1/`,
    "gcp:resourceManagerV3CustomEndpoint": `${url}/cloudresourcemanager/v3/`,
    "gcp:resourceManagerCustomEndpoint": `${url}/cloudresourcemanager/v1/`,
    "gcp:monitoringCustomEndpoint": `${url}/monitoring/`,
    "gcp:pubsubCustomEndpoint": `${url}/pubsub/v1/`,
  };
}

/** Google Cloud's and Cloudflare's lists of what there is, as someone asks for them past Pulumi. */
export async function startCloudApi(options: CloudApiOptions): Promise<{ close(): Promise<void> }> {
  const { cloud, log } = options;
  const app = new Hono();
  app.use(async (context, next) => {
    const { method, path } = context.req;
    const service = path.startsWith("/client/") ? "cloudflare" : "gcp";
    const [, token] = /^Bearer (.+)$/.exec(context.req.header("authorization") ?? "") ?? [];
    const write = method === "DELETE" || (method === "POST" && !(await isRead(context)));
    log.record({ service, method, path, write, status: token === undefined ? 401 : 200 });
    if (token !== undefined) return next();
    const message = "Request had no valid credentials";
    return context.json({ error: { code: 401, message }, errors: [{ message }] }, 401);
  });
  google(app, cloud);
  // The project's owner may do everything in it.
  app.post("/pubsub/v1/*", async (context) => {
    const path = decodeURIComponent(new URL(context.req.url).pathname).slice("/pubsub".length);
    const { status, body } = await options.pubsub.answer(path, undefined, await context.req.text());
    return new Response(body.toString(), { status, headers: { "Content-Type": "application/json" } });
  });
  app.route("/compute/v1", computeRoutes(options));
  cloudflare(app, cloud);
  databases(app, options);
  addressed(app, cloud);
  return serveRest(app, options.port);
}

function google(app: Hono, cloud: Cloud): void {
  for (const path of ["/:api/:version/projects/:project/*", "/:api/:version/projects/:project"]) {
    app.use(path, async (context: Context, next) => switchedOff(context, cloud) ?? next());
  }
  app.get("/compute/v1/projects/:project/zones", (context) => context.json({ items: [] }));
  app.get("/artifactregistry/v1/projects/:project/locations", (context) => context.json({ locations: [] }));
  app.get("/cloudresourcemanager/v3/projects/:project", (context) =>
    context.json({ projectId: context.req.param("project"), state: "ACTIVE" }),
  );
  // Every login may do all that it asks about.
  app.post("/cloudresourcemanager/v3/projects/*", async (context) => context.json(await context.req.json<object>()));
  const list = (context: Context, type: string): Readonly<Record<string, unknown>>[] =>
    cloud
      .resources({ type, scope: context.req.param("project") ?? context.req.query("project") ?? "" })
      .filter(filterOf(context))
      .map(shown);
  app.get("/compute/v1/projects/:project/aggregated/:kind", (context) => {
    const kind = context.req.param("kind");
    return context.json({ items: { "zones/all": { [kind]: list(context, COMPUTE[kind] ?? "") } } });
  });
  app.get("/compute/v1/projects/:project/global/:kind", (context) =>
    context.json({ items: list(context, COMPUTE[context.req.param("kind")] ?? "") }),
  );
  app.get("/secretmanager/v1/projects/:project/secrets", (context) =>
    context.json({ secrets: list(context, "gcp:secretmanager/secret:Secret") }),
  );
  app.get("/storage/v1/b", (context) => context.json({ items: list(context, "gcp:storage/bucket:Bucket") }));
  app.get("/artifactregistry/v1/projects/:project/locations/:region/repositories", (context) =>
    context.json({ repositories: list(context, "gcp:artifactregistry/repository:Repository") }),
  );
  app.get("/iam/v1/projects/:project/serviceAccounts", (context) =>
    context.json({ accounts: list(context, "gcp:serviceaccount/account:Account") }),
  );
  // Neither list takes a filter.
  app.get("/pubsub/v1/projects/:project/topics", (context) =>
    context.json({ topics: list(context, "gcp:pubsub/topic:Topic") }),
  );
  app.get("/pubsub/v1/projects/:project/subscriptions", (context) =>
    context.json({ subscriptions: list(context, "gcp:pubsub/subscription:Subscription") }),
  );
  app.delete("/monitoring/v3/*", (context) => {
    const id = new URL(context.req.url).pathname.slice("/monitoring/v3/".length);
    const found = Object.values(MONITORING)
      .flatMap((type) => cloud.resources(type))
      .find((record) => record.id === id);
    if (found === undefined) return context.json({ error: { code: 404, message: `${id} was not found` } }, 404);
    cloud.remove(found);
    return context.json({});
  });
  app.get("/monitoring/v3/projects/:project/:kind", (context) => {
    const kind = context.req.param("kind");
    return context.json({ [kind]: list(context, MONITORING[kind] ?? "") });
  });
}

/** What has an address of its own is there, or is not: its id in Pulumi is that address. */
function addressed(app: Hono, cloud: Cloud): void {
  for (const [prefix, types] of Object.entries(ADDRESSED)) {
    app.get(`/${prefix}/*`, (context) => {
      const path = decodeURIComponent(new URL(context.req.url).pathname)
        .slice(prefix.length + 2)
        .replace(/^b\//, "");
      const found = types
        .map((type) => cloud.find(type, ({ id }) => id === path))
        .find((record) => record !== undefined);
      if (found === undefined) return context.json({ error: { code: 404, message: `${path} was not found` } }, 404);
      return context.json({ ...shown(found), resourcePolicies: policiesOf(cloud, found) });
    });
  }
}

/** Every API of Google's refuses a project that has it not enabled, whatever is asked. */
function switchedOff(context: Context, cloud: Cloud): Response | undefined {
  const { api = "", project = "" } = context.req.param() as Record<string, string>;
  const message = api === "client" ? undefined : cloud.apiRefusal(project, `${api}.googleapis.com`);
  if (message === undefined) return undefined;
  const details = [{ "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "SERVICE_DISABLED" }];
  return context.json({ error: { code: 403, message, status: "PERMISSION_DENIED", details } }, 403);
}

/** The resource policies of a disk, as Compute shows them in it. */
function policiesOf(cloud: Cloud, { id }: CloudRecord): string[] {
  const attachments = cloud.resources("gcp:compute/diskResourcePolicyAttachment:DiskResourcePolicyAttachment");
  return attachments
    .filter((record) => record.id.startsWith(`${id}/`))
    .map((record) => `policies${record.id.slice(id.length)}`);
}

function cloudflare(app: Hono, cloud: Cloud): void {
  const answer = (context: Context, rows: readonly Readonly<Record<string, unknown>>[]): Response => {
    const page = Number(context.req.query("page") ?? 1);
    const size = Number(context.req.query("per_page") ?? 20);
    const result = rows.slice((page - 1) * size, page * size);
    return context.json({ success: true, errors: [], result, result_info: { page, per_page: size } });
  };
  app.get("/client/v4/zones/:zone/dns_records", (context) => {
    const name = context.req.query("name");
    const records = cloud.resources({ type: "cloudflare:index/dnsRecord:DnsRecord", scope: context.req.param("zone") });
    return answer(
      context,
      records.filter((record) => name === undefined || settings(record)["name"] === name).map(shown),
    );
  });
  // Scripts come all at once, whatever page is asked for, and have their name in `id`.
  app.get("/client/v4/accounts/:account/workers/scripts", (context) => {
    const scope = context.req.param("account");
    const scripts = WORKERS.flatMap((type) => cloud.resources({ type, scope })).map((record) => {
      const { scriptName, name } = settings(record);
      return { id: scriptName ?? name, created_on: record.createdAt, modified_on: record.updatedAt };
    });
    return context.json({ success: true, errors: [], messages: [], result: scripts });
  });
  app.get("/client/v4/accounts/:account/d1/database", (context) =>
    mayBeRefused(context, cloud, () => {
      const wanted = context.req.query("name") ?? "";
      const databases = cloud.resources({ type: D1_DATABASE, scope: context.req.param("account") }).map((record) => {
        return { uuid: record.id, name: String(settings(record)["name"]), created_at: record.createdAt };
      });
      const found = databases.filter(({ name }) => name.includes(wanted));
      return Promise.resolve(answer(context, found));
    }),
  );
  app.get("/client/v4/accounts/:account/workers/domains", (context) => {
    const scope = context.req.param("account");
    const domains = cloud.resources({ type: "cloudflare:index/workersCustomDomain:WorkersCustomDomain", scope });
    const rows = domains.map((record) => ({ id: record.id, ...settings(record) }));
    return answer(context, rows);
  });
  app.delete("/client/v4/accounts/:account/access/service_tokens/:token", (context) => {
    const type = CLOUDFLARE["access/service_tokens"] ?? "";
    const found = cloud.find(type, ({ id }) => id === context.req.param("token"));
    if (found !== undefined) cloud.remove(found);
    return context.json({ success: found !== undefined, errors: [], result: {} }, found === undefined ? 404 : 200);
  });
  for (const [path, type] of Object.entries(CLOUDFLARE)) {
    app.get(`/client/v4/accounts/:account/${path}`, (context) =>
      answer(context, cloud.resources({ type, scope: context.req.param("account") }).map(shown)),
    );
  }
}

/** D1's REST API: `POST …/query` with statements in `sql`, which are one transaction. */
function databases(app: Hono, { cloud, workers }: CloudApiOptions): void {
  app.post("/client/v4/accounts/:account/d1/database/:database/query", (context) =>
    mayBeRefused(context, cloud, async () => {
      const { account, database } = context.req.param();
      if (!cloud.resources({ type: D1_DATABASE, scope: account }).some(({ id }) => id === database)) {
        return refusal(context, 404, [7404, `The database ${database} could not be found`]);
      }
      const { sql } = await context.req.json<{ sql: string }>();
      try {
        const result = await workers.query(database, sql);
        return context.json({ success: true, errors: [], messages: [], result });
      } catch (error) {
        if (error instanceof D1Refusal) return refusal(context, 400, [7500, error.message]);
        throw error;
      }
    }),
  );
}

/** The code of every refusal of a token (403), whatever it may not. */
const DENIED = 10000;

/** Answers about D1's databases, as the next fault with one of them lets it: a token that may not read them, an outage. */
async function mayBeRefused(context: Context, cloud: Cloud, work: () => Promise<Response>): Promise<Response> {
  try {
    return await cloud.asked("read", D1_DATABASE, work);
  } catch (error) {
    if (error instanceof CloudError) return refusal(context, error.status, [DENIED, error.message]);
    throw error;
  }
}

function refusal(context: Context, status: number, [code, message]: readonly [number, string]): Response {
  return context.json({ success: false, errors: [{ code, message }], messages: [], result: [] }, status as 403);
}

/** Whether a query of D1 is one that changes nothing. */
async function isRead(context: Context): Promise<boolean> {
  if (context.req.path.endsWith(":testIamPermissions")) return true;
  const { sql = "" } = await context.req.json<{ sql?: string }>();
  return /^\s*SELECT\b/i.test(sql);
}

/** `labels.customer=acme`, or Monitoring's `user_labels.customer="acme"`: all that is asked for here. */
function filterOf(context: Context): (record: CloudRecord) => boolean {
  const filter = context.req.query("filter");
  if (filter === undefined) return () => true;
  const [, customer] = /^(?:user_)?labels\.customer="?([^"]+)"?$/.exec(filter) ?? [];
  if (customer === undefined) throw new Error(`the stand-in does not filter by ${filter}`);
  return (record) => labelsOf(record)["customer"] === customer;
}

function labelsOf(record: CloudRecord): Readonly<Record<string, unknown>> {
  const { labels, effectiveLabels, userLabels } = settings(record) as Record<
    string,
    Record<string, unknown> | undefined
  >;
  return { ...labels, ...effectiveLabels, ...userLabels };
}

function shown(record: CloudRecord): Readonly<Record<string, unknown>> {
  const { name, secretId, repositoryId, displayName, email, type, userLabels } = settings(record);
  const shownName = name ?? secretId ?? repositoryId ?? record.id;
  return { id: record.id, name: shownName, displayName, email, type, labels: labelsOf(record), userLabels };
}
