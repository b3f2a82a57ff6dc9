import { ALL_ORDERS_SCOPE, REQUIRED_SCOPES } from "../../../core/shopify-access";

/**
 * What the merchant does in Shopify, for both kinds of app; it can be sent to them as it is. Sources: shopify.dev (Dev
 * Dashboard: create apps, get API access tokens; client credentials grant; distribution; protected customer data; access
 * scopes) and Shopify's help pages on custom apps.
 */
export function explainShopify(): string {
  const scopes = [...REQUIRED_SCOPES, ALL_ORDERS_SCOPE].map(({ scope, why }) => `  ${scope.padEnd(16)} ${why}`);
  return `Your Shopify store and the app that ERPNext reads it with

ERPNext needs ONE app in your store. Everything below must come from that one app: Shopify signs each webhook with the
app's own secret, and with the secret of another app every order is refused. Nothing is written to your orders or stock.

Scopes of the app, all of the Admin API:
${scopes.join("\n")}

If your store has no such app yet: kind "dev-dashboard"

  Since 1 January 2026 Shopify allows no new app in the store's admin. Apps are made in the Dev Dashboard.

  1. Open https://dev.shopify.com/dashboard with an account of the organisation that OWNS THE STORE. App and store must
     be in the same organisation, or Shopify answers "shop_not_permitted". An agency that makes the app in its own
     organisation has to give it custom distribution to this store, which cannot be undone; the token that this project
     asks for (client credentials) is granted within one organisation only, so let the store's own account make the app.
  2. Apps > Create app > Start from Dev Dashboard. Name it, for example "ERPNext". Create.
  3. Versions: under Access, select the scopes above (${ALL_ORDERS_SCOPE.scope} as soon as it is granted, see below). Release.
  4. Access to protected customer data: orders hold names and addresses. In the app's API access requests choose
     "Protected customer data", give "store management" as the reason, and tick name, address, e-mail and phone. An app for
     one's own store gets it without a review. Without it Shopify refuses to announce orders.
  5. ${ALL_ORDERS_SCOPE.scope}: on the same page request "Read all orders": orders older than 60 days are invisible without it.
     When it is granted, add it to the scopes, release a new version, and confirm the new access in the store.
  6. Home > Install app: choose the store, confirm.
  7. Settings: copy "Client ID" and "Secret". Both are asked for; tokens are made from them and last 24 hours each.

If your store has an app of your own already that was made in the store's admin: kind "custom"

  Such apps keep working. None can be added since 1 January 2026.

  1. In the store's admin: Settings > Apps and sales channels > Develop apps > the app.
  2. Configuration > Admin API integration > Edit: tick the scopes above, Save.
     ${ALL_ORDERS_SCOPE.scope} is in the same list: orders older than 60 days are invisible without it.
     Names and addresses of customers are open to such apps on the plans Grow (Shopify), Advanced and Plus only.
  3. API credentials > Install app (again, after a change of the scopes).
  4. API credentials > Admin API access token > Reveal token once. It starts with shpat_. Shopify shows it once.
  5. API credentials > API secret key. It often starts with shpss_. It must be this app's.

How to hand them over: never by e-mail or chat. Type them in where "./stack intake" asks for them, or share them in a
password manager. Also needed: the store's name <store>.myshopify.com (Settings > Domains).
`;
}
