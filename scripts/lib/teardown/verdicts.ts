import type { Look, Place } from "./look";

/** One line of the report; a line without a sign belongs to the one above it. */
export interface VerdictLine {
  readonly sign?: "ok" | "bad" | "warn";
  readonly line: string;
}

/** What the looks came to, place by place: nothing left, what is left, what stays on purpose, what could not be looked at. */
export function verdictLines(looks: readonly Look[]): VerdictLine[] {
  return [...new Set(looks.map(({ place }) => place))].flatMap((place) =>
    ofPlace(
      place,
      looks.filter((look) => look.place === place),
    ),
  );
}

function ofPlace(place: Place, looks: readonly Look[]): VerdictLine[] {
  const seen = looks.filter(({ found }) => found !== undefined);
  const left = seen.filter(({ found = [] }) => found.length > 0);
  const lines: VerdictLine[] = left.map(({ what, found = [] }) => ({
    sign: "bad",
    line: `${place}: left: ${what}: ${found.join(", ")}`,
  }));
  if (seen.length > 0 && left.length === 0) {
    const subject = seen.length === looks.length ? "" : `${seen.length} of ${looks.length} kinds `;
    lines.push({ sign: "ok", line: `${place}: ${subject}looked at: nothing left${butKept(seen)}` });
  }
  seen.forEach(({ what, kept }) => {
    if (kept.length > 0) lines.push({ sign: "warn", line: `${place}: kept on purpose: ${what}: ${kept.join(", ")}` });
  });
  return [...lines, ...unseenLines(place, looks)];
}

function butKept(seen: readonly Look[]): string {
  return seen.some(({ kept }) => kept.length > 0) ? " but what is kept on purpose" : "";
}

/** One line for each reason, then what an operator does about each kind. */
function unseenLines(place: Place, looks: readonly Look[]): VerdictLine[] {
  const unseen = looks.filter(({ found }) => found === undefined);
  return [...new Set(unseen.map(({ because }) => because))].flatMap((because) => [
    { sign: "warn" as const, line: `${place}: could not be looked at: ${because ?? "no reason given"}` },
    ...unseen
      .filter((look) => look.because === because)
      .map(({ what, how, provenAt }) => ({
        line: `    ${what}: ${provenAt === undefined ? (how ?? "look there by hand") : `nothing was left on ${provenAt}, says the receipt of that time`}`,
      })),
  ]);
}
