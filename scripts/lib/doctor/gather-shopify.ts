import { SHOPIFY_API_VERSION, ShopifyError, type ShopifyClient } from "../../../clients/shopify";
import { APP_DIAGNOSIS, NEWEST_ORDER, SUBSCRIPTION_DIAGNOSIS } from "../../../clients/shopify-diagnosis";
import { sharedSkus } from "../../../clients/shopify-skus";
import { CURRENT_APP } from "../../../clients/shopify-operations";
import { shopifyClient, type ClientPatience } from "../cli/open-customer";
import { readRecentOrders } from "../recent-orders";
import type { Ask, Gatherers } from "./fact-cache";
import { NotKnown } from "./finding";
import type { GrantAnswer, ShopifyFacts } from "./shopify-facts";

/** Seconds for one look, and what the client may spend of it (milliseconds). */
const LIMIT = 25;
const PATIENCE: ClientPatience = { timeoutMs: 10_000, maxWaitMs: 20_000 };

/** The version that every branch of the connector asks for (shopify.md, 4). */
const CONNECTOR_VERSION = "2024-01";

/** The connector lists webhooks through REST itself, and an app may always see its own. */
const CONNECTOR_RESOURCE = "webhooks/count.json";

export function shopifyGatherers(): Pick<Gatherers, keyof ShopifyFacts> {
  return {
    shopifyAnswer: async (ask, probe) => {
      const shop = await clientOf(ask);
      return probe(LIMIT, async () => {
        try {
          return { kind: "answered", app: await shop.query(APP_DIAGNOSIS, {}) };
        } catch (error) {
          return refusal(error);
        }
      });
    },
    app: async (ask) => {
      const answer = await ask("shopifyAnswer");
      if (answer.kind === "refused") throw new NotKnown("skipped", "Shopify does not take the stack's token");
      return answer.app;
    },
    grant: async (ask, probe) => probe(LIMIT, await grantLook(ask)),
    apiVersions: async (ask, probe) => {
      await ask("app");
      const shop = await clientOf(ask);
      return probe(LIMIT, async () => {
        const rest = await shop.restVersion(CONNECTOR_VERSION, CONNECTOR_RESOURCE);
        await shop.query(CURRENT_APP, {});
        return {
          graphql: { asked: SHOPIFY_API_VERSION, answered: shop.answeredVersion },
          rest: { asked: CONNECTOR_VERSION, answered: rest },
        };
      });
    },
    deprecatedCalls: async (ask, probe) => {
      await ask("app");
      const shop = await clientOf(ask);
      return probe(LIMIT, async () => ({ calls: await shop.deprecatedCalls() }));
    },
    subscriptions: async (ask, probe) => {
      await ask("app");
      const shop = await clientOf(ask);
      const { webhookSubscriptions } = await probe(LIMIT, () => shop.query(SUBSCRIPTION_DIAGNOSIS, {}));
      return { all: webhookSubscriptions.nodes, isWhole: !webhookSubscriptions.pageInfo.hasNextPage };
    },
    skus: async (ask, probe) => {
      await ask("app");
      const shop = await clientOf(ask);
      return probe(LIMIT, () => sharedSkus(shop));
    },
    recentOrders: async (ask, probe) => {
      await ask("app");
      const shop = await clientOf(ask);
      return probe(LIMIT, () => readRecentOrders(shop));
    },
    newestOrder: async (ask, probe) => {
      await ask("app");
      const shop = await clientOf(ask);
      const { orders } = await probe(LIMIT, () => shop.query(NEWEST_ORDER, {}));
      return { order: orders.nodes[0] };
    },
  };
}

/** Asks for a token with id and secret alone, whatever kind of app the file says: Shopify answers as the app they are of. */
async function grantLook(ask: Ask): Promise<() => Promise<GrantAnswer>> {
  const [customer, config] = [await ask("customer"), await ask("config")];
  // A custom app has no grant that could be tried.
  if (customer.shopify.app === "custom") throw new NotKnown("skipped", customAppReason(customer.slug));
  const { shopifyClientId = "", shopifyApiSecret = "" } = config;
  if (shopifyClientId === "" || shopifyApiSecret === "") {
    throw new NotKnown("skipped", "the stack has no client id and secret");
  }
  const shop = shopifyClient(customer, config, PATIENCE);
  return async () => {
    try {
      const { currentAppInstallation } = await shop.query(CURRENT_APP, {});
      return { kind: "granted", apiKey: currentAppInstallation.app.apiKey };
    } catch (error) {
      return refusal(error);
    }
  };
}

async function clientOf(ask: Ask): Promise<ShopifyClient> {
  const [customer, config] = [await ask("customer"), await ask("config")];
  const key = customer.shopify.app === "custom" ? "shopifyAdminToken" : "shopifyApiSecret";
  if ((config[key] ?? "") === "") throw new NotKnown("skipped", `the stack has no "${key}"`);
  return shopifyClient(customer, config, PATIENCE);
}

/** Why the secret of a custom app cannot be tried at Shopify. */
function customAppReason(slug: string): string {
  return `Shopify gives no way to try a custom app's secret; its first signed delivery does: "./stack hmac ${slug} --capture"`;
}

function refusal(error: unknown): { kind: "refused"; reason: string } {
  if (error instanceof ShopifyError && error.kind === "unauthorized") return { kind: "refused", reason: error.what };
  throw error;
}
