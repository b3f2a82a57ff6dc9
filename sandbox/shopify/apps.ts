import { randomBytes } from "node:crypto";
import type { Clock } from "../clock";

/** Client credentials grants always give a day, less the second that Shopify rounds away (shopify.md, 2). */
const grantedSeconds = 86_399;

export interface AccessToken {
  readonly token: string;
  /** ISO 8601; a custom app's token has none and never expires. */
  readonly expiresAt?: string;
  /** The secret that asked for it; the token dies with that. */
  readonly grantedTo?: string;
}

/** One installed app on one shop, with its credentials. */
export interface App {
  readonly id: number;
  readonly title: string;
  readonly handle: string;
  /** "custom" was made in the shop's admin and has a static token; "dev-dashboard" gets tokens by client credentials. */
  readonly kind: "custom" | "dev-dashboard";
  /** Also the client id. */
  readonly apiKey: string;
  /** Oldest first. While two live side by side, deliveries are signed with the oldest (shopify.md, 2). */
  secrets: string[];
  scopes: string[];
  tokens: AccessToken[];
  /** The version that this app's deliveries carry, whatever version subscribed. */
  readonly webhookApiVersion: string;
  /** false: app and shop belong to different organisations, and Shopify answers `shop_not_permitted`. */
  grantPermitted: boolean;
  /** The app was not given access to protected customer data: it sees no order and may subscribe to none. */
  protectedDataDenied?: boolean;
  /** What `deprecated_api_calls.json` lists of this app; none without. */
  deprecatedCalls?: readonly object[];
}

export type Grant =
  | { readonly ok: true; readonly accessToken: string; readonly scope: string; readonly expiresIn: number }
  | { readonly ok: false; readonly status: 400 | 401; readonly error: string; readonly description: string };

/** The app whose token this is, unless the token was revoked or its day is over. */
export function appOfToken(apps: readonly App[], token: string, clock: Clock): App | undefined {
  const now = clock.now().getTime();
  return apps.find((app) =>
    app.tokens.some(
      (known) => known.token === token && (known.expiresAt === undefined || Date.parse(known.expiresAt) > now),
    ),
  );
}

/** What a client credentials request says, from a form or from JSON. */
export interface GrantRequest {
  readonly grantType: string | undefined;
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
}

/** Answers the client credentials grant; a granted token is added to its app. */
export function grantToken(apps: readonly App[], request: GrantRequest, clock: Clock): Grant {
  if (request.grantType !== "client_credentials") {
    return refusal(400, "unsupported_grant_type", "The grant type is not supported.");
  }
  const app = apps.find(({ apiKey, kind }) => kind === "dev-dashboard" && apiKey === request.clientId);
  if (app === undefined) {
    return refusal(400, "application_cannot_be_found", "Could not find Shopify API application with api_key");
  }
  if (request.clientSecret === undefined || !app.secrets.includes(request.clientSecret)) {
    return refusal(401, "invalid_client", "Client authentication failed.");
  }
  if (!app.grantPermitted) {
    return refusal(400, "shop_not_permitted", "Client credentials cannot be performed on this shop.");
  }
  const accessToken = `shpat_${randomBytes(16).toString("hex")}`;
  const expiresAt = new Date(clock.now().getTime() + grantedSeconds * 1000).toISOString();
  app.tokens.push({ token: accessToken, expiresAt, grantedTo: request.clientSecret });
  return { ok: true, accessToken, scope: app.scopes.join(","), expiresIn: grantedSeconds };
}

function refusal(status: 400 | 401, error: string, description: string): Grant {
  return { ok: false, status, error, description };
}
