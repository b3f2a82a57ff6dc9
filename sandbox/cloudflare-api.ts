import { Hono, type Context } from "hono";

import { serveRest, type RestServer } from "./rest-server";

/** A token of Cloudflare's, and what it may read. */
export interface CloudflareToken {
  readonly token: string;
  /** Whose it is: a user's, or an account's, which is verified at another address. */
  readonly owner: "user" | "account";
  status: "active" | "disabled" | "expired";
  /** Parts of the API that it is denied, by the last part of their path: dns_records, cfd_tunnel, apps, service_tokens. */
  denied: readonly string[];
}

export interface CloudflareWorld {
  readonly accountId: string;
  readonly zones: readonly { readonly id: string; readonly name: string; status: string }[];
  readonly tokens: readonly CloudflareToken[];
}

type Status = 200 | 400 | 401 | 403 | 404;

/**
 * The part of Cloudflare's API that says what a token may do. Envelope, codes and addresses as documented: Bearer tokens,
 * `success`, `errors` with code and message, 401 and code 1000 for a token that is none.
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
    const token = ofRequest(context);
    const { kind, id, rest } = context.req.param();
    const known = kind === "zones" ? world.zones.map((zone) => zone.id) : [world.accountId];
    const part = rest.split("/").at(-1) ?? "";
    if (token?.status !== "active" || !known.includes(id) || token.denied.includes(part)) {
      return refused(context, 403, [10000, "Authentication error"]);
    }
    return answered(context, []);
  });
  app.notFound((context) => refused(context, 404, [7003, "Could not route to the requested path"]));
  return serveRest(app);
}

function answered(context: Context, result: unknown): Response {
  return context.json({ success: true, errors: [], messages: [], result });
}

function refused(context: Context, status: Status, [code, message]: [number, string]): Response {
  return context.json({ success: false, errors: [{ code, message }], messages: [], result: null }, status);
}
