import { ShopifyError, type ShopifyQueries } from "../../../clients/shopify";
import { CURRENT_APP, type CurrentApp } from "../../../clients/shopify-operations";
import { SHOP_FACTS } from "../../../clients/shopify-shop";
import { ALL_ORDERS_SCOPE, REQUIRED_SCOPES, isGranted } from "../../../core/shopify-access";
import type { Customer } from "../../../customers/schema";
import { gatewayFault, readRecentOrders, taxFault, type RecentOrders } from "../recent-orders";
import { skusOfSeveral } from "./check-catalogue";
import type { Finding } from "./finding";

/** Which shop and app the credentials should be of. */
export interface ShopifyExpectation {
  readonly slug: string;
  readonly shopDomain: string;
  readonly app: Customer["shopify"]["app"];
  /** Only dev-dashboard. */
  readonly clientId?: string | undefined;
}

/** What a shop says of itself, offered as answers. */
export interface ShopSeen extends RecentOrders {
  readonly name: string;
  readonly currency: string;
  readonly timeZone: string;
  readonly country: string | undefined;
  /** SKUs that several variants carry; undefined where the catalogue could not be read. */
  readonly sharedSkus: readonly string[] | undefined;
}

export interface ShopifyReport {
  readonly findings: readonly Finding[];
  /** Undefined where the shop could not be asked. */
  readonly seen?: ShopSeen;
}

/** Asks Shopify whose credentials these are and what they allow. Writes nothing. */
export async function checkShopify(shop: ShopifyQueries, expected: ShopifyExpectation): Promise<ShopifyReport> {
  let current: CurrentApp;
  try {
    current = await shop.query(CURRENT_APP, {});
  } catch (error) {
    return { findings: [failure("shopify token", error)] };
  }
  const findings = [
    { check: "shopify token", state: "ok", saw: `${expected.shopDomain} accepts it` } as const,
    shopFinding(current, expected),
    ...appFindings(current, expected),
    ...scopeFindings(current),
  ];
  const { recent, finding } = await recentOrders(shop);
  const { seen, problem } = await shopSeen(shop, recent);
  return { findings: [...findings, finding, ...problem], ...(seen === undefined ? {} : { seen }) };
}

/** Whether a shop's money is the company's. */
export function currencyFinding(currency: string, seen: ShopSeen): Finding {
  const check = "shopify currency";
  if (seen.currency === currency) return { check, state: "ok", saw: `shop and company have ${currency}` };
  return {
    check,
    state: "refused",
    saw: `the shop's currency is "${seen.currency}" but "company.currency" is "${currency}"`,
    next: `write "${seen.currency}": the connector books every amount as it is`,
  };
}

/** Whether each tax of recent orders has its account. */
export function taxFinding(accounting: Customer["accounting"], seen: ShopSeen): Finding {
  const check = "shopify taxes";
  if (seen.taxes.length === 0) return { check, state: "unknown", saw: "no recent order has a tax" };
  const fault = taxFault(accounting, seen);
  return fault === undefined
    ? { check, state: "ok", saw: "every tax of recent orders has an account" }
    : { check, state: "limited", ...fault };
}

/** Whether each gateway of recent orders has its account. */
export function gatewayFinding(accounting: Customer["accounting"], seen: ShopSeen): Finding {
  const check = "shopify gateways";
  const fault = gatewayFault(accounting, seen);
  const { gateways } = seen;
  return fault === undefined
    ? { check, state: "ok", saw: gateways.length === 0 ? "no recent order was paid" : gateways.join(", ") }
    : { check, state: "limited", ...fault };
}

function shopFinding({ shop }: CurrentApp, { shopDomain }: ShopifyExpectation): Finding {
  const check = "shopify shop";
  if (shop.myshopifyDomain === shopDomain) return { check, state: "ok", saw: shopDomain };
  return {
    check,
    state: "refused",
    saw: `"shopify.shopDomain" is "${shopDomain}" but the shop that answered is "${shop.myshopifyDomain}"`,
    next: "correct the domain, or take the credentials of an app in that shop",
  };
}

function appFindings({ currentAppInstallation }: CurrentApp, expected: ShopifyExpectation): readonly Finding[] {
  const { id, title, handle, apiKey } = currentAppInstallation.app;
  const named = `"${title}" (${id}, handle ${handle ?? "none"}, client id ${apiKey})`;
  const app = { check: "shopify app", state: "ok", saw: named } as const;
  const check = "shopify secret";
  if (expected.app === "custom") {
    const saw = `only a signed delivery proves that "shopifyApiSecret" is this app's; "./stack hmac ${expected.slug}" tells`;
    return [app, { check, state: "unknown", saw }];
  }
  if (expected.clientId !== undefined && expected.clientId !== apiKey) {
    const saw = `"shopifyClientId" is "${expected.clientId}" but the token is of app ${named}`;
    return [{ ...app, state: "refused", saw, next: "set client id and secret of one and the same app" }];
  }
  return [app, { check, state: "ok", saw: "Shopify grants a token for it and this client id" }];
}

function scopeFindings({ currentAppInstallation }: CurrentApp): readonly Finding[] {
  const granted = currentAppInstallation.accessScopes.map(({ handle }) => handle);
  const missing = REQUIRED_SCOPES.filter(({ scope }) => !isGranted(scope, granted));
  const wanted = REQUIRED_SCOPES.map(({ scope }) => scope).join(", ");
  const scopes: Finding =
    missing.length === 0
      ? { check: "shopify scopes", state: "ok", saw: wanted }
      : {
          check: "shopify scopes",
          state: "refused",
          saw: `the app lacks ${missing.map(({ scope }) => scope).join(", ")}`,
          next: "add them to the app's configuration and install the app again (a custom app's token may be a new one then)",
        };
  const check = `shopify ${ALL_ORDERS_SCOPE.scope}`;
  const all: Finding = granted.includes(ALL_ORDERS_SCOPE.scope)
    ? { check, state: "ok", saw: "orders of all time are to be seen" }
    : {
        check,
        state: "limited",
        saw: "not granted: history ends 60 days back, and nothing says so",
        next: 'request it for the app ("./stack intake --explain shopify" says where)',
      };
  return [scopes, all];
}

const NOTHING_RECENT: RecentOrders = { taxes: [], rates: [], gateways: [], buyersCurrencies: [] };

async function recentOrders(shop: ShopifyQueries): Promise<{ recent: RecentOrders; finding: Finding }> {
  const check = "shopify orders";
  try {
    const recent = await readRecentOrders(shop);
    return { recent, finding: { check, state: "ok", saw: "the app may read orders and customers" } };
  } catch (error) {
    const found = failure(check, error);
    const next = "give the app access to protected customer data, or Shopify refuses the subscriptions";
    return { recent: NOTHING_RECENT, finding: found.state === "refused" ? { ...found, next } : found };
  }
}

async function shopSeen(
  shop: ShopifyQueries,
  recent: RecentOrders,
): Promise<{ seen?: ShopSeen; problem: readonly Finding[] }> {
  try {
    const { name, currencyCode, ianaTimezone, billingAddress } = (await shop.query(SHOP_FACTS, {})).shop;
    const country = billingAddress.country ?? undefined;
    const sharedSkus = await skusOfSeveral(shop);
    return {
      seen: { name, currency: currencyCode, timeZone: ianaTimezone, country, ...recent, sharedSkus },
      problem: [],
    };
  } catch (error) {
    return { problem: [failure("shopify currency", error)] };
  }
}

/** Answers that say what is wrong with the shop itself: unpaid, not there, locked. */
const SHOP_ITSELF = /answered HTTP (?:402|404|423)/;

function failure(check: string, error: unknown): Finding {
  if (!(error instanceof ShopifyError)) throw error;
  const { kind, what, next } = error;
  const refused = kind === "unauthorized" || kind === "graphql" || SHOP_ITSELF.test(what);
  return { check, state: refused ? "refused" : "unknown", saw: what, next };
}
