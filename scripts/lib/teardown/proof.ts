import type { Look } from "./look";
import type { EarlierReceipt } from "./earlier-receipts";

/**
 * Lets an earlier receipt stand for what cannot be looked at now: an app's token goes with its stack. A receipt counts up to the
 * last teardown that had a stack to end, since whatever that one deleted may have been made after an older receipt.
 * @param receipts the newest first
 */
export function standOn(looks: readonly Look[], receipts: readonly EarlierReceipt[]): Look[] {
  const withStack = receipts.findIndex(({ stackWasThere }) => stackWasThere);
  const valid = withStack === -1 ? [] : receipts.slice(0, withStack + 1);
  return looks.map((look) => {
    if (look.found !== undefined) return look;
    const seen = valid.flatMap(({ startedAt, looks: earlier }) =>
      earlier
        .filter(({ place, what, found }) => place === look.place && what === look.what && found !== undefined)
        .map(({ found = [] }) => ({ startedAt, found })),
    )[0];
    return seen?.found.length === 0 ? { ...look, provenAt: seen.startedAt } : look;
  });
}

/**
 * Whether nothing is left but what stays on purpose: every question was looked at, or an earlier receipt stands for it. Receipts
 * alone prove nothing: one of them is true still only if something could be looked at now that does not speak against it.
 */
export function provesAbsence(looks: readonly Look[]): boolean {
  const seen = looks.filter(({ found }) => found !== undefined);
  return seen.length > 0 && looks.every(({ found, provenAt }) => found?.length === 0 || provenAt !== undefined);
}
