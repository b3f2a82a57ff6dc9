import type { Send } from "../../../clients/http";
import type { ShopifyClientOptions, ShopifyQueries } from "../../../clients/shopify";
import type { Customer } from "../../../customers/schema";
import { buyersCurrencyFinding, skuFinding } from "./check-catalogue";
import { checkCloudflare } from "./check-cloudflare";
import { checkGoogle } from "./check-google";
import { checkHosts, type OwnOutputs } from "./check-hosts";
import { checkShopify, currencyFinding, gatewayFinding, taxFinding, type ShopifyReport } from "./check-shopify";
import { checkWorkers } from "./check-workers";
import type { CloudflareMeans } from "./cloudflare-reads";
import { allHold, type Finding } from "./finding";
import type { ConfigValues } from "./secrets";

/** How the three services are reached. */
export interface CheckMeans {
  readonly makeShop: (options: ShopifyClientOptions) => ShopifyQueries;
  readonly send: Send;
  /** A Google access token; undefined without a login. */
  readonly googleToken: () => Promise<string | undefined>;
}

/** The part of a customer that says which shop and what kind of app. */
export type ShopifyPart = Pick<Customer["shopify"], "shopDomain" | "app">;

/** What the stack has, or will have. */
export interface CheckedStack {
  readonly config: ConfigValues;
  /** Default: it has never been up. */
  readonly outputs?: OwnOutputs;
}

/** Asks every service about a customer's answers and credentials. Writes nothing. */
export async function checkCustomer(
  means: CheckMeans,
  customer: Customer,
  { config, outputs = {} }: CheckedStack,
): Promise<readonly Finding[]> {
  const shopify = await shopifyReport(means, { ...customer.shopify, slug: customer.slug }, config);
  const { seen } = shopify;
  const shop =
    seen === undefined
      ? []
      : [
          currencyFinding(customer.company.currency, seen),
          taxFinding(customer.accounting, seen),
          gatewayFinding(customer.accounting, seen),
          skuFinding(customer.erpnext, seen),
          buyersCurrencyFinding(seen),
        ];
  const cloudflare = cloudflareMeans(means, config);
  const token = await means.googleToken();
  const { delivery } = customer.shopify;
  return [
    ...shopify.findings,
    ...shop,
    ...(cloudflare === undefined ? [NO_CLOUDFLARE_TOKEN] : await cloudflareFindings(cloudflare, customer, outputs)),
    ...(await checkGoogle({ send: means.send, token, config }, { ...customer.gcp, delivery })),
  ];
}

/** With the customer's hosts, where account, zone and token are right. */
async function cloudflareFindings(
  means: CloudflareMeans,
  customer: Customer,
  outputs: OwnOutputs,
): Promise<readonly Finding[]> {
  const findings = await checkCloudflare(means, customer.cloudflare);
  if (!allHold(findings)) return findings;
  return [...findings, await checkHosts(means, customer, outputs), ...(await checkWorkers(means, customer, outputs))];
}

/** What Shopify says of the credentials and of the shop. */
export function shopifyReport(
  means: CheckMeans,
  shopify: ShopifyPart & { readonly slug: string },
  config: ConfigValues,
): Promise<ShopifyReport> {
  const { slug, shopDomain, app } = shopify;
  const { shopifyApiUrl, shopifyAdminToken = "", shopifyClientId = "", shopifyApiSecret = "" } = config;
  const shop = means.makeShop({
    shopDomain,
    credential:
      app === "custom"
        ? { kind: "token", token: shopifyAdminToken }
        : { kind: "client-credentials", clientId: shopifyClientId, clientSecret: shopifyApiSecret },
    ...(shopifyApiUrl === undefined ? {} : { apiUrl: shopifyApiUrl }),
    maxWaitMs: 30_000,
  });
  return checkShopify(shop, { slug, shopDomain, app, clientId: app === "custom" ? undefined : shopifyClientId });
}

/** Undefined without a token. */
export function cloudflareMeans(means: CheckMeans, config: ConfigValues): CloudflareMeans | undefined {
  const token = config["cloudflare:apiToken"] ?? "";
  return token === "" ? undefined : { send: means.send, token, baseUrl: config["cloudflare:baseUrl"] };
}

const NO_CLOUDFLARE_TOKEN: Finding = {
  check: "cloudflare token",
  state: "unknown",
  saw: "the stack has none; CLOUDFLARE_API_TOKEN must then be set wherever Pulumi runs",
};
