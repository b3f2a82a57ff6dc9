import type { dynamic } from "@pulumi/pulumi";

import { UserError } from "../shared/user-error";

/**
 * Pulumi's dynamic provider host prints the stack trace of whatever `check`, `diff`, `read` and `delete` throw, beside the message
 * that the engine shows. A UserError is meant for the operator, who is served by its sentence; a defect keeps its trace.
 */
export function withoutTraces<Inputs, Outputs>(
  provider: dynamic.ResourceProvider<Inputs, Outputs>,
): dynamic.ResourceProvider<Inputs, Outputs> {
  return {
    ...provider,
    ...(provider.check === undefined ? {} : { check: traceless(provider.check) }),
    ...(provider.diff === undefined ? {} : { diff: traceless(provider.diff) }),
    ...(provider.read === undefined ? {} : { read: traceless(provider.read) }),
    ...(provider.delete === undefined ? {} : { delete: traceless(provider.delete) }),
  };
}

function traceless<Args extends unknown[], Result>(
  work: (...args: Args) => Promise<Result>,
): (...args: Args) => Promise<Result> {
  return async (...args) => {
    try {
      return await work(...args);
    } catch (error) {
      // The host prints `${error}: ${error.stack}`: without a name that is the sentence, and no class of this project's.
      if (error instanceof UserError) Object.defineProperties(error, { name: { value: "" }, stack: { value: "" } });
      throw error;
    }
  };
}
