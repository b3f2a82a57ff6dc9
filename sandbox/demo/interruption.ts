const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Aborted by Ctrl-C, and by what else asks a process to end. The listeners stay: npm and tsx hand a terminal's Ctrl-C on to the process
 * that has had it from the terminal already, and a second one without a listener ends the process where it stands.
 */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      controller.abort();
    });
  }
  return controller.signal;
}
