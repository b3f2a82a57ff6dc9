import type { Config } from "@pulumi/pulumi/config";

import { UserError } from "../core/user-error";
import type { Customer } from "../customers/schema";

/**
 * Where the stack reaches the three services it talks to itself. Each is the customer's real address unless the stack's
 * configuration names another, such as a server that has no DNS name yet; the real host name still travels in `Host`.
 */
export interface Endpoints {
  /** Shopify's Admin API, without a path. */
  readonly shopifyApiUrl: string | undefined;
  /** ERPNext behind the tunnel, without a path. */
  readonly frappeApiUrl: string | undefined;
  /** The VM's own door, without a path. */
  readonly hookUrl: string | undefined;
}

/** What stands before the host when someone puts a user name and a password into an address. */
const CREDENTIALS = /\/\/[^/]*@/;

export function readEndpoints(customer: Customer, config: Config): Endpoints {
  return {
    shopifyApiUrl: readUrl(customer, config, "shopifyApiUrl"),
    frappeApiUrl: readUrl(customer, config, "frappeApiUrl"),
    hookUrl: readUrl(customer, config, "hookUrl"),
  };
}

function readUrl(customer: Customer, config: Config, key: string): string | undefined {
  const value = config.get(key);
  if (value === undefined) {
    return undefined;
  }
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !isBare(url)) {
    throw new UserError({
      what: `"${key}" is "${value.replace(CREDENTIALS, "//[secret]@")}", not an address of the form scheme://host[:port]`,
      customer: customer.slug,
      next: `run "pulumi config set ${key} https://127.0.0.1:8443 -s ${customer.slug}" with the right address, or "pulumi config rm ${key} -s ${customer.slug}"`,
    });
  }
  return url.origin;
}

/** Whether it is scheme, host and port alone: anything more would be dropped without a word. */
function isBare(url: URL): boolean {
  const { protocol, username, password, pathname, search, hash } = url;
  return /^https?:$/.test(protocol) && pathname === "/" && username + password + search + hash === "";
}
