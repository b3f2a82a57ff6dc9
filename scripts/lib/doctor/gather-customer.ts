import { loadCustomer } from "../../../customers/load";
import { stackOutputsSchema, type StackOutputs } from "../../../infra/outputs";
import type { StackState } from "../cli/stack-state";
import type { LocalFacts } from "./check";
import type { Gatherers } from "./fact-cache";
import { NotKnown } from "./finding";

/** Where the customer's file and its stack are read from. */
export interface CustomerMeans {
  readonly slug: string;
  /** The directory customers/. */
  readonly directory: string;
  readonly readState: () => Promise<StackState | undefined>;
  /** @param isWhole whether the stack has all of its outputs */
  readonly lookForUnfinished: (config: StackState["config"], isWhole: boolean) => Promise<LocalFacts["adoption"]>;
  readonly now: () => Date;
}

export function customerGatherers(means: CustomerMeans): Pick<Gatherers, keyof LocalFacts> {
  return {
    now: () => Promise.resolve(means.now()),
    intake: () => {
      const loaded = loadCustomer(means.slug, means.directory);
      return Promise.resolve(
        loaded.ok ? { customer: loaded.customer, faults: [] } : { customer: undefined, faults: loaded.faults },
      );
    },
    customer: async (ask) => {
      const { customer } = await ask("intake");
      if (customer === undefined) throw new NotKnown("skipped", "the intake file has faults");
      return customer;
    },
    stackState: () => means.readState(),
    adoption: async (ask) => {
      const state = await ask("stackState");
      if (state === undefined) throw new NotKnown("skipped", "there is no stack");
      return means.lookForUnfinished(state.config, state.outputs !== undefined);
    },
    config: async (ask) => {
      const state = await ask("stackState");
      if (state === undefined) throw new NotKnown("skipped", "there is no stack");
      return state.config;
    },
    outputs: async (ask) => partOf(await ask("stackState")),
  };
}

/** The outputs that are there and are what they should be, each looked at by itself. */
export function partOf(state: StackState | undefined): Partial<StackOutputs> {
  const entries = Object.entries(stackOutputsSchema.shape).flatMap(([name, schema]) => {
    const parsed = schema.safeParse(state?.partialOutputs[name]);
    return parsed.success ? [[name, parsed.data] as const] : [];
  });
  return Object.fromEntries(entries);
}
