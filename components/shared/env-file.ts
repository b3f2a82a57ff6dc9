import { UserError } from "../../core/user-error";

const KEY = /^[A-Z][A-Z0-9_]*$/;

/** Control characters: a line break would start another variable, and NUL ends the file for some readers. */
const CONTROL = /\p{Cc}/u;

/**
 * Characters with no spelling that all three readers of the file share: systemd's EnvironmentFile and the shell take a
 * backslash before them, Compose keeps that backslash as text.
 */
const REFUSED = /[\\`]/;

/**
 * The text of `.env`, one KEY="value" a line, sorted by key so that equal settings give equal text. Double quotes and
 * dollars are escaped, so that systemd, the shell and Docker Compose read the same value and nothing is expanded.
 * Throws a {@link UserError} for a value that cannot be written that way.
 */
export function renderEnvFile(customer: string, environment: Readonly<Record<string, string>>): string {
  return Object.keys(environment)
    .sort()
    .map((key) => `${key}="${envValue(customer, key, environment[key] ?? "")}"\n`)
    .join("");
}

/** One value as it stands between the double quotes. */
export function envValue(customer: string, key: string, value: string): string {
  const refusal = KEY.test(key) ? refusalOf(value) : "is no name for an environment variable";
  if (refusal !== undefined) {
    throw new UserError({
      what: `"${key}" ${refusal}`,
      customer,
      next: "change the setting that it is made from; the server's environment cannot carry it",
    });
  }
  return value.replace(/["$]/g, (character) => `\\${character}`);
}

function refusalOf(value: string): string | undefined {
  if (CONTROL.test(value)) return "contains a line break or another control character";
  if (REFUSED.test(value)) return `is "${value}", with a backslash or a backtick`;
  return undefined;
}
