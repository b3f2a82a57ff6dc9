import { text } from "node:stream/consumers";

import { UserError } from "../../core/user-error";

/** Reads the environment variables that a resource hands to a script, all of them required. */
export function requireEnvironment<K extends string>(
  names: readonly K[],
  environment: Readonly<Record<string, string | undefined>>,
): Record<K, string> {
  const missing = names.filter((name) => (environment[name] ?? "") === "");
  if (missing.length > 0) {
    throw new UserError({
      what: `the environment has no ${missing.map((name) => `"${name}"`).join(", ")}`,
      next: `run this through "pulumi up", which sets them, or set them by hand`,
    });
  }
  return Object.fromEntries(names.map((name) => [name, environment[name]])) as Record<K, string>;
}

/**
 * The token of /healthz that a resource hands to a script on its standard input. A stack that was last updated before there were
 * tokens hands none over, and its server asks for none.
 */
export async function healthTokenOfStdin(
  input: NodeJS.ReadableStream & { readonly isTTY?: boolean } = process.stdin,
): Promise<{ readonly token?: string }> {
  const token = input.isTTY === true ? "" : (await text(input)).trim();
  return token === "" ? {} : { token };
}
