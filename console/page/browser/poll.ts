import { SessionEnded } from "./ask";

/** Milliseconds between two looks while all is well. */
const PERIOD = 10_000;
/** The longest wait after failures. Milliseconds. */
const LONGEST = 300_000;

export type Connection = "live" | "reconnecting" | "ended";

/**
 * Looks again and again: not while the tab is hidden, at once when it is seen again or the network is back, and after a
 * failure each time twice as late, with a spread so that not all tabs come at once.
 */
export function poll(look: () => Promise<void>, report: (connection: Connection) => void): void {
  let failures = 0;
  let timer: number | undefined;
  let looking = false;
  const later = (): void => {
    const wait = Math.min(LONGEST, PERIOD * 2 ** failures) * (0.8 + 0.4 * Math.random());
    window.clearTimeout(timer);
    if (!document.hidden) timer = window.setTimeout(now, wait);
  };
  const now = (): void => {
    if (looking || document.hidden) return;
    looking = true;
    look()
      .then(() => {
        failures = 0;
        report("live");
      })
      .catch((error: unknown) => {
        failures += 1;
        report(error instanceof SessionEnded ? "ended" : "reconnecting");
      })
      .finally(() => {
        looking = false;
        later();
      });
  };
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) window.clearTimeout(timer);
    else now();
  });
  window.addEventListener("online", now);
  now();
}
