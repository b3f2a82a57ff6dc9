import { loadCustomer } from "../../../customers/load";
import type { OwnWords } from "./roll-up";

/** What stands for the same thing in every stack, so that the same change in two of them looks the same. */
export function ownWords(slug: string, directory: string): OwnWords {
  const loaded = loadCustomer(slug, directory);
  if (!loaded.ok) return { slug };
  const { hosts, gcp, cloudflare, shopify, company } = loaded.customer;
  return {
    slug,
    ui: hosts.ui,
    hook: hosts.hook,
    console: hosts.console,
    project: gcp.project,
    zone: cloudflare.zone,
    shop: shopify.shopDomain,
    company: company.legalName,
    abbreviation: ` - ${company.abbreviation}`,
  };
}
