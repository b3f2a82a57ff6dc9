import { ShopifyError, type ShopifyQueries } from "../../../clients/shopify";
import type { CurrentApp, ShopifyOperation, WebhookSubscription } from "../../../clients/shopify-operations";

interface Variables {
  readonly id?: string;
  readonly topic?: string;
  readonly topics?: readonly string[];
  readonly webhookSubscription?: { readonly uri: string; readonly filter?: null; readonly includeFields?: readonly [] };
}

/** A shop in memory that answers the operations of this project as Shopify does. */
export class FakeShop implements ShopifyQueries {
  readonly subscriptions: WebhookSubscription[] = [];
  /** Names of the operations that were asked for, in order. */
  readonly asked: string[] = [];
  /** What the next operation of this name throws. */
  readonly failures = new Map<string, Error>();
  /** Run once, before the next subscription is made: someone who is faster. */
  beforeCreate: (() => void) | undefined;
  /** Whether updates leave the filter as it is. */
  stubborn = false;
  app: CurrentApp = {
    currentAppInstallation: {
      app: { id: "gid://shopify/App/1", title: "ERP", handle: "erp", apiKey: "client-1" },
      accessScopes: ["read_products", "read_orders", "read_customers", "read_inventory", "read_all_orders"].map(
        (handle) => ({ handle }),
      ),
    },
    shop: { myshopifyDomain: "demo.myshopify.com", currencyCode: "EUR" },
  };
  #next = 1;

  query<Result, Given>(operation: ShopifyOperation<Result, Given>, variables: Given): Promise<Result> {
    this.asked.push(operation.name);
    const failure = this.failures.get(operation.name);
    this.failures.delete(operation.name);
    return new Promise((resolve) => {
      if (failure !== undefined) throw failure;
      resolve(this.#answers[operation.name]!(variables as Variables) as Result);
    });
  }

  /** Puts a subscription into the shop without being asked. */
  add(fields: Partial<WebhookSubscription> & Pick<WebhookSubscription, "topic" | "uri">): WebhookSubscription {
    const number = String(this.#next++);
    const id = `gid://shopify/WebhookSubscription/${number}`;
    const made = { id, legacyResourceId: number, format: "JSON", filter: null, includeFields: [], ...fields };
    this.subscriptions.push(made);
    return made;
  }

  /** Takes a subscription out of the shop, as Shopify does after failed deliveries. */
  drop(id: string): void {
    this.subscriptions.splice(this.#indexOf(id), 1);
  }

  /** Changes a subscription behind everyone's back. */
  patch(id: string, fields: Partial<WebhookSubscription>): WebhookSubscription {
    const index = this.#indexOf(id);
    const patched = { ...this.subscriptions[index]!, ...fields };
    this.subscriptions[index] = patched;
    return patched;
  }

  readonly #answers: Readonly<Record<string, (variables: Variables) => unknown>> = {
    CurrentApp: () => this.app,
    WebhookSubscriptionList: ({ topics }) => {
      const nodes = this.subscriptions.filter((one) => topics?.includes(one.topic) ?? true);
      return { webhookSubscriptions: { nodes, pageInfo: { hasNextPage: false, endCursor: null } } };
    },
    WebhookSubscriptionGet: ({ id }) => ({
      webhookSubscription: this.subscriptions.find((one) => one.id === id) ?? null,
    }),
    WebhookSubscriptionCreate: ({ topic = "", webhookSubscription }) => {
      this.beforeCreate?.();
      this.beforeCreate = undefined;
      const { uri } = webhookSubscription!;
      if (this.subscriptions.some((one) => one.topic === topic && one.uri === uri)) {
        throw userError(["webhookSubscription", "callbackUrl"], "Address for this topic has already been taken");
      }
      return { webhookSubscriptionCreate: { webhookSubscription: this.add({ topic, uri }), userErrors: [] } };
    },
    WebhookSubscriptionUpdate: ({ id = "", webhookSubscription }) => {
      const { uri, filter, includeFields } = webhookSubscription!;
      const cleared = filter === null && includeFields?.length === 0 && !this.stubborn;
      const updated = this.patch(id, { uri, ...(cleared ? { filter: null, includeFields: [] } : {}) });
      return { webhookSubscriptionUpdate: { webhookSubscription: updated, userErrors: [] } };
    },
    WebhookSubscriptionDelete: ({ id = "" }) => {
      this.drop(id);
      return { webhookSubscriptionDelete: { deletedWebhookSubscriptionId: id, userErrors: [] } };
    },
  };

  #indexOf(id: string): number {
    const index = this.subscriptions.findIndex((one) => one.id === id);
    if (index < 0) throw userError(["id"], "Webhook subscription does not exist");
    return index;
  }
}

function userError(field: readonly string[], message: string): ShopifyError {
  const what = `Shopify refused it: "${field.join(".")}" ${message}`;
  return new ShopifyError("user-errors", { what, next: "correct it" }, [{ field, message }]);
}
