import type { ProviderDefinition } from "../resource-type";
import { text } from "../values";
import { accessTypes, zeroTrustOrganization } from "./cloudflare-access";
import { dnsTypes } from "./cloudflare-dns";
import { tunnelToken, tunnelTypes } from "./cloudflare-tunnel";
import { workerTypes } from "./cloudflare-workers";

/** What the provider takes for an API token (its own schema, 2026-08). */
const TOKEN = /^[0-9A-Za-z\-_]{40,80}$/;

/** Cloudflare, as @pulumi/cloudflare speaks to it. Facts: schemas of terraform-provider-cloudflare v5 of 2026-08. */
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
