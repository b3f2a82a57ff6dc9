import { isGatewayFailure } from "../../../clients/http";
import { CONSOLE_EVERY_MS } from "../../../core/console-schedule";
import { consoleName } from "../../../core/names";
import { CATALOGUES } from "../../../core/messages";
import { LIMITS } from "../../../console/sides/budget";
import { loginOf } from "./access-login";
import { check, type Facts } from "./check";
import type { ConsoleAnswer, ConsoleScans } from "./console-facts";
import { bad, ok, skipped, warn, type Finding } from "./finding";

const MINUTE_MS = 60_000;

/** Runs of the schedule that may be missed: Cloudflare starts some of them late, and one may take two minutes. */
const RUNS_MISSED = 10;

/** Scans of what changed that may be missed before it shows, and before it is wrong: a quarter of an hour, and an hour. */
const SCANS_LATE = 3;
const SCANS_LOST = 12;

/** Cloudflare's codes of a Worker that failed begin so (1101: it threw, 1102: it took too long). */
const WORKER_FAILED = "110";

type Customer = Facts["customer"];
type Answered = ConsoleAnswer & { readonly kind: "answered" };

export function judgeConsoleClosed({ consoleWithout, customer }: Pick<Facts, "consoleWithout" | "customer">): Finding {
  const { hosts, slug } = customer;
  if (consoleWithout.kind === "answered") return judgeAnswer(consoleWithout, customer);
  return bad(`${hosts.console} has no address: the Worker's custom domain is gone`, madeAgain(slug));
}

/** What the Worker answers itself to someone whom Access has not let in, in any company's language. */
const OWN_REFUSALS = new Set(Object.values(CATALOGUES).map((catalogue) => catalogue["refusal.refused"]));

/** Access answers before the Worker does; so whatever comes from the Worker says that nothing stands in front of it. */
function judgeAnswer(answer: Answered, customer: Customer): Finding {
  const { status, text } = answer;
  const { hosts, slug } = customer;
  const login = loginOf(answer);
  if (login !== undefined) return ok(`HTTP ${status} to the login at ${login}`);
  if (status >= 200 && status < 300) {
    return bad(
      `${hosts.console} answers HTTP ${status} to someone who is not signed in: it is open to everyone`,
      `take the custom domain off the Worker "${consoleName(slug)}" in Cloudflare at once, then ${madeAgain(slug)}`,
    );
  }
  if (OWN_REFUSALS.has(text.trim())) {
    return bad(
      `the Worker itself refuses (HTTP ${status}): no Access application stands before ${hosts.console}, so no one can sign in`,
      madeAgain(slug),
    );
  }
  return judgeStranger(answer, customer);
}

/** Neither the login nor the console's own words. */
function judgeStranger({ status, location, text }: Answered, { hosts, slug }: Customer): Finding {
  const [words, code = ""] = /error (?:code: )?(\d{4})\b/i.exec(text) ?? [];
  const elsewhere = location?.split("?")[0];
  const saw = [`HTTP ${status}`, elsewhere, words].filter((part) => part !== undefined).join(", ");
  if (code.startsWith(WORKER_FAILED)) {
    return bad(
      `the Worker fails (${saw}), and no Access application stands before it`,
      `${madeAgain(slug)}; why it fails is in its logs in Cloudflare`,
    );
  }
  if (isGatewayFailure(status)) return bad(`no Worker answers at ${hosts.console} (${saw})`, madeAgain(slug));
  if (status !== 401 && status !== 403) {
    return bad(`something else answers at ${hosts.console}: ${saw}`, madeAgain(slug));
  }
  return warn(
    `${saw}, which is neither the login of Access nor the Worker's word`,
    `see whether a person can sign in at ${hosts.console}; if not, look at the Access policies and the zone's firewall rules`,
  );
}

function madeAgain(slug: string): string {
  return `run "pulumi refresh -s ${slug}" and "pulumi up -s ${slug}", which put it back`;
}

type Scans = Pick<Facts, "consoleScans" | "customer" | "now">;

export function judgeConsoleScans({ consoleScans, customer, now }: Scans): Finding {
  const { madeAt, ranAt } = consoleScans;
  const age = (time: string | undefined): number =>
    time === undefined ? Infinity : Math.max(0, now.getTime() - Date.parse(time));
  const silence = age(ranAt ?? madeAt);
  const patience = RUNS_MISSED * CONSOLE_EVERY_MS;
  const next = `look at the Worker "${consoleName(customer.slug)}" in Cloudflare: its cron trigger, its logs; "pulumi refresh" and "pulumi up" put back what was changed`;
  if (silence > patience) {
    const ran = ranAt === undefined ? "has never run" : `last ran ${ago(silence)}`;
    return bad(`its schedule ${ran}; it should every ${CONSOLE_EVERY_MS / 1000} s`, next);
  }
  if (ranAt === undefined) return skipped("the console's schedule has not run yet: it is new");
  return judgeProgress(consoleScans, { age: age(consoleScans.readUntil), isNew: age(madeAt) <= patience });
}

/** The schedule runs; now whether what it does comes to an end. */
function judgeProgress(
  { readUntil, building, trouble }: ConsoleScans,
  { age, isNew }: { readonly age: number; readonly isNew: boolean },
): Finding {
  const error = trouble === undefined ? "" : `; failures in a row: ${trouble.failures}, the last one "${trouble.why}"`;
  const next =
    trouble === undefined
      ? "look at the Worker's logs in Cloudflare, which name why a scan does not end"
      : "fix what it says: the side that it names does not answer the console";
  if (readUntil === undefined) {
    const first =
      building === undefined ? "no scan has begun yet" : `the first scan is under way: ${progress(building)}`;
    const isWell = trouble === undefined && (building !== undefined || isNew);
    return isWell ? ok(first) : warn(`${first}${error}`, next);
  }
  const saw = `both sides were last compared ${ago(age)}${error}`;
  if (age > SCANS_LOST * LIMITS.recentEveryMs) return bad(saw, next);
  return age > SCANS_LATE * LIMITS.recentEveryMs ? warn(saw, next) : ok(saw);
}

function progress({ ordersDone, ordersTotal }: NonNullable<ConsoleScans["building"]>): string {
  return ordersTotal === null ? `${ordersDone} orders` : `${ordersDone} of ${ordersTotal} orders`;
}

function ago(ms: number): string {
  const minutes = Math.floor(ms / MINUTE_MS);
  return minutes < 120 ? `${minutes} minutes ago` : `${Math.floor(minutes / 60)} hours ago`;
}

export const CONSOLE_CHECKS = [
  check({
    id: "console-closed",
    group: "console",
    title: "the Sync Console is closed to strangers",
    looksAt: "the console's host, without a login",
    why: "Without Cloudflare Access in front, no one can sign in, and the Worker's own check is all that stands before the orders.",
    from: ["consoleWithout", "customer"],
    judge: judgeConsoleClosed,
  }),
  check({
    id: "console-scans",
    group: "console",
    title: "the Sync Console's scans are fresh",
    looksAt: "what the console's database says of its schedule and its scans, read past the Worker",
    why: "A console that has stopped looking shows yesterday's coverage, and no one notices an order that is missing since.",
    from: ["consoleScans", "customer", "now"],
    judge: judgeConsoleScans,
  }),
];
