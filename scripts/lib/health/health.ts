import { redact } from "../../../core/secrets";
import type { Terminal } from "../cli/terminal";
import type { Examination } from "../doctor/examine";
import { summary } from "../doctor/report";
import { code, count, inline } from "../fleet/markdown";
import { fingerprintOf, markerOf, type Finding, type IssueReport } from "../github/issues";

/** By this label the issues are found. */
export const HEALTH_LABEL = "health";

/** What doctor saw of one customer. */
export interface Health {
  readonly customer: string;
  readonly checks: readonly Examination[];
}

/** What people have to do something about: what is wrong, and what works today and will not for long. */
export function illnesses({ checks }: Health): readonly Examination[] {
  return checks.filter(({ state }) => state === "bad" || state === "warn");
}

/** What could not be looked at, and is never taken for well. */
function unseen({ checks }: Health): readonly Examination[] {
  return checks.filter(({ state }) => state === "unknown");
}

/** Whether nothing is wrong with a customer, as far as it could be looked at, and it could. */
export function isHealthy(health: Health): boolean {
  return health.checks.every(({ state }) => state !== "bad" && state !== "unknown");
}

/** One issue for each customer with a problem. It is closed once every check could run and found no problem. */
export function healthIssues(seen: readonly Health[], known: readonly string[], commit: string): IssueReport {
  const cureOf = (subject: string): string | undefined => {
    const health = seen.find(({ customer }) => customer === subject);
    if (health === undefined) {
      return known.includes(subject) ? undefined : `There is no customer ${code(subject)} any more.`;
    }
    return unseen(health).length > 0 ? undefined : `Cured: doctor finds nothing wrong with ${code(subject)} any more.`;
  };
  return { label: HEALTH_LABEL, findings: seen.flatMap((health) => findingOf(health, commit)), cureOf };
}

function findingOf(health: Health, commit: string): readonly Finding[] {
  const ill = illnesses(health);
  if (ill.length === 0) return [];
  const subject = health.customer;
  // What was seen holds ages and counts, which are others every night.
  const fingerprint = fingerprintOf(ill.map(({ id, state }) => [id, state]));
  const lines = [
    markerOf(HEALTH_LABEL, { subject, fingerprint }),
    `${code(`./stack doctor ${subject}`)} finds ${summary(health.checks)}.`,
    "",
    ...ill.map(({ id, title, state, saw, next }) =>
      [
        `- ${state === "bad" ? "**wrong**" : "worth a look"} ${code(id)} ${inline(title)}: ${inline(saw)}.`,
        ...(next === undefined ? [] : [`  To do: ${inline(next)}.`]),
      ].join("\n"),
    ),
    ...unseen(health).map(({ id, saw }) => `- could not be looked at: ${code(id)}: ${inline(saw)}.`),
    "",
    `<sub>Seen at commit ${code(commit.slice(0, 12))}. This issue is closed by itself once nothing is wrong any more.</sub>`,
  ];
  const news = `It is something else now: ${ill.map(({ id }) => code(id)).join(", ")}.`;
  const title = `Health: ${subject} has ${count(ill.length, "fault")}`;
  return [{ subject, fingerprint, title: redact(title), body: redact(lines.join("\n")), news: redact(news) }];
}

/** A line a customer, with what is not well below it. */
export function printHealth(seen: readonly Health[], terminal: Terminal): void {
  for (const health of seen) {
    terminal.verdict(isHealthy(health) ? "ok" : "bad", `${health.customer}: ${summary(health.checks)}`);
    for (const { id, state, saw, next } of [...illnesses(health), ...unseen(health)]) {
      terminal.print(`    ${state} ${id}: ${saw}${next === undefined ? "" : `; ${next}`}`);
    }
  }
}

/** What a run says of the whole fleet, in its summary. */
export function healthSummary(seen: readonly Health[]): string {
  const lines = seen.map((health) => `- ${code(health.customer)}: ${summary(health.checks)}`);
  return redact(["## Health", "", ...lines].join("\n"));
}
