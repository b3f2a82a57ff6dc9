import type { App } from "./apps";

export type WebhookFormat = "JSON" | "XML";

/** An API-made webhook subscription. Shopify shows it to the app that made it and to no other. */
export interface Subscription {
  readonly id: number;
  readonly appId: number;
  /** As in GraphQL: ORDERS_CREATE. */
  readonly topic: string;
  readonly uri: string;
  readonly format: WebhookFormat;
  readonly filter: string | null;
  readonly includeFields: readonly string[];
  readonly metafieldNamespaces: readonly string[];
  readonly name: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Failed delivery attempts since the last one that succeeded. */
  readonly consecutiveFailures: number;
}

/** What Shopify took away, and when. */
export interface RemovedSubscription extends Subscription {
  readonly removedAt: string;
  readonly reason: "failed-deliveries" | "lost";
}

/** The caller's part of a subscription; an update leaves out what stays. */
export interface SubscriptionInput {
  uri?: string | null;
  callbackUrl?: string | null;
  format?: WebhookFormat | null;
  filter?: string | null;
  includeFields?: readonly string[] | null;
  metafieldNamespaces?: readonly string[] | null;
  name?: string | null;
}

export interface UserError {
  readonly field: readonly string[];
  readonly message: string;
}

/** ORDERS_CREATE <-> orders/create. The enum joins with "_" what REST joins with "/", and a subject may itself hold "_". */
export function restTopic(topic: string): string {
  const subject = ["ORDERS", "PRODUCTS", "CUSTOMERS", "REFUNDS", "FULFILLMENTS", "SHOP", "APP"].find((name) =>
    topic.startsWith(`${name}_`),
  );
  return subject === undefined
    ? topic.toLowerCase()
    : `${subject.toLowerCase()}/${topic.slice(subject.length + 1).toLowerCase()}`;
}

export function graphqlTopic(topic: string): string {
  return topic.toUpperCase().replace("/", "_");
}

function addressError(message: string): UserError {
  return { field: ["webhookSubscription", "callbackUrl"], message };
}

function hostFault(hostname: string): boolean {
  return hostname === "localhost" || /(^|\.)(myshopify\.com|shopify\.com|shopifycdn\.com)$/.test(hostname);
}

/**
 * "An HTTPS URL, a Google Pub/Sub URI (pubsub://{project-id}:{topic-id}) or an Amazon EventBridge event source ARN" (Admin schema 2026-10,
 * WebhookSubscriptionInput.uri). What Shopify says of a malformed one is not known, nor whether it looks for the topic.
 */
const PUBSUB = /^pubsub:\/\/[a-z][a-z0-9-]{4,28}[a-z0-9]:[A-Za-z][\w.~+%-]{2,254}$/;

/** What is wrong with a delivery address, in Shopify's words. EventBridge is not taken here. */
function addressErrors(uri: string): UserError[] {
  if (uri.trim() === "") return [addressError("Address can't be blank")];
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(uri)?.[1]?.toLowerCase();
  if (PUBSUB.test(uri)) return [];
  if (scheme === undefined) return [addressError("Address is invalid")];
  if (scheme !== "https") return [addressError(`Address protocol ${scheme}:// is not supported`)];
  if (!URL.canParse(uri)) return [addressError("Address is invalid")];
  return hostFault(new URL(uri).hostname) ? [addressError("Address cannot be a Shopify or an internal domain")] : [];
}

function nameErrors(name: string | null, others: readonly Subscription[]): UserError[] {
  if (name === null) return [];
  const field = ["webhookSubscription", "name"];
  const errors: UserError[] = [];
  if (name === "") errors.push({ field, message: "Name is too short (minimum is 1 character)" });
  if (name.length > 50) errors.push({ field, message: "Name is too long (maximum is 50 characters)" });
  if (!/^[A-Za-z0-9_-]+$/.test(name)) {
    // The doubled "Name name" is Shopify's.
    errors.push({
      field,
      message: "Name name field can only contain alphanumeric characters, underscores, and hyphens",
    });
  }
  if (others.some((other) => other.name?.toLowerCase() === name.toLowerCase())) {
    errors.push({ field, message: "Name already exists, no duplicate allowed" });
  }
  return errors;
}

/** Shopify wants `field:value` terms; free text is refused. A field that does not exist is taken, and then never matches. */
function filterErrors(filter: string | null): UserError[] {
  if (filter === null || filter === "" || filter.includes(":")) return [];
  const message = "The specified filter is invalid, please ensure you specify the field(s) you wish to filter on.";
  return [{ field: ["webhookSubscription"], message }];
}

export type Candidate = Omit<Subscription, "consecutiveFailures">;

/** All that Shopify has against `candidate` beside the app's `others`; none: it is taken. */
export function subscriptionErrors(candidate: Candidate, others: readonly Subscription[]): UserError[] {
  const errors = [
    ...addressErrors(candidate.uri),
    ...filterErrors(candidate.filter),
    ...nameErrors(candidate.name, others),
  ];
  const taken = others.some(
    (other) =>
      other.topic === candidate.topic &&
      other.uri === candidate.uri &&
      other.format === candidate.format &&
      (other.filter ?? "") === (candidate.filter ?? ""),
  );
  return taken ? [...errors, addressError("Address for this topic has already been taken")] : errors;
}

/** The candidate that `input` makes of `current`, or of nothing. */
export function withInput(current: Candidate, input: SubscriptionInput): Candidate {
  return {
    ...current,
    uri: input.uri ?? input.callbackUrl ?? current.uri,
    format: input.format ?? current.format,
    filter: input.filter === undefined ? current.filter : input.filter,
    includeFields: input.includeFields ?? current.includeFields,
    metafieldNamespaces: input.metafieldNamespaces ?? current.metafieldNamespaces,
    name: input.name === undefined ? current.name : input.name,
  };
}

/** The secret that signs this app's deliveries. */
export function signingSecret(app: App): string {
  const [oldest] = app.secrets;
  if (oldest === undefined) throw new Error(`app "${app.handle}" has no secret left; addSecret gives it one`);
  return oldest;
}
