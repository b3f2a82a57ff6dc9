import { UserError } from "../../../core/user-error";

/** A puller that was killed has its messages for 90 s, and Pub/Sub gives again what was given back after 60 s at most (seconds). */
const QUIET_SECONDS = 110;

/**
 * How long nothing has come when nothing is left (milliseconds); tests have a shorter time.
 * @throws UserError for a number that would end the drain early or never
 */
export function quietMs(given: string | undefined): number {
  const seconds = Number(given ?? QUIET_SECONDS);
  if (seconds > 0 && seconds <= 600) return seconds * 1000;
  throw new UserError({
    what: `the environment variable ERPNEXT_DRAIN_QUIET_SECONDS is "${given ?? ""}", and not a number of seconds from 1 to 600`,
    next: `run "unset ERPNEXT_DRAIN_QUIET_SECONDS": ${QUIET_SECONDS} s hold without it`,
  });
}
