import type { ServerFacts } from "../../clients/server-facts";
import type { WebhookSubscription } from "../../clients/shopify-operations";
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
  type Grade,
} from "../../core/verdicts";
import { HEALTH_CHECKS, type HealthCheck, type HealthCheckName, type HealthState } from "../model";

/** What a look gave, or why it gave nothing. */
export type Seen<Value> = { readonly value: Value } | { readonly unknown: string };

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

function verdict(state: HealthState, value: string, detail: string): Verdict {
  return { state, value, detail };
}

function unknown(reason: string): Verdict {
  return verdict("unknown", "not known", `Unknown: ${reason}.`);
}

function of<Value>(seen: Seen<Value>, judge: (value: Value) => Verdict): Verdict {
  return "unknown" in seen ? unknown(seen.unknown) : judge(seen.value);
}

type Queues = NonNullable<ServerFacts["queues"]>;
type Deliveries = NonNullable<ServerFacts["deliveries"]>;

/** What the server finds out every minute, unless it has not for longer than that. */
function ofRecent<Name extends "queues" | "deliveries">(
  { server, now }: Observed,
  name: Name,
  judge: (facts: NonNullable<ServerFacts[Name]>) => Verdict,
): Verdict {
  return of(server, (all) => {
    const { [name]: facts, checkedAt } = all;
    if (facts === undefined || checkedAt === undefined) return unknown(`the server has not looked at its ${name} yet`);
    if (isRecent(checkedAt, now)) return judge(facts);
    return unknown(`the server looked at its ${name} last ${ago(ageOf(checkedAt, now))} ago`);
  });
}

function deliveries({ waiting, oldestWaitingSeconds, parked, failed, paused }: Deliveries): Verdict {
  const oldest = oldestWaitingSeconds ?? 0;
  const refused = gradeOfRefused({ failed, parked });
  if (gradeOfDeliveries(oldestWaitingSeconds) === "bad") {
    const why = paused === null ? "" : ` while there is a ${paused}`;
    return verdict(
      "bad",
      `${waiting}, the oldest for ${ago(oldest * 1000)}`,
      `Deliveries are kept and do not reach ERPNext${why}: see why it does not take them.`,
    );
  }
  if (refused === "bad")
    return verdict(
      refused,
      `${failed} failed`,
      "ERPNext refused them for good: correct what it names, then have them delivered again.",
    );
  if (refused === "warning")
    return verdict(refused, `${parked} refused`, "ERPNext refused them; they are delivered again by themselves.");
  return verdict("good", waiting === 0 ? "none" : String(waiting), "ERPNext takes every delivery as it comes.");
}

const WAITING: Readonly<Record<Grade, string>> = {
  good: "Deliveries are worked off as they come.",
  warning: "Deliveries wait longer than usual: look again in a few minutes.",
  bad: "The queue does not move: see whether the workers live, and what the oldest job is.",
};

function oldestQueued(queues: Queues): Verdict {
  const { oldestQueuedSeconds: oldest } = queues;
  if (oldest === null) return verdict("good", "nothing waits", "Every delivery has been worked off.");
  const grade = gradeOfWait(queues);
  return verdict(grade, ago(oldest * 1000), WAITING[grade]);
}

function workers({ workers: live }: Queues): Verdict {
  const total = live.short + live.default + live.long;
  const alone = unserved(live);
  if (alone.length === 0) return verdict("good", String(total), "A worker serves every queue.");
  const whom = total === 0 ? "No worker lives" : `No worker serves ${alone.join(", ")}`;
  return verdict(
    "bad",
    String(total),
    `${whom}: orders are accepted and not worked on until the server starts it again.`,
  );
}

function errorRate({ succeeded, failed }: LogFigures): Verdict {
  const all = succeeded + failed;
  if (all === 0) return verdict("good", "none", "Nothing was worked on in the last 24 hours.");
  const share = failed / all;
  const value = `${(share * 100).toFixed(1)} %`;
  const saw = `${failed} of ${all} failed in the last 24 hours`;
  const grade = gradeOfErrors(succeeded, failed);
  if (failed === 0) return verdict(grade, value, `All ${all} of the last 24 hours succeeded.`);
  if (grade === "good") return verdict(grade, value, `${saw}, as a few do: the list below says why.`);
  const next = "fix what the list below names, then have the orders delivered again";
  return verdict(grade, value, `${saw}: ${next}.`);
}

/** Silence is right while the shop sells nothing: an order that nothing arrived of since is not. */
function lastDelivery(at: string | null, { newestOrderAt, now }: Observed): Verdict {
  const since = at === null ? -Infinity : Date.parse(at);
  if (newestOrderAt !== undefined && Date.parse(newestOrderAt) > since && !mayBeOnItsWay(newestOrderAt, now)) {
    const ordered = `${ago(ageOf(newestOrderAt, now))} ago`;
    return verdict(
      "bad",
      at === null ? "never" : `${ago(ageOf(at, now))} ago`,
      `An order was placed ${ordered}, and nothing arrived since: look at the subscriptions, the hook host and the secret.`,
    );
  }
  if (at === null) {
    return verdict(
      "warning",
      "never",
      "Nothing ever arrived: place an order, and look at the secret if it does not come.",
    );
  }
  const age = Math.max(0, now.getTime() - Date.parse(at));
  const value = `${ago(age)} ago`;
  if (age < SILENT_WARN_MS) return verdict("good", value, "Shopify's deliveries arrive.");
  return verdict("warning", value, "Nothing arrived for days: compare with the shop's newest order in the feed.");
}

function subscribed(all: readonly WebhookSubscription[], { topics, webhookUrl }: Observed["wanted"]): Verdict {
  const missing = topics.filter((topic) => topicFaults(topic, all, webhookUrl).length > 0);
  const value = `${topics.length - missing.length} of ${topics.length}`;
  if (missing.length === 0) return verdict("good", value, "Shopify announces every change to this server.");
  const state = missing.includes("ORDERS_CREATE") ? "bad" : "warning";
  return verdict(
    state,
    value,
    `Shopify does not announce ${missing.join(", ")} here: have the subscriptions made again.`,
  );
}

const RENEWED: Readonly<Record<Grade, string>> = {
  good: "The server renews the connector's token in time.",
  warning: "The connector's token ends within hours: see why the server does not renew it.",
  bad: "The connector's token has ended: it can ask Shopify for nothing until it is renewed.",
};

function tokenAge({ token, server, now, version }: Observed): Verdict {
  if (token.kind === "token" && "unknown" in version) return unknown(version.unknown);
  if (token.kind === "token") {
    const detail = "A custom app's token lasts until the app is uninstalled.";
    if (token.since === undefined)
      return verdict("unknown", "not known", `The time of its creation was not recorded. ${detail}`);
    return verdict("good", ago(now.getTime() - Date.parse(token.since)), detail);
  }
  return of(server, ({ token: connector }) => {
    if (connector === undefined) return unknown("the server has not renewed the connector's token yet");
    const age = ageOf(connector.refreshedAt, now);
    const grade = gradeOfTokenAge(age);
    return verdict(grade, ago(age), RENEWED[grade]);
  });
}

function deadlines(calls: readonly DeprecatedCall[] | undefined, now: Date): Verdict {
  if (calls === undefined) return unknown("Shopify does not show this app its deprecated calls");
  const { grade, saw } = gradeOfDeprecations(calls, now);
  const next = grade === "good" ? "." : ": have the connector updated.";
  return verdict(
    grade,
    calls.length === 0 ? "none" : String(calls.length),
    `${saw.charAt(0).toUpperCase()}${saw.slice(1)}${next}`,
  );
}

function apiVersion(answered: string | undefined, wanted: string): Verdict {
  if (answered === undefined) return unknown("Shopify named no version");
  if (answered === wanted) return verdict("good", answered, "Shopify answers in the version that is asked for.");
  return verdict("warning", answered, `Version ${wanted} was asked for and is retired: have the project updated.`);
}

/** A span of time as people say it. */
function ago(ms: number): string {
  const minutes = Math.floor(Math.max(0, ms) / 60_000);
  if (minutes < 1) return "less than 1 min";
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`;
}
