import type { dynamic } from "@pulumi/pulumi";

import { UserError } from "../../core/user-error";

/** The stack's configuration as Pulumi hands it to a dynamic provider: secrets in clear, keys without a namespace are ours. */
export type StackConfig = dynamic.Config;

/** A value that must be set. @throws UserError */
export function requireValue(config: StackConfig, key: string, customer: string): string {
  const value = config.get(key);
  if (value !== undefined && value !== "") return value;
  throw new UserError({
    what: `the stack has no value for "${key}"`,
    customer,
    next: `run "pulumi config set --secret ${key} -s ${customer}" and then "pulumi up"`,
  });
}

/**
 * Keeps what `configure` hands over. It must not take a turn of the event loop: Pulumi puts a provider into its cache
 * before it waits for `configure`, so another resource's call may already come in between.
 */
export class Configuration {
  #config: StackConfig | undefined;

  readonly configure = (request: { readonly config: StackConfig }): Promise<void> => {
    this.#config = request.config;
    return Promise.resolve();
  };

  get current(): StackConfig {
    if (this.#config === undefined) throw new TypeError("the provider was used before it was configured");
    return this.#config;
  }
}
