import { constants } from "node:os";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Lets a signal end this process the orderly way, so that what is registered for its end runs: programs it has started are stopped,
 * half-made files removed. Returns a function that gives the signals back.
 */
export function exitOnSignal(): () => void {
  const listeners = SIGNALS.map((signal) => {
    const listener = (): void => {
      process.exit(128 + constants.signals[signal]);
    };
    process.on(signal, listener);
    return { signal, listener };
  });
  return () => {
    for (const { signal, listener } of listeners) {
      process.removeListener(signal, listener);
    }
  };
}
