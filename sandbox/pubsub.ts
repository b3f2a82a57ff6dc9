import type { CloudRecord } from "./cloud/records";
import type { AttemptResult } from "./shopify/deliver";
import { refusal, settings, type Answer, type CloudView } from "./vm/cloud-view";

/** Who Shopify is to Google (https://shopify.dev/docs/apps/build/webhooks/subscribe/get-started?deliveryMethod=pubSub). */
const SHOPIFY = "serviceAccount:delivery@shopify-pubsub-webhooks.iam.gserviceaccount.com";

const TOPIC = "gcp:pubsub/topic:Topic";
const SUBSCRIPTION = "gcp:pubsub/subscription:Subscription";

/** How long a question for messages is held where there are none (milliseconds); the real one takes some 90 s. */
const HELD_MS = 5000;
/** What one answer has at most, however much is asked for. */
const MOST = 200;

interface Message {
  readonly id: string;
  readonly publishedAt: number;
  readonly attributes: Readonly<Record<string, string>>;
  readonly data: string;
}

/** A message as one subscription has it. */
interface Delivery {
  readonly message: Message;
  isAcknowledged: boolean;
  /** Until then someone has it; milliseconds since 1970. */
  leasedUntil: number;
  /** How often it was given; a part of its ackId, of which an older one counts no more. */
  given: number;
}

/**
 * Pub/Sub, as far as Shopify and a server ask it: publish, pull, acknowledge, modifyAckDeadline, seek. Topics, subscriptions and who may what
 * are the cloud's records; messages are in memory. Facts: https://pubsub.googleapis.com/$discovery/rest?version=v1 and
 * https://docs.cloud.google.com/pubsub/docs/replay-overview. Messages are given in random order.
 */
export class PubSub {
  readonly #deliveries = new Map<string, Delivery[]>();
  readonly #waiting = new Set<() => void>();
  #published = 0;

  constructor(private readonly cloud: CloudView) {}

  /** As Shopify publishes to the topic of a webhook subscription. */
  publish(uri: string, data: string, attributes: Readonly<Record<string, string>>): Promise<AttemptResult> {
    const [, project = "", topic = ""] = /^pubsub:\/\/([^:]+):(.+)$/.exec(uri) ?? [];
    const id = `projects/${project}/topics/${topic}`;
    if (!this.#has(TOPIC, id)) return Promise.resolve({ status: 404 });
    if (!this.#may("gcp:pubsub/topicIAMMember:TopicIAMMember", "topic", [id, SHOPIFY, "roles/pubsub.publisher"])) {
      return Promise.resolve({ status: 403 });
    }
    this.#published += 1;
    const encoded = Buffer.from(data).toString("base64");
    const message = { id: String(this.#published), publishedAt: Date.now(), attributes, data: encoded };
    for (const subscription of this.cloud.resources(SUBSCRIPTION)) {
      if (settings(subscription)["topic"] !== id) continue;
      this.#of(subscription.id).push({ message, isAcknowledged: false, leasedUntil: 0, given: 0 });
    }
    for (const wake of [...this.#waiting]) wake();
    return Promise.resolve({ status: 200 });
  }

  /** Whether no client waits for a message. */
  isNotAsked(): boolean {
    return this.#waiting.size === 0;
  }

  /** What a subscription has not been told to forget. */
  unacknowledged(subscription: string): number {
    return this.#of(subscription).filter(({ isAcknowledged }) => !isAcknowledged).length;
  }

  /** `POST /v1/projects/<project>/subscriptions/<name>:<verb>` of a principal; of the project's owner, where none is named. */
  async answer(path: string, member: string | undefined, body: string): Promise<Answer> {
    const [, id = "", verb = ""] = /^\/v1\/(.+):(\w+)$/.exec(path) ?? [];
    if (!this.#has(SUBSCRIPTION, id))
      return refusal(404, `Resource not found (resource=${id.split("/").at(-1) ?? ""}).`);
    const grant = [id, member ?? "", "roles/pubsub.subscriber"] as const;
    if (
      member !== undefined &&
      !this.#may("gcp:pubsub/subscriptionIAMMember:SubscriptionIAMMember", "subscription", grant)
    ) {
      return refusal(403, "User not authorized to perform this action.");
    }
    const asked = JSON.parse(body === "" ? "{}" : body) as Asked;
    return verb === "pull" ? json(await this.#pull(id, asked)) : this.#changed(id, verb, asked);
  }

  #changed(id: string, verb: string, asked: Asked): Answer {
    switch (verb) {
      case "seek":
        this.#seek(id, Date.parse(asked.time ?? ""));
        break;
      case "acknowledge":
        for (const delivery of this.#held(id, asked)) delivery.isAcknowledged = true;
        break;
      case "modifyAckDeadline":
        for (const delivery of this.#held(id, asked)) {
          delivery.leasedUntil = Date.now() + (asked.ackDeadlineSeconds ?? 0) * 1000;
        }
        break;
      default:
        return refusal(404, `${verb} is no method of a subscription.`);
    }
    return json({});
  }

  async #pull(id: string, { maxMessages = 1, returnImmediately = false }: Asked): Promise<object> {
    const free = (): Delivery[] =>
      this.#of(id).filter(({ isAcknowledged, leasedUntil }) => !isAcknowledged && leasedUntil <= Date.now());
    if (free().length === 0 && !returnImmediately) await this.#untilPublished();
    const drawn = free()
      .map((delivery) => [Math.random(), delivery] as const)
      .sort(([one], [other]) => one - other)
      .slice(0, Math.min(maxMessages, MOST));
    if (drawn.length === 0) return {};
    return { receivedMessages: drawn.map(([, delivery]) => this.#given(id, delivery)) };
  }

  #given(id: string, delivery: Delivery): object {
    const { message } = delivery;
    const seconds = Number(settings(this.#record(SUBSCRIPTION, id) ?? missing(id))["ackDeadlineSeconds"] ?? 10);
    delivery.given += 1;
    delivery.leasedUntil = Date.now() + seconds * 1000;
    return {
      ackId: `${message.id}/${delivery.given}`,
      message: {
        messageId: message.id,
        publishTime: new Date(message.publishedAt).toISOString(),
        attributes: message.attributes,
        data: message.data,
      },
    };
  }

  /** Until something is published, or the time is up. */
  #untilPublished(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, HELD_MS).unref();
      this.#waiting.add(done);
    });
  }

  #held(id: string, { ackIds = [] }: Asked): Delivery[] {
    const known = new Map(this.#of(id).map((delivery) => [`${delivery.message.id}/${delivery.given}`, delivery]));
    return ackIds.flatMap((ackId) => known.get(ackId) ?? []);
  }

  /** What was published before counts as acknowledged, and the rest as not. */
  #seek(id: string, time: number): void {
    for (const delivery of this.#of(id)) {
      delivery.isAcknowledged = delivery.message.publishedAt < time;
      delivery.leasedUntil = 0;
    }
    for (const wake of [...this.#waiting]) wake();
  }

  #of(id: string): Delivery[] {
    const known = this.#deliveries.get(id) ?? [];
    this.#deliveries.set(id, known);
    return known;
  }

  #record(type: string, id: string): CloudRecord | undefined {
    return this.cloud.resources(type).find((record) => record.id === id);
  }

  #has(type: string, id: string): boolean {
    return this.#record(type, id) !== undefined;
  }

  #may(type: string, key: string, [id, member, role]: readonly [string, string, string]): boolean {
    return this.cloud
      .resources(type)
      .map(settings)
      .some(
        (grant) =>
          String(grant[key]).split("/").at(-1) === id.split("/").at(-1) &&
          grant["member"] === member &&
          grant["role"] === role,
      );
  }
}

interface Asked {
  readonly maxMessages?: number;
  readonly returnImmediately?: boolean;
  readonly ackIds?: readonly string[];
  readonly ackDeadlineSeconds?: number;
  readonly time?: string;
}

function json(value: object): Answer {
  return { status: 200, body: JSON.stringify(value), headers: { "Content-Type": "application/json" } };
}

function missing(id: string): never {
  throw new Error(`the sandbox's Pub/Sub has no ${id}`);
}
