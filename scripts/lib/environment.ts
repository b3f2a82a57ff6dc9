import { UserError } from "../../components/shared/user-error";

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
