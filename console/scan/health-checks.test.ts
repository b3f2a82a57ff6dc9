import type { ServerFacts } from "../../clients/server-facts";
import type { WebhookSubscription } from "../../clients/shopify-operations";
import { ENGLISH } from "../../core/messages";
import { judgeHealth as textsOf, type Observed } from "./health-checks";

const NOW = new Date("2026-11-26T20:00:00Z");

/** The checks as an English page shows them. */
function judgeHealth(observed: Observed) {
  return textsOf(observed).map((check) => ({
    ...check,
    value: ENGLISH.write(check.value),
    detail: ENGLISH.write(check.detail),
  }));
}
const URL_OF_HOOK = "https://hook.acme.example/x";
const TOPICS = ["ORDERS_CREATE", "ORDERS_PAID"];

function before(minutes: number): string {
  return new Date(NOW.getTime() - minutes * 60_000).toISOString();
}

const NONE_WAITING = {
  ...{ waiting: 0, oldestWaitingSeconds: null, parked: 0, failed: 0 },
  ...{ forgedLastDay: 0, acceptedLastDay: 40, paused: null },
};

function facts(queues: Partial<NonNullable<ServerFacts["queues"]>> = {}, more: Partial<ServerFacts> = {}): ServerFacts {
  const each = { short: 1, default: 1, long: 1 };
  const idle = { workers: each, queued: each, oldestQueuedSeconds: null, failedJobs: 0 };
  return {
    checkedAt: before(1),
    queues: { ...idle, oldMigrationJobs: 0, oldMigrationsCured: 0, ...queues },
    deliveries: NONE_WAITING,
    ...more,
  };
}

function subscription(topic: string, more: Partial<WebhookSubscription> = {}): WebhookSubscription {
  return {
    id: "1",
    legacyResourceId: "1",
    topic,
    uri: URL_OF_HOOK,
    format: "JSON",
    filter: "",
    includeFields: [],
    ...more,
  };
}

const SOUND: Observed = {
  now: NOW,
  server: { value: facts() },
  log: { value: { succeeded: 40, failed: 0, lastDeliveryAt: before(3) } },
  subscriptions: { value: TOPICS.map((topic) => subscription(topic)) },
  version: { value: "2026-10" },
  deprecated: { value: [] },
  newestOrderAt: before(4),
  wanted: { topics: TOPICS, webhookUrl: URL_OF_HOOK, version: "2026-10" },
  token: { kind: "token", since: "2026-01-01" },
};

test("a sound shop, in the panel's sequence", () => {
  expect(judgeHealth(SOUND).map(({ name, state, value, asOf }) => [name, state, value, asOf])).toEqual([
    ["oldest-queued", "good", "nothing waits", "2026-11-26T20:00:00.000Z"],
    ["error-rate", "good", "0.0 %", "2026-11-26T20:00:00.000Z"],
    ["last-delivery", "good", "3 min ago", "2026-11-26T20:00:00.000Z"],
    ["deliveries", "good", "none", "2026-11-26T20:00:00.000Z"],
    ["workers", "good", "3", "2026-11-26T20:00:00.000Z"],
    ["subscriptions", "good", "2 of 2", "2026-11-26T20:00:00.000Z"],
    ["token-age", "good", "329 days", "2026-11-26T20:00:00.000Z"],
    ["api-version", "good", "2026-10", "2026-11-26T20:00:00.000Z"],
    ["api-deadlines", "good", "none", "2026-11-26T20:00:00.000Z"],
  ]);
});

const IN_SHORT = { short: 1, default: 0, long: 0 };
const server = (value: ServerFacts): Partial<Observed> => ({ server: { value } });
const delivered = (some: Partial<NonNullable<ServerFacts["deliveries"]>>): Partial<Observed> =>
  server(facts({}, { deliveries: { ...NONE_WAITING, ...some } }));
const logged = (succeeded: number, failed: number, lastDeliveryAt: string | null = before(3)): Partial<Observed> => ({
  log: { value: { succeeded, failed, lastDeliveryAt } },
});
/** Nothing arrived for so many minutes, because nothing was ordered. */
const quiet = (minutes: number): Partial<Observed> => ({
  ...logged(1, 0, before(minutes)),
  newestOrderAt: before(minutes + 1),
});
const subscribed = (...all: WebhookSubscription[]): Partial<Observed> => ({ subscriptions: { value: all } });
const granted = (refreshedAt?: string): Partial<Observed> => ({
  token: { kind: "client-credentials", since: undefined },
  server: { value: facts({}, refreshedAt === undefined ? {} : { token: { refreshedAt } }) },
});

test.each<[string, Partial<Observed>, string, string]>([
  ["oldest-queued", server(facts({ oldestQueuedSeconds: 299, queued: IN_SHORT })), "good", "4 min"],
  ["oldest-queued", server(facts({ oldestQueuedSeconds: 301, queued: IN_SHORT })), "warning", "5 min"],
  ["oldest-queued", server(facts({ oldestQueuedSeconds: 901, queued: IN_SHORT })), "bad", "15 min"],
  ["oldest-queued", { server: { unknown: "hook.acme.example does not answer" } }, "unknown", "not known"],
  ["oldest-queued", server({}), "unknown", "not known"],
  ["oldest-queued", server(facts({}, { checkedAt: before(16) })), "unknown", "not known"],
  ["deliveries", delivered({ waiting: 3, oldestWaitingSeconds: 900 }), "good", "3"],
  ["deliveries", delivered({ waiting: 3, oldestWaitingSeconds: 901 }), "bad", "3, the oldest for 15 min"],
  ["deliveries", delivered({ waiting: 3, oldestWaitingSeconds: 30, failed: 1, parked: 2 }), "bad", "1 failed"],
  ["deliveries", delivered({ parked: 2 }), "warning", "2 refused"],
  ["deliveries", server({ checkedAt: before(1) }), "unknown", "not known"],
  ["deliveries", server(facts({}, { checkedAt: before(16) })), "unknown", "not known"],
  ["workers", server(facts({ workers: { short: 0, default: 1, long: 1 } })), "bad", "2"],
  ["workers", server(facts({ workers: { short: 0, default: 0, long: 0 } })), "bad", "0"],
  ["error-rate", logged(0, 0), "good", "none"],
  ["error-rate", logged(96, 4), "good", "4.0 %"],
  ["error-rate", logged(95, 5), "warning", "5.0 %"],
  ["error-rate", logged(3, 1), "warning", "25.0 %"],
  ["error-rate", logged(5, 5), "bad", "50.0 %"],
  ["last-delivery", { ...logged(1, 0, null), newestOrderAt: undefined }, "warning", "never"],
  ["last-delivery", { ...logged(1, 0, null), newestOrderAt: before(16) }, "bad", "never"],
  ["last-delivery", { ...logged(1, 0, null), newestOrderAt: before(14) }, "warning", "never"],
  ["last-delivery", quiet(71 * 60 + 59), "good", "2 days ago"],
  ["last-delivery", quiet(72 * 60), "warning", "3 days ago"],
  ["last-delivery", { ...logged(1, 0, before(60)), newestOrderAt: before(20) }, "bad", "60 min ago"],
  ["last-delivery", { log: { unknown: "erp.acme.example does not answer" } }, "unknown", "not known"],
  ["subscriptions", subscribed(), "bad", "0 of 2"],
  ["subscriptions", subscribed(subscription("ORDERS_CREATE")), "warning", "1 of 2"],
  ["subscriptions", subscribed(subscription("ORDERS_PAID")), "bad", "1 of 2"],
  ["subscriptions", subscribed(subscription("ORDERS_CREATE", { uri: "https://old.example" })), "bad", "0 of 2"],
  ["subscriptions", subscribed(subscription("ORDERS_CREATE", { filter: "a:1" })), "bad", "0 of 2"],
  ["subscriptions", subscribed(subscription("ORDERS_CREATE", { format: "XML" })), "bad", "0 of 2"],
  ["subscriptions", subscribed(subscription("ORDERS_CREATE", { includeFields: ["id"] })), "bad", "0 of 2"],
  [
    "subscriptions",
    subscribed(...TOPICS.map((topic) => subscription(topic)), subscription("ORDERS_CREATE", { includeFields: ["id"] })),
    "bad",
    "1 of 2",
  ],
  [
    "oldest-queued",
    server(facts({ oldestQueuedSeconds: 1_800, queued: IN_SHORT, waits: { short: 901, default: null, long: 1_800 } })),
    "bad",
    "30 min",
  ],
  ["token-age", { token: { kind: "token", since: undefined } }, "unknown", "not known"],
  ["token-age", granted(before(60)), "good", "60 min"],
  ["token-age", granted(before(17 * 60)), "warning", "17 h"],
  ["token-age", { version: { unknown: "Shopify refused the token" } }, "unknown", "not known"],
  ["token-age", granted(before(25 * 60)), "bad", "25 h"],
  ["token-age", granted(), "unknown", "not known"],
  ["api-version", { version: { value: "2027-01" } }, "warning", "2027-01"],
  ["api-version", { version: { value: undefined } }, "unknown", "not known"],
  ["api-deadlines", { deprecated: { value: undefined } }, "unknown", "not known"],
  [
    "api-deadlines",
    { deprecated: { value: [{ what: "Product", version: "2024-01", description: "Gone.", deadline: "2026-12-31" }] } },
    "warning",
    "1",
  ],
])("%s of %j is %s", (...[name, more, state, value]) => {
  const found = judgeHealth({ ...SOUND, ...more }).find((check) => check.name === name);
  expect([found?.state, found?.value]).toEqual([state, value]);
});

test("what is not known says why, in a sentence", () => {
  const [first] = judgeHealth({ ...SOUND, server: { unknown: "hook.acme.example does not answer" } });
  expect(first?.detail).toBe("Unknown: hook.acme.example does not answer.");
});
