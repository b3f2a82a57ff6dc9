import { createHash } from "node:crypto";
import type { App } from "./apps";

/** Credentials look like Shopify's and are derived, so that no text of their form stands in the repository. */
function made(prefix: string, name: string): string {
  return `${prefix}${createHash("sha256").update(`sandbox/${name}`).digest("hex").slice(0, 32)}`;
}

/** Everything that the playbook needs (part 01), plus what the connector's location list reads. */
export const playbookScopes: readonly string[] = [
  "read_products",
  "read_orders",
  "read_all_orders",
  "read_customers",
  "read_inventory",
  "read_locations",
];

export const demoShopDomain = "demo-store.myshopify.com";

export interface ShopCredentials {
  /** Made in the shop's admin: static token, secret. */
  readonly custom: { readonly token: string; readonly secret: string };
  /** Made in the Dev Dashboard: its client secret signs the deliveries, too. */
  readonly devDashboard: { readonly clientId: string; readonly clientSecret: string };
  /** Another vendor's app on the same shop: its token works as well, its secret is not the connector's. */
  readonly stranger: { readonly token: string; readonly secret: string };
}

/** The credentials of the apps of one shop. They open the stand-in's shop of that domain and nothing else. */
export function credentialsOf(domain: string): ShopCredentials {
  return {
    custom: { token: made("shpat_", `${domain}/custom`), secret: made("shpss_", `${domain}/custom`) },
    devDashboard: { clientId: made("", `${domain}/dashboard`), clientSecret: made("shpss_", `${domain}/dashboard`) },
    stranger: { token: made("shpat_", `${domain}/stranger`), secret: made("shpss_", `${domain}/stranger`) },
  };
}

/** The credentials of the demo shop. */
export const demoCredentials: ShopCredentials = credentialsOf(demoShopDomain);

const webhookApiVersion = "2026-07";

/** The three apps of a shop. Handles: "erpnext-sync", "erpnext-sync-dashboard", "newsletter". */
export function appsOf(domain: string): App[] {
  const { custom, devDashboard, stranger } = credentialsOf(domain);
  const shared = { webhookApiVersion, grantPermitted: true };
  return [
    {
      ...shared,
      id: 310_000_001,
      title: "ERPNext Sync",
      handle: "erpnext-sync",
      kind: "custom",
      apiKey: made("", `${domain}/custom-key`),
      secrets: [custom.secret],
      scopes: [...playbookScopes],
      tokens: [{ token: custom.token }],
    },
    {
      ...shared,
      id: 310_000_002,
      title: "ERPNext Sync (Dev Dashboard)",
      handle: "erpnext-sync-dashboard",
      kind: "dev-dashboard",
      apiKey: devDashboard.clientId,
      secrets: [devDashboard.clientSecret],
      scopes: [...playbookScopes],
      tokens: [],
    },
    {
      ...shared,
      id: 310_000_003,
      title: "Newsletter",
      handle: "newsletter",
      kind: "custom",
      apiKey: made("", `${domain}/stranger-key`),
      secrets: [stranger.secret],
      scopes: [...playbookScopes],
      tokens: [{ token: stranger.token }],
    },
  ];
}
