import type { dynamic } from "@pulumi/pulumi";

import { ShopifyClient, ShopifyError, type ShopifyQueries } from "../../clients/shopify";
import {
  WEBHOOK_SUBSCRIPTION_CREATE,
  WEBHOOK_SUBSCRIPTION_DELETE,
  WEBHOOK_SUBSCRIPTION_GET,
  WEBHOOK_SUBSCRIPTION_UPDATE,
  type WebhookSubscription,
} from "../../clients/shopify-operations";
import { listWebhookSubscriptions } from "../../clients/shopify-webhooks";
import { subscriptionFaults } from "../../core/verdicts";
import { KNOWN_TOPICS, WEBHOOK_PATH } from "../../core/connector";
import { topicOfUri } from "../shared/delivery-queue";
import { UserError } from "../../core/user-error";
import { explained } from "./explain";
import { ShopifyConnections, type MakeShopify, type ShopifyPlace } from "./shopify-connection";
import { Configuration } from "./stack-config";
import { hasUnknown } from "./unknown";
import { withoutTraces } from "./without-traces";

interface Inputs extends ShopifyPlace {
  readonly appId?: string;
  readonly topic: string;
  readonly uri: string;
}

/** What the state holds: the inputs, and the subscription as Shopify gave it. `filter` and `includeFields` show drift. */
interface State extends Inputs {
  readonly subscriptionId: string;
  readonly legacyResourceId: string;
  readonly format: string;
  readonly filter: string | null;
  readonly includeFields: readonly string[];
}

const GONE = "Webhook subscription does not exist";
const TAKEN = "Address for this topic has already been taken";

/** The subscriptions of a shop, by the Admin GraphQL API. */
export function createProvider(makeShopify: MakeShopify): dynamic.ResourceProvider<Inputs, State> {
  const configuration = new Configuration();
  const shops = new ShopifyConnections(makeShopify);
  const inShop = <T>(inputs: ShopifyPlace, work: (shop: ShopifyQueries) => Promise<T>): Promise<T> =>
    explained(inputs, () => work(shops.to(configuration.current, inputs)));

  return {
    configure: configuration.configure,
    check: (_olds, news) => Promise.resolve({ inputs: news, failures: faults(news) }),
    diff: (_id, olds, news) => Promise.resolve(compare(olds, news)),
    create: (inputs) =>
      inShop(inputs, async (shop) => {
        const subscription = await ensureSubscription(shop, inputs);
        return { id: subscription.id, outs: state(inputs, subscription) };
      }),
    read: async (id, props) => {
      const known = inputsOf(id, props);
      return inShop(known, async (shop) => {
        const { webhookSubscription } = await shop.query(WEBHOOK_SUBSCRIPTION_GET, { id });
        if (webhookSubscription === null) return { id: "" };
        const { topic, uri } = webhookSubscription;
        const found: Inputs = { ...known, topic, uri };
        return { id, props: state(found, webhookSubscription), inputs: found as State };
      });
    },
    update: (id, _olds, news) => inShop(news, async (shop) => ({ outs: state(news, await change(shop, id, news)) })),
    delete: (id, props) => inShop(props, (shop) => remove(shop, id)),
  };
}

export const provider = withoutTraces(createProvider((options) => new ShopifyClient(options)));

function faults(news: Inputs): dynamic.CheckFailure[] {
  const failures: dynamic.CheckFailure[] = [];
  const topics: readonly string[] = KNOWN_TOPICS;
  if (!hasUnknown(news.topic) && !topics.includes(news.topic)) {
    const reason = `"topic" is "${news.topic}", to which the connector answers 500: use one of ${topics.join(", ")}`;
    failures.push({ property: "topic", reason });
  }
  if (!hasUnknown(news.uri) && !isDoor(news.uri)) {
    const reason = `"uri" is "${news.uri}", which is not the connector's door: use https://<hook-host>${WEBHOOK_PATH}, or pubsub://<project>:<topic>`;
    failures.push({ property: "uri", reason });
  }
  return failures;
}

/** The connector listens on one path only, over https, without a slash at its end; what comes to a topic the server pulls. */
function isDoor(uri: string): boolean {
  if (topicOfUri(uri) !== undefined) return true;
  if (!URL.canParse(uri)) return false;
  const { protocol, origin } = new URL(uri);
  return protocol === "https:" && uri === `${origin}${WEBHOOK_PATH}`;
}

function compare(olds: State, news: Inputs): dynamic.DiffResult {
  const replaces: string[] = (["shopDomain", "topic"] as const).filter((field) => olds[field] !== news[field]);
  if (hasAppChanged(olds, news)) replaces.push("appId");
  const changes = replaces.length > 0 || olds.uri !== news.uri || !isPlain(olds);
  // The new door is opened before the old one closes; deliveries that come twice do no harm, lost ones do.
  return { changes, replaces, deleteBeforeReplace: false };
}

/** An app that a preview does not know yet is nearly always the same one, checked again. */
function hasAppChanged(olds: State, news: Inputs): boolean {
  if (olds.appId === undefined || news.appId === undefined || hasUnknown(news.appId)) return false;
  return olds.appId !== news.appId;
}

/** Whether whole orders are delivered, as JSON; the connector needs no less. */
function isPlain(subscription: Pick<WebhookSubscription, "format" | "filter" | "includeFields">): boolean {
  return subscriptionFaults(subscription).length === 0;
}

function state(inputs: Inputs, subscription: WebhookSubscription): State {
  const { id, legacyResourceId, topic, uri, format, filter, includeFields } = subscription;
  return { ...inputs, topic, uri, subscriptionId: id, legacyResourceId, format, filter, includeFields };
}

/**
 * The subscription that is wanted: the one that is there, put right where it filters, else a new one.
 * @throws ShopifyError, UserError where Shopify keeps something else than it was told
 */
export async function ensureSubscription(shop: ShopifyQueries, inputs: Inputs): Promise<WebhookSubscription> {
  return (await adopt(shop, inputs)) ?? (await subscribe(shop, inputs));
}

/** The subscription that is wanted, where the app has it already. One at the same address that filters is put right. */
async function adopt(shop: ShopifyQueries, inputs: Inputs): Promise<WebhookSubscription | undefined> {
  const here = (await listWebhookSubscriptions(shop, [inputs.topic])).filter(({ uri }) => uri === inputs.uri);
  const equal = here.find(isPlain);
  if (equal !== undefined) return equal;
  const [other] = here;
  return other === undefined ? undefined : change(shop, other.id, inputs);
}

async function subscribe(shop: ShopifyQueries, inputs: Inputs): Promise<WebhookSubscription> {
  const { topic, uri } = inputs;
  try {
    const input = { topic, webhookSubscription: { uri, format: "JSON" } } as const;
    const { webhookSubscriptionCreate } = await shop.query(WEBHOOK_SUBSCRIPTION_CREATE, input);
    return confirmed(webhookSubscriptionCreate?.webhookSubscription, inputs);
  } catch (error) {
    // Someone was faster, or an answer to an earlier try was lost.
    const existing = hasUserError(error, TAKEN) ? await adopt(shop, inputs) : undefined;
    if (existing === undefined) throw error;
    return existing;
  }
}

async function change(shop: ShopifyQueries, id: string, inputs: Inputs): Promise<WebhookSubscription> {
  const webhookSubscription = { uri: inputs.uri, format: "JSON", filter: null, includeFields: [] } as const;
  try {
    const { webhookSubscriptionUpdate } = await shop.query(WEBHOOK_SUBSCRIPTION_UPDATE, { id, webhookSubscription });
    return confirmed(webhookSubscriptionUpdate?.webhookSubscription, inputs);
  } catch (error) {
    if (!hasUserError(error, GONE)) throw error;
    const { topic, shopDomain, customer } = inputs;
    throw new UserError({
      what: `the subscription to ${topic} (${id}) does not exist any more in ${shopDomain}`,
      customer,
      next: `run "pulumi refresh -s ${customer}" and then "pulumi up", which subscribes again`,
    });
  }
}

/** What was written is not always what holds. */
function confirmed(subscription: WebhookSubscription | null | undefined, inputs: Inputs): WebhookSubscription {
  if (subscription?.uri === inputs.uri && isPlain(subscription)) return subscription;
  const kept = subscription ?? { uri: "nothing", format: "", filter: null, includeFields: [] };
  const { uri, format, filter, includeFields } = kept;
  throw new UserError({
    what:
      `Shopify took the subscription to ${inputs.topic} but holds "uri" ${uri}, "format" ${format}, ` +
      `"filter" ${filter ?? "none"}, "includeFields" ${includeFields.join(",") || "all"}`,
    customer: inputs.customer,
    next: "delete this subscription in Shopify and run the command again",
  });
}

async function remove(shop: ShopifyQueries, id: string): Promise<void> {
  try {
    await shop.query(WEBHOOK_SUBSCRIPTION_DELETE, { id });
  } catch (error) {
    if (!hasUserError(error, GONE)) throw error;
  }
}

/** Shopify's userErrors have no code, so they are told apart by their text. */
function hasUserError(error: unknown, text: string): boolean {
  return error instanceof ShopifyError && error.userErrors.some(({ message }) => message.includes(text));
}

/** The inputs in a state. A subscription is looked up by id with its place alone (`new ShopifyWebhookSubscription(…, { id })`). */
function inputsOf(id: string, props: State | undefined): Inputs {
  if (props?.shopDomain === undefined) {
    throw new UserError({
      what: `nothing says in which shop ${id} is`,
      next: 'declare the subscription instead: "pulumi up" adopts an equal one that exists',
    });
  }
  const { shopDomain, apiUrl, app, appId, topic, uri, customer } = props;
  const optional = { ...(apiUrl === undefined ? {} : { apiUrl }), ...(appId === undefined ? {} : { appId }) };
  return { shopDomain, app, topic, uri, customer, ...optional };
}
