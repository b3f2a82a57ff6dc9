import { join } from "node:path";

/** Where the CLI looks for a flag that was not given: every flag has such a variable (since Pulumi 3.208). */
const VARIABLE = "PULUMI_OPTION_POLICY_PACK";

/** The project's policies as the engine asks them (docs/decisions/0012); absolute, because it starts the file in another directory. */
export function policyPackOf(projectDirectory: string): string {
  return join(projectDirectory, "infra/policy/pack");
}

/**
 * The environment in which the CLI asks the policies with every command that can: a state in a bucket has nowhere to require
 * them. A pack of the caller's own takes their place, by flag or by variable; the CLI would ask both.
 */
export function withPolicies(env: NodeJS.ProcessEnv, args: readonly string[]): NodeJS.ProcessEnv {
  const own = env[VARIABLE] !== undefined || args.some((arg) => /^--policy-pack(=|$)/.test(arg));
  return own ? env : { ...env, [VARIABLE]: policyPackOf(join(__dirname, "../..")) };
}
