import type { ProviderDefinition } from "../resource-type";
import { text } from "../values";
import { accessTypes, zeroTrustOrganization } from "./cloudflare-access";
import { dnsTypes } from "./cloudflare-dns";
import { tunnelToken, tunnelTypes } from "./cloudflare-tunnel";
import { workerTypes } from "./cloudflare-workers";

/** What the provider takes for an API token (its own schema, 2026-08). */
const TOKEN = /^[0-9A-Za-z\-_]{40,80}$/;

/**
 * Cloudflare, as @pulumi/cloudflare speaks to it. Where its rules come from: `replaces` are the attributes with `RequiresReplace` in
 * terraform-provider-cloudflare v5.22.0, internal/services/<name>/schema.go (compared on 2026-12-01 for each type here), `checks` the validators
 * there and the SDK's "Available values", `defaults` its `Default`s; ids are the SDK's ("## Import"). A name that is taken and a tunnel that is
 * in use: the API's own refusals as that repository's issues quote them, 1247 (code 81053: a record of that host), 5255 (code 1022: a tunnel with
 * connections), 2327 (code 1056: the last ingress rule). Access policies and service tokens may share a name: nothing there refuses it.
 */
export const cloudflareProvider: ProviderDefinition = {
  name: "cloudflare",
  detailedDiff: false,
  types: [...dnsTypes, ...tunnelTypes, ...accessTypes, ...workerTypes],
  invokes: [tunnelToken, zeroTrustOrganization],
  checkConfig: (config) => {
    const token = text(config, "apiToken");
    if (token === "") {
      return [
        {
          property: "apiToken",
          reason: 'The cloudflare provider\'s "apiToken" is missing or empty; set "cloudflare:apiToken".',
        },
      ];
    }
    if (TOKEN.test(token)) return [];
    return [
      {
        property: "apiToken",
        reason: 'The cloudflare provider\'s "apiToken" must be 40 to 80 letters, digits, "-" and "_".',
      },
    ];
  },
};
