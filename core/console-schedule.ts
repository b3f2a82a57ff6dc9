/** How often the Sync Console's Worker is woken, as Cloudflare takes it: each minute. A scan goes on where the step before ended. */
export const CONSOLE_SCHEDULE = "* * * * *";

/** The same in milliseconds. */
export const CONSOLE_EVERY_MS = 60_000;
