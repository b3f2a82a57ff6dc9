import type { AddressInfo } from "node:net";
import type { Clock } from "../clock";
import type { RequestLog } from "../request-log";
import type { Dial, Publish } from "./deliver";
import { defaultDeliveryLimits, DeliveryQueue, type DeliveryLimits } from "./deliveries";
import { FaultPlan } from "./faults";
import type { BucketSize } from "./leaky-bucket";
import { demoShop } from "./seed";
import { listen } from "./server";
import { Shop } from "./shop";
import { ShopifyStandIn } from "./stand-in";
import { StateFile, type ShopState } from "./state";

export type { Dial, DialTarget } from "./deliver";
export type { Delivery, DeliveryAttempt, DeliveryLimits } from "./deliveries";
export type { FaultKind, FaultRule } from "./faults";
export type { NewOrder, Shop } from "./shop";
export type { ShopState } from "./state";
export { credentialsOf, demoCredentials, demoShopDomain, playbookScopes, type ShopCredentials } from "./credentials";
export { demoShop, emptyShop } from "./seed";
export { ShopifyStandIn } from "./stand-in";

export interface ShopifyOptions {
  /** Where shopify.json lies. Shops, orders, tokens and subscriptions survive a restart; deliveries under way do not. */
  readonly dir: string;
  readonly log: RequestLog;
  readonly clock: Clock;
  /** The shops of a first start, the default one first; left out: one demo shop. A state file that exists goes before. */
  readonly seed?: readonly ShopState[];
  readonly dial: Dial;
  /** Google Cloud Pub/Sub; left out: there is no topic. */
  readonly publish?: Publish;
  /** The port on 127.0.0.1; left out: a free one. */
  readonly port?: number;
  readonly deliveryLimits?: Partial<DeliveryLimits>;
  /** Per app and shop; left out: 2,000 points, 100 a second. */
  readonly graphqlBucket?: BucketSize;
  /** Per app and shop; left out: 40 calls, 2 a second. */
  readonly restBucket?: BucketSize;
}

const noTopic: Publish = () => Promise.resolve({ status: 404 });

/** Starts a Shopify that behaves like the real one towards its API clients and towards the receivers of its webhooks. */
export async function startShopify(options: ShopifyOptions): Promise<ShopifyStandIn> {
  const { clock, log, dial } = options;
  const file = new StateFile(options.dir);
  const states = file.load() ?? structuredClone([...(options.seed ?? [demoShop(clock.now())])]);
  const changed = (): void => {
    file.save(states);
  };
  const limits = { ...defaultDeliveryLimits, ...options.deliveryLimits };
  const queue = new DeliveryQueue({ clock, dial, publish: options.publish ?? noTopic, limits });
  const shops = states.map(
    (state) =>
      new Shop(state, {
        clock,
        changed,
        announce: (shop, topic, order) => {
          queue.announce(shop, topic, order);
        },
      }),
  );
  const standIn = new ShopifyStandIn({
    shops,
    queue,
    clock,
    changed,
    faults: new FaultPlan(),
    buckets: {
      graphql: options.graphqlBucket ?? { maximum: 2000, restorePerSecond: 100 },
      rest: options.restBucket ?? { maximum: 40, restorePerSecond: 2 },
    },
  });
  changed();
  const server = await listen(standIn.serverMeans(log), options.port ?? 0);
  standIn.attach(server, (server.address() as AddressInfo).port);
  return standIn;
}
