import type { ServerFacts } from "../../clients/server-facts";
import type { WebhookSubscription } from "../../clients/shopify-operations";
import { text, type Message, type Text } from "../../core/messages";
import { gradeOfDeprecations, type DeprecatedCall } from "../../core/deprecations";
import {
  ageOf,
  gradeOfDeliveries,
  gradeOfErrors,
  gradeOfRefused,
  gradeOfTokenAge,
  gradeOfWait,
  isRecent,
  mayBeOnItsWay,
  topicFaults,
  unserved,
} from "../../core/verdicts";
import { HEALTH_CHECKS, type HealthCheck, type HealthCheckName, type HealthState } from "../model";

/** What a look gave, or why it gave nothing. */
export type Seen<Value> = { readonly value: Value } | { readonly unknown: Text };

/** Of the connector's log, in 24 hours. */
export interface LogFigures {
  readonly succeeded: number;
  readonly failed: number;
  /** Of all time; null when nothing ever arrived. */
  readonly lastDeliveryAt: string | null;
}

/** All that health is judged by. */
export interface Observed {
  readonly now: Date;
  readonly server: Seen<ServerFacts>;
  readonly log: Seen<LogFigures>;
  readonly subscriptions: Seen<readonly WebhookSubscription[]>;
  /** When the newest order was placed that the feed has seen; undefined before the first. */
  readonly newestOrderAt: string | undefined;
  /** `X-Shopify-API-Version`; undefined where Shopify named none. */
  readonly version: Seen<string | undefined>;
  /** Undefined where Shopify does not tell this app. */
  readonly deprecated: Seen<readonly DeprecatedCall[] | undefined>;
  readonly wanted: { readonly topics: readonly string[]; readonly webhookUrl: string; readonly version: string };
  readonly token: { readonly kind: "token" | "client-credentials"; readonly since: string | undefined };
}

type Verdict = Pick<HealthCheck, "state" | "value" | "detail">;

const HOUR_MS = 60 * 60 * 1000;
/** A small shop may sell nothing for a day; three days are worth a look (milliseconds). */
const SILENT_WARN_MS = 72 * HOUR_MS;

const CHECKS: Readonly<Record<HealthCheckName, (observed: Observed) => Verdict>> = {
  "oldest-queued": (observed) => ofRecent(observed, "queues", oldestQueued),
  "error-rate": ({ log }) => of(log, errorRate),
  "last-delivery": (observed) => of(observed.log, ({ lastDeliveryAt }) => lastDelivery(lastDeliveryAt, observed)),
  deliveries: (observed) => ofRecent(observed, "deliveries", deliveries),
  workers: (observed) => ofRecent(observed, "queues", workers),
  subscriptions: ({ subscriptions, wanted }) => of(subscriptions, (all) => subscribed(all, wanted)),
  "token-age": tokenAge,
  "api-version": ({ version, wanted }) => of(version, (answered) => apiVersion(answered, wanted.version)),
  "api-deadlines": ({ deprecated, now }) => of(deprecated, (calls) => deadlines(calls, now)),
};

/** Every check in its sequence. */
export function judgeHealth(observed: Observed): readonly HealthCheck[] {
  return HEALTH_CHECKS.map((name) => ({ name, ...CHECKS[name](observed), asOf: observed.now.toISOString() }));
}

function verdict(state: HealthState, value: Text, detail: Message): Verdict {
  return { state, value, detail };
}

function unknown(why: Text): Verdict {
  return verdict("unknown", text("notKnown"), text("unknownBecause", { why }));
}

function of<Value>(seen: Seen<Value>, judge: (value: Value) => Verdict): Verdict {
  return "unknown" in seen ? unknown(seen.unknown) : judge(seen.value);
}

type Queues = NonNullable<ServerFacts["queues"]>;
type Deliveries = NonNullable<ServerFacts["deliveries"]>;

const LOOKED_AT = {
  queues: { never: text("server.noQueues"), last: (when: Message) => text("server.oldQueues", { ago: when }) },
  deliveries: {
    never: text("server.noDeliveries"),
    last: (when: Message) => text("server.oldDeliveries", { ago: when }),
  },
};

/** What the server finds out every minute, unless it has not for longer than that. */
function ofRecent<Name extends "queues" | "deliveries">(
  { server, now }: Observed,
  name: Name,
  judge: (facts: NonNullable<ServerFacts[Name]>) => Verdict,
): Verdict {
  return of(server, (all) => {
    const { [name]: facts, checkedAt } = all;
    if (facts === undefined || checkedAt === undefined) return unknown(LOOKED_AT[name].never);
    if (isRecent(checkedAt, now)) return judge(facts);
    return unknown(LOOKED_AT[name].last(ago(ageOf(checkedAt, now))));
  });
}

function deliveries({ waiting, oldestWaitingSeconds, parked, failed, paused }: Deliveries): Verdict {
  const refused = gradeOfRefused({ failed, parked });
  if (gradeOfDeliveries(oldestWaitingSeconds) === "bad") {
    const value = text("deliveries.waiting", { count: waiting, span: span((oldestWaitingSeconds ?? 0) * 1000) });
    return verdict(
      "bad",
      value,
      paused === null ? text("deliveries.stuck") : text("deliveries.paused", { work: paused }),
    );
  }
  if (refused === "bad")
    return verdict(refused, text("deliveries.failed", { count: failed }), text("deliveries.refused"));
  if (refused === "warning") {
    return verdict(refused, text("deliveries.parked", { count: parked }), text("deliveries.retried"));
  }
  return verdict("good", waiting === 0 ? text("health.none") : count(waiting), text("deliveries.good"));
}

function oldestQueued(queues: Queues): Verdict {
  const { oldestQueuedSeconds: oldest } = queues;
  if (oldest === null) return verdict("good", text("queue.nothing"), text("queue.empty"));
  const grade = gradeOfWait(queues);
  return verdict(grade, span(oldest * 1000), text(`queue.${grade}`));
}

function workers({ workers: live }: Queues): Verdict {
  const total = live.short + live.default + live.long;
  const queues = unserved(live);
  if (queues.length === 0) return verdict("good", count(total), text("workers.good"));
  return verdict("bad", count(total), total === 0 ? text("workers.none") : text("workers.unserved", { queues }));
}

function errorRate({ succeeded, failed }: LogFigures): Verdict {
  const all = succeeded + failed;
  if (all === 0) return verdict("good", text("health.none"), text("errors.nothing"));
  const value = text("health.perCent", { share: { amount: ((100 * failed) / all).toFixed(1) } });
  const grade = gradeOfErrors(succeeded, failed);
  if (failed === 0) return verdict(grade, value, text("errors.none", { all }));
  return verdict(grade, value, text(grade === "good" ? "errors.few" : "errors.many", { failed, all }));
}

/** Silence is right while the shop sells nothing: an order that nothing arrived of since is not. */
function lastDelivery(at: string | null, { newestOrderAt, now }: Observed): Verdict {
  const since = at === null ? -Infinity : Date.parse(at);
  const value = at === null ? text("health.never") : ago(ageOf(at, now));
  if (newestOrderAt !== undefined && Date.parse(newestOrderAt) > since && !mayBeOnItsWay(newestOrderAt, now)) {
    return verdict("bad", value, text("lastDelivery.silent", { ago: ago(ageOf(newestOrderAt, now)) }));
  }
  if (at === null) return verdict("warning", value, text("lastDelivery.never"));
  return ageOf(at, now) < SILENT_WARN_MS
    ? verdict("good", value, text("lastDelivery.good"))
    : verdict("warning", value, text("lastDelivery.old"));
}

function subscribed(all: readonly WebhookSubscription[], { topics, webhookUrl }: Observed["wanted"]): Verdict {
  const missing = topics.filter((topic) => topicFaults(topic, all, webhookUrl).length > 0);
  const value = text("health.ofAll", { count: topics.length - missing.length, all: topics.length });
  if (missing.length === 0) return verdict("good", value, text("subscriptions.good"));
  const state = missing.includes("ORDERS_CREATE") ? "bad" : "warning";
  return verdict(state, value, text("subscriptions.missing", { topics: missing }));
}

function tokenAge({ token, server, now, version }: Observed): Verdict {
  if (token.kind === "token" && "unknown" in version) return unknown(version.unknown);
  if (token.kind === "token") {
    if (token.since === undefined) return verdict("unknown", text("notKnown"), text("token.lastingUnknown"));
    return verdict("good", span(now.getTime() - Date.parse(token.since)), text("token.lasting"));
  }
  return of(server, ({ token: connector }) => {
    if (connector === undefined) return unknown(text("token.notRenewed"));
    const age = ageOf(connector.refreshedAt, now);
    const grade = gradeOfTokenAge(age);
    return verdict(grade, span(age), text(`token.${grade}`));
  });
}

function deadlines(calls: readonly DeprecatedCall[] | undefined, now: Date): Verdict {
  if (calls === undefined) return unknown(text("deadlines.notShown"));
  const { grade, saw } = gradeOfDeprecations(calls, now);
  const value = calls.length === 0 ? text("health.none") : count(calls.length);
  return verdict(grade, value, text(grade === "good" ? "deadlines.good" : "deadlines.near", { seen: saw }));
}

function apiVersion(answered: string | undefined, wanted: string): Verdict {
  if (answered === undefined) return unknown(text("version.notNamed"));
  if (answered === wanted) return verdict("good", answered, text("version.good"));
  return verdict("warning", answered, text("version.retired", { version: wanted }));
}

function count(of: number): Message {
  return text("health.count", { count: of });
}

/** A span of time as people say it. */
function span(ms: number): Message {
  const minutes = Math.floor(Math.max(0, ms) / 60_000);
  if (minutes < 1) return text("span.moment");
  if (minutes < 120) return text("span.minutes", { count: minutes });
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? text("span.hours", { count: hours }) : text("span.days", { count: Math.floor(hours / 24) });
}

function ago(ms: number): Message {
  return text("span.ago", { span: span(ms) });
}
