import type { dynamic } from "@pulumi/pulumi";

/** The stack's configuration as Pulumi hands it to a dynamic provider. */
export function stackConfig(values: Readonly<Record<string, string>>): dynamic.Config {
  const get = (key: string): string | undefined => values[key];
  return {
    get,
    require: (key) => {
      const value = get(key);
      if (value === undefined) throw new Error(`Missing required configuration key: ${key}`);
      return value;
    },
  };
}

/** The functions of a provider, all of them there, after `configure` without waiting for it, as Pulumi's host may do. */
export function configured<Inputs, State>(
  provider: dynamic.ResourceProvider<Inputs, State>,
  values: Readonly<Record<string, string>>,
): Required<dynamic.ResourceProvider<Inputs, State>> {
  void provider.configure?.({ config: stackConfig(values) });
  return provider as Required<dynamic.ResourceProvider<Inputs, State>>;
}
