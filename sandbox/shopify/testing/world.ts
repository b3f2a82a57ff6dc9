import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RequestLog } from "../../request-log";
import type { RestOrder, RestProduct, RestVariant } from "../rest-types";
import { demoCredentials, startShopify, type ShopifyOptions, type ShopifyStandIn } from "../index";
import { JumpingClock } from "./jumping-clock";

interface Node {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly handle: string;
  readonly topic: string;
}

interface Connection {
  readonly nodes: readonly Node[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string;
    readonly endCursor: string;
  };
}

/** What a mutation of subscriptions gives. */
export interface SubscriptionPayload {
  readonly webhookSubscription: { readonly id: string; readonly legacyResourceId: string } | null;
  readonly userErrors: readonly { readonly field: readonly string[]; readonly message: string }[];
}

/** The fields that tests look into; which of them an answer has follows from what was asked. */
interface AdminData {
  readonly currentAppInstallation: { readonly app: Node; readonly accessScopes: readonly Node[] };
  readonly shop: unknown;
  readonly order: { readonly lineItems: Connection };
  readonly orders: Connection;
  readonly ordersCount: unknown;
  readonly products: Connection;
  readonly productsCount: unknown;
  readonly productVariants: Connection;
  readonly productVariantsCount: unknown;
  readonly customers: Connection;
  readonly customersCount: unknown;
  readonly webhookSubscription: unknown;
  readonly webhookSubscriptions: Connection;
  readonly webhookSubscriptionsCount: unknown;
  readonly webhookSubscriptionCreate: SubscriptionPayload;
  readonly webhookSubscriptionUpdate: SubscriptionPayload;
  readonly webhookSubscriptionDelete: SubscriptionPayload;
}

/** The same of an answer's body: GraphQL's three parts, and the resources of REST. */
interface Body {
  readonly data: AdminData;
  readonly errors: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
  readonly extensions: {
    readonly cost: { readonly throttleStatus: { readonly currentlyAvailable: number } };
    readonly search: unknown;
  };
  readonly shop: unknown;
  readonly order: RestOrder;
  readonly orders: readonly RestOrder[];
  readonly product: RestProduct;
  readonly products: readonly RestProduct[];
  readonly variant: RestVariant;
  readonly variants: readonly RestVariant[];
  readonly locations: readonly { readonly name: string }[];
  readonly inventory_levels: unknown;
  readonly webhook: { readonly id: number; readonly topic: string; readonly api_version: string };
  readonly webhooks: unknown;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

export interface Call {
  readonly token?: string;
  readonly version?: string;
  readonly variables?: Record<string, unknown>;
}

export interface World {
  readonly shopify: ShopifyStandIn;
  readonly clock: JumpingClock;
  readonly log: RequestLog;
  readonly dir: string;
  graphql(query: string, call?: Call): Promise<Answer>;
  /** Closes the stand-in and removes its directory. */
  stop(): Promise<void>;
  rest(method: string, path: string, call?: Call & { readonly body?: unknown }): Promise<Answer>;
}

async function answerOf(response: Response): Promise<Answer> {
  return { status: response.status, headers: response.headers, body: (await response.json()) as Body };
}

/** A demo shop at noon of 2026-11-23, in a directory of its own, with a clock that stands still. */
export async function startWorld(options: Partial<ShopifyOptions> = {}): Promise<World> {
  const clock = new JumpingClock("2026-11-23T12:00:00Z");
  const log = new RequestLog();
  const dir = mkdtempSync(join(tmpdir(), "shopify-stand-in-"));
  const dial = (): Promise<never> => Promise.reject(new Error("getaddrinfo ENOTFOUND"));
  const shopify = await startShopify({ dir, log, clock, dial, ...options });
  const address = (version: string, path: string): string => `${shopify.url}/admin/api/${version}/${path}`;
  const headers = (token: string): Record<string, string> => ({
    "X-Shopify-Access-Token": token,
    "Content-Type": "application/json",
  });
  return {
    shopify,
    clock,
    log,
    dir,
    stop: async () => {
      await shopify.close();
      rmSync(dir, { recursive: true, force: true });
    },
    graphql: async (query, { token = demoCredentials.custom.token, version = "2026-10", variables = {} } = {}) =>
      answerOf(
        await fetch(address(version, "graphql.json"), {
          method: "POST",
          headers: headers(token),
          body: JSON.stringify({ query, variables }),
        }),
      ),
    rest: async (method, path, { token = demoCredentials.custom.token, version = "2024-01", body } = {}) =>
      answerOf(
        await fetch(address(version, path), {
          method,
          headers: headers(token),
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        }),
      ),
  };
}

export const connectorUri =
  "https://hook.sandbox.example/api/method/ecommerce_integrations.shopify.connection.store_request_data";

const createSubscription = `mutation ($topic: WebhookSubscriptionTopic!, $input: WebhookSubscriptionInput!) {
  webhookSubscriptionCreate(topic: $topic, webhookSubscription: $input) {
    webhookSubscription { id legacyResourceId topic uri format filter name apiVersion { handle } }
    userErrors { field message }
  }
}`;

/** Subscribes over GraphQL and gives the payload of the mutation. */
export async function subscribe(
  world: World,
  topic: string,
  more: { readonly input?: Record<string, unknown>; readonly token?: string; readonly version?: string } = {},
): Promise<SubscriptionPayload> {
  const { input = { uri: connectorUri }, ...call } = more;
  const { body } = await world.graphql(createSubscription, { ...call, variables: { topic, input } });
  return body.data.webhookSubscriptionCreate;
}
