import { FrappeApi } from "../../clients/frappe-api";
import { FrappeOrders } from "../../clients/frappe-orders";
import type { Send } from "../../clients/http";
import { ShopifyApi, type TokenMemory } from "../../clients/shopify-api";
import { ShopifyOrders } from "../../clients/shopify-orders";
import type { Settings } from "../settings";
import type { Budget } from "./budget";
import { fetchSend } from "./fetch-send";
import { untilSilent } from "./until-silent";
import { readsFrappe, readsShopify } from "./read-only";

/** Both sides as one invocation reaches them. */
export interface BothSides {
  readonly shop: ShopifyApi;
  readonly shopOrders: ShopifyOrders;
  readonly site: FrappeApi;
  readonly siteOrders: FrappeOrders;
  /** For what is neither: the server's own report. */
  readonly send: Send;
}

/** Milliseconds for one request, and for one with all its tries: what takes longer is a matter of the next minute. */
const PATIENCE = { timeoutMs: 20_000, maxWaitMs: 30_000, tries: 2 };

/** Requests count against the budget. A granted token is remembered beyond the invocation, in memory alone. */
export function reach({ shop, site, company }: Settings, budget: Budget, tokenMemory: TokenMemory): BothSides {
  const send = budget.bound(fetchSend);
  const shopApi = new ShopifyApi({
    shopDomain: shop.domain,
    credential: shop.credential,
    ...(shop.apiUrl === undefined ? {} : { apiUrl: shop.apiUrl }),
    tokenMemory,
    ...PATIENCE,
    send: readsShopify(untilSilent(send, shop.domain)),
  });
  const siteApi = new FrappeApi({
    siteUrl: site.url,
    ...(site.apiUrl === undefined ? {} : { apiUrl: site.apiUrl }),
    apiKey: site.apiKey,
    apiSecret: site.apiSecret,
    access: site.access,
    ...PATIENCE,
    send: readsFrappe(untilSilent(send, new URL(site.url).host)),
  });
  return {
    shop: shopApi,
    shopOrders: new ShopifyOrders(shopApi),
    site: siteApi,
    siteOrders: new FrappeOrders(siteApi, { timeZone: company.timeZone }),
    send,
  };
}
