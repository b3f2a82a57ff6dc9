import { Hono, type Context } from "hono";

import { serveRest, type RestServer } from "./rest-server";

/** A token of Cloudflare's, and what it may read. */
export interface CloudflareToken {
  readonly token: string;
  /** Whose it is: a user's, or an account's, which is verified at another address. */
  readonly owner: "user" | "account";
  status: "active" | "disabled" | "expired";
  /** Lists that it is denied, by the last part of their path: dns_records, apps, organizations, database, scripts, routes … */
  denied: readonly string[];
}

export interface CloudflareWorld {
  readonly accountId: string;
  readonly zones: readonly { readonly id: string; readonly name: string; status: string }[];
  readonly tokens: readonly CloudflareToken[];
  /** Default: Zero Trust is on, with a team. */
  authDomain?: string;
  /** What is there already in the first zone. Default: nothing. */
  records?: readonly { readonly name: string; readonly type: string; readonly content: string }[];
  domains?: readonly { readonly hostname: string; readonly service: string }[];
  routes?: readonly { readonly pattern: string; readonly script?: string }[];
}

type Status = 200 | 400 | 401 | 403 | 404;

/** The lists that there are, by what they are of. */
const LISTS: Readonly<Record<string, readonly string[]>> = {
  zones: ["dns_records", "workers/routes"],
  accounts: [
    ...["cfd_tunnel", "access/apps", "access/service_tokens", "access/organizations"],
    ...["d1/database", "workers/scripts", "workers/domains", "subscriptions"],
  ],
};

/** D1 takes pages of no other size. */
const D1_PAGE = { from: 10, to: 10_000 };

/**
 * The part of Cloudflare's API that says what a token may do. Envelope, codes and addresses as documented: Bearer tokens,
 * `success`, `errors` with code and message, 401 and code 1000 for a token that does not exist.
 */
export async function startCloudflareApi(world: CloudflareWorld): Promise<RestServer> {
  const app = new Hono();
  const ofRequest = (context: Context): CloudflareToken | undefined => {
    const bearer = /^Bearer (.+)$/.exec(context.req.header("Authorization") ?? "")?.[1];
    return world.tokens.find(({ token }) => token === bearer);
  };
  const verify = (context: Context, owner: CloudflareToken["owner"]): Response => {
    const token = ofRequest(context);
    if (token?.owner !== owner) return refused(context, 401, [1000, "Invalid API Token"]);
    return answered(context, { id: "ed17574386854bf78a67040be0a770b0", status: token.status });
  };
  app.get("/client/v4/user/tokens/verify", (context) => verify(context, "user"));
  app.get("/client/v4/accounts/:account/tokens/verify", (context) =>
    context.req.param("account") === world.accountId
      ? verify(context, "account")
      : refused(context, 403, [10000, "Authentication error"]),
  );

  app.get("/client/v4/zones", (context) => {
    if (ofRequest(context)?.status !== "active") return refused(context, 403, [9109, "Invalid access token"]);
    const name = context.req.query("name");
    const zones = world.zones.filter((zone) => name === undefined || zone.name === name);
    return answered(
      context,
      zones.map((zone) => ({ ...zone, account: { id: world.accountId, name: "Agency" } })),
    );
  });

  app.get("/client/v4/:kind{zones|accounts}/:id/:rest{.+}", (context) => {
    const { kind, id, rest } = context.req.param();
    if (LISTS[kind]?.includes(rest) !== true) {
      return refused(context, 404, [7003, "Could not route to the requested path"]);
    }
    const known = kind === "zones" ? world.zones.map((zone) => zone.id) : [world.accountId];
    const part = rest.split("/").at(-1) ?? "";
    const token = ofRequest(context);
    if (token?.status !== "active" || !known.includes(id) || token.denied.includes(part)) {
      return refused(context, 403, [10000, "Authentication error"]);
    }
    return listed(context, world, part);
  });
  app.notFound((context) => refused(context, 404, [7003, "Could not route to the requested path"]));
  return serveRest(app);
}

function listed(context: Context, world: CloudflareWorld, part: string): Response {
  const size = Number(context.req.query("per_page") ?? 20);
  if (part === "database" && (size < D1_PAGE.from || size > D1_PAGE.to)) {
    return refused(context, 400, [7400, `per_page is from ${D1_PAGE.from} to ${D1_PAGE.to}`]);
  }
  return answered(context, held(world, part, context.req.query("name")));
}

/** What a list holds; the organization is no list but the one. */
function held(world: CloudflareWorld, part: string, name: string | undefined): unknown {
  const { authDomain = "agency.cloudflareaccess.com", records = [], domains = [], routes = [] } = world;
  if (part === "organizations") return { name: "Agency", auth_domain: authDomain };
  if (part === "dns_records") return records.filter((record) => name === undefined || record.name === name);
  if (part === "domains") return domains;
  if (part === "subscriptions") return [{ state: "Paid", rate_plan: { id: "workers_paid" } }];
  return part === "routes" ? routes : [];
}

function answered(context: Context, result: unknown): Response {
  return context.json({ success: true, errors: [], messages: [], result });
}

function refused(context: Context, status: Status, [code, message]: [number, string]): Response {
  return context.json({ success: false, errors: [{ code, message }], messages: [], result: null }, status);
}
