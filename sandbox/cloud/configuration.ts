import type { ConfigFailure, ProviderDefinition } from "./resource-type";
import { isUnknown } from "./values";
import type { Properties, Value } from "./values";

/** A provider's configuration as its plugin reads it: what is not a string travels as JSON in a string. */
export function configOf(sent: Properties): Properties {
  return Object.fromEntries(Object.entries(sent).map(([key, value]) => [key, decoded(value)]));
}

/** What is wrong with a configuration, as far as it is known. */
export function configFailures(definition: ProviderDefinition, config: Properties): ConfigFailure[] {
  return definition.checkConfig(config).filter(({ property }) => !isUnknown(config[property]));
}

function decoded(value: Value): Value {
  if (typeof value !== "string" || !/^(\{|\[|true$|false$)/.test(value)) return value;
  try {
    return JSON.parse(value) as Value;
  } catch {
    // A string that only looks like JSON is a string.
    return value;
  }
}
