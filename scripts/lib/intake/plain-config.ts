import { UserError } from "../../../core/user-error";
import type { ConfigValues } from "./secrets";

/** Keys of a stack's configuration that are neither a secret nor a customer's field: where a service is reached instead. */
const ADDRESS =
  /^(?:shopifyApiUrl|frappeApiUrl|hookUrl|edgeUrl|registryUrl|cloudflare:baseUrl|gcp:[A-Za-z0-9]+CustomEndpoint)$/;

/** The `key=value` of every `--config`. @throws UserError */
export function plainConfig(pairs: readonly string[]): ConfigValues {
  return Object.fromEntries(pairs.map(readPair));
}

function readPair(pair: string): readonly [key: string, value: string] {
  const [, key = "", value = ""] = /^([^=]+)=(.*)$/.exec(pair) ?? [];
  if (!ADDRESS.test(key)) {
    // The rest may be a secret that was given by mistake.
    const what = `"--config" takes addresses alone, and "${key === "" ? "the argument" : key}" is not one of their keys`;
    const next =
      "give shopifyApiUrl, frappeApiUrl, hookUrl, edgeUrl, registryUrl, cloudflare:baseUrl or gcp:<service>CustomEndpoint";
    throw new UserError({ what, next });
  }
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.username + url.password === "") return [key, value];
  throw new UserError({ what: `"--config ${key}" has no http address`, next: `give ${key}=https://127.0.0.1:8443` });
}
