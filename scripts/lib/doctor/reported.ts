import type { ServerFacts } from "../../../clients/server-facts";
import { isRecent } from "../../../core/verdicts";
import type { Facts } from "./check";
import { unknown, type Finding } from "./finding";

export type Reported = Pick<Facts, "reported" | "now">;

export const NOT_REPORTED = "the server has not reported it yet";

/** Judges what the server finds out each minute, unless that is long ago: a watcher that has stopped leaves its last words behind. */
export function ofRecent<Name extends keyof ServerFacts>(
  { reported, now }: Reported,
  name: Name,
  judge: (facts: NonNullable<ServerFacts[Name]>) => Finding,
): Finding {
  const { [name]: facts, checkedAt } = reported;
  if (facts === undefined) return unknown(NOT_REPORTED);
  if (isRecent(checkedAt, now)) return judge(facts);
  return unknown(
    `the server last looked at itself ${checkedAt === undefined ? "at an unknown time" : `on ${checkedAt}`}`,
  );
}
