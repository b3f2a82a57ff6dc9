import type { dynamic } from "@pulumi/pulumi";

import { UserError } from "../../core/user-error";

/**
 * Pulumi's dynamic provider host prints whatever `check`, `diff`, `read` and `delete` throw, with its stack trace, beside the message that the
 * engine shows (cmd/dynamic-provider/index.js: console.error(`${e}: ${e.stack}`)). A UserError is meant for the operator, who is served by
 * its sentence, once; a defect keeps its trace.
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
      if (error instanceof UserError) leaveOut(`${String(error)}: ${String(error.stack)}`);
      throw error;
    }
  };
}

/** Lines that the host is about to print, of requests that run side by side. */
const leftOut = new Set<string>();
let print: typeof console.error | undefined;

function leaveOut(line: string): void {
  leftOut.add(line);
  if (print !== undefined) return;
  /* eslint-disable no-console -- it is what the host prints by, and it has no other way to be told */
  const printed = (print = console.error);
  console.error = (...words: unknown[]) => {
    if (!leftOut.delete(String(words[0]))) printed.apply(console, words);
  };
}
