import { CONNECTOR_TOPICS, subscribedTopics } from "../../../core/connector";
import { deliveryAddress } from "../../../components/shared/delivery-queue";
import { topicFaults } from "../../../core/verdicts";
import { check, type Facts } from "./check";
import { bad, ok, quoted, skipped, unknown, type Finding } from "./finding";

type Known = Pick<Facts, "subscriptions" | "customer">;

const NOT_ALL = "the app has more than 250 subscriptions, of which the first were looked at";

/** Every wanted topic: one subscription to this address, in JSON, with nothing left out. */
export function judgeSubscriptions({ subscriptions, customer, outputs }: Known & Pick<Facts, "outputs">): Finding {
  if (outputs.webhookUrl === undefined && subscriptions.all.length === 0) {
    return skipped("the stack has not created its subscriptions yet");
  }
  const address = deliveryAddress(customer);
  const wanted = subscribedTopics(customer);
  const faults = wanted.flatMap((topic) => topicFaults(topic, subscriptions.all, address));
  if (faults.length === 0) return ok(`${wanted.length} topics come to ${address}`);
  if (!subscriptions.isWhole) faults.push(NOT_ALL);
  const up = `run "pulumi refresh -s ${customer.slug}" and "pulumi up -s ${customer.slug}", which make what is missing`;
  return bad(faults.join("; "), `${up}; then "./stack heal ${customer.slug}" for the orders meanwhile`);
}

/** What else comes to the connector's door: it knows five topics, two more where our app is, and answers any other with 500. */
export function judgeForeign({ subscriptions, customer }: Known): Finding {
  const known = new Set<string>([...CONNECTOR_TOPICS, ...subscribedTopics(customer)]);
  const foreign = subscriptions.all.filter(({ uri, topic }) => isHost(uri, customer.hosts.hook) && !known.has(topic));
  if (foreign.length === 0 && !subscriptions.isWhole) return unknown(NOT_ALL);
  if (foreign.length === 0) return ok("the connector knows every topic that is subscribed here");
  return bad(
    `${foreign.map(({ topic, legacyResourceId }) => `${topic} (${legacyResourceId})`).join(", ")} comes to this door`,
    "delete it in the app that made it: every delivery of it ends in a 500",
  );
}

function isHost(uri: string, host: string): boolean {
  return URL.canParse(uri) && new URL(uri).host === host;
}

/** The connector's own table must hold the very subscriptions, or it makes its own. */
export function judgeTable(facts: Known & Pick<Facts, "setting">): Finding {
  const { subscriptions, customer, setting } = facts;
  const address = deliveryAddress(customer);
  const there = subscriptions.all.filter(({ uri }) => uri === address).map(({ legacyResourceId }) => legacyResourceId);
  const rows = (Array.isArray(setting["webhooks"]) ? setting["webhooks"] : []) as { webhook_id?: unknown }[];
  const listed = rows.map(({ webhook_id: id }) => String(id));
  const next = `run "pulumi up -s ${customer.slug}", which fills the table`;
  if (listed.length === 0) return bad("the table is empty", next);
  const dead = listed.filter((id) => !there.includes(id));
  const unlisted = there.filter((id) => !listed.includes(id));
  const faults = [
    ...(dead.length === 0 ? [] : [`Shopify does not know ${quoted(dead)} of the table`]),
    ...(unlisted.length === 0 ? [] : [`the table lacks ${quoted(unlisted)}`]),
  ];
  return faults.length === 0
    ? ok(`${listed.length} rows, each a subscription at Shopify`)
    : bad(faults.join("; "), next);
}

export const SUBSCRIPTION_CHECKS = [
  check({
    id: "subscriptions",
    group: "Shopify",
    title: "every topic is subscribed to this door",
    looksAt: "the app's webhook subscriptions",
    why: "Shopify deletes a subscription after eight failed deliveries, and from then on no order arrives.",
    from: ["subscriptions", "customer", "outputs"],
    judge: judgeSubscriptions,
  }),
  check({
    id: "foreign-subscriptions",
    group: "Shopify",
    title: "nothing else is subscribed to this door",
    looksAt: "the app's webhook subscriptions to the hook host",
    why: "A topic outside the connector's five ends in a 500 there, again and again.",
    from: ["subscriptions", "customer"],
    judge: judgeForeign,
  }),
  check({
    id: "webhooks-table",
    group: "ERPNext",
    title: "the connector's table holds these subscriptions",
    looksAt: "table webhooks of Shopify Setting beside Shopify's subscriptions",
    why: "With an empty table the connector deletes the managed subscriptions and registers its own, with another host.",
    from: ["subscriptions", "customer", "setting"],
    judge: judgeTable,
  }),
];
