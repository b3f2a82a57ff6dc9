import type { ShopifyCredential } from "../clients/shopify-token";
import type { ConsoleEnv } from "./env";
import type { CompanyFormat } from "./model";

/** The bindings, read. */
export interface Settings {
  readonly customer: string;
  readonly company: CompanyFormat;
  readonly access: { readonly issuer: string; readonly audience: string };
  readonly shop: {
    readonly domain: string;
    readonly apiUrl: string | undefined;
    readonly credential: ShopifyCredential;
    readonly webhookUrl: string;
    /** Enum names, for example ORDERS_CREATE. */
    readonly topics: readonly string[];
    readonly tokenSince: string | undefined;
  };
  readonly site: {
    readonly url: string;
    readonly apiUrl: string | undefined;
    readonly apiKey: string;
    readonly apiSecret: string;
    readonly access: { readonly clientId: string; readonly clientSecret: string };
  };
  readonly health: { readonly url: string; readonly token: string };
  readonly salesInvoices: boolean;
  readonly deliveryNotes: boolean;
  readonly testOrders: boolean;
}

export function readSettings(env: ConsoleEnv): Settings {
  return {
    customer: env.CUSTOMER,
    company: JSON.parse(env.COMPANY) as CompanyFormat,
    access: { issuer: env.ACCESS_ISSUER.replace(/\/+$/, ""), audience: env.ACCESS_AUDIENCE },
    shop: {
      domain: env.SHOP_DOMAIN,
      apiUrl: env.SHOPIFY_API_URL,
      credential: credentialOf(env),
      webhookUrl: env.WEBHOOK_URL,
      topics: env.SHOPIFY_TOPICS.split(",").map((topic) => topic.trim().toUpperCase().replace("/", "_")),
      tokenSince: env.SHOPIFY_TOKEN_SINCE,
    },
    site: {
      url: env.ERPNEXT_URL.replace(/\/+$/, ""),
      apiUrl: env.ERPNEXT_API_URL,
      apiKey: env.ERPNEXT_API_KEY,
      apiSecret: env.ERPNEXT_API_SECRET,
      access: { clientId: env.ERPNEXT_ACCESS_CLIENT_ID, clientSecret: env.ERPNEXT_ACCESS_CLIENT_SECRET },
    },
    health: { url: env.HEALTH_URL, token: env.HEALTH_TOKEN },
    salesInvoices: env.SALES_INVOICES === "true",
    deliveryNotes: env.DELIVERY_NOTES === "true",
    testOrders: env.TEST_ORDERS === "true",
  };
}

function credentialOf(env: ConsoleEnv): ShopifyCredential {
  const { SHOPIFY_ADMIN_TOKEN: token, SHOPIFY_CLIENT_ID: clientId, SHOPIFY_CLIENT_SECRET: clientSecret } = env;
  if (token !== undefined && token !== "") return { kind: "token", token };
  if (clientId === undefined || clientSecret === undefined) {
    throw new Error("the Worker has neither SHOPIFY_ADMIN_TOKEN nor SHOPIFY_CLIENT_ID with SHOPIFY_CLIENT_SECRET.");
  }
  return { kind: "client-credentials", clientId, clientSecret };
}
