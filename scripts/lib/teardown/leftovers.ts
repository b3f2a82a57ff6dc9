import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

import { CLOUDFLARE_API } from "../../../clients/cloudflare-d1";
import { environmentToken } from "../../../clients/cloudflare-token";
import type { ShopifyClient } from "../../../clients/shopify";
import { knownSlugs } from "../../../customers/load";
import { PROJECT_DIRECTORY } from "../cli/open-customer";
import type { Terminal } from "../cli/terminal";
import { CREDENTIALS, givenCredentials, type ConfigValues } from "../intake/secrets";
import { googleToken } from "../server-request/google-token";
import { cloudflareQuestions } from "./cloudflare";
import type { TeardownTarget } from "./teardown-target";
import { earlierReceipts } from "./earlier-receipts";
import { googleApi, googleQuestions } from "./google";
import { lookEverywhere, type Look, type Question } from "./look";
import { standOn } from "./proof";
import { shopifyQuestion } from "./shopify";

export const CUSTOMERS = join(PROJECT_DIRECTORY, "customers");

/**
 * What there is to ask with once the stack is gone: what the customer's configuration file says in clear, and the credentials
 * of the environment, by the names that the intake takes them from. They are hidden from the terminal. @throws UserError
 */
export function configWithoutStack(slug: string, terminal: Terminal): ConfigValues {
  const given = givenCredentials({ environment: process.env, files: [] });
  CREDENTIALS.filter(({ plain }) => plain !== true).forEach(({ key }) => {
    terminal.hide(given[key]);
  });
  return { ...plainConfig(slug), ...given };
}

/** What is in clear in the configuration file that a removed stack has left. */
function plainConfig(slug: string): ConfigValues {
  const file = join(CUSTOMERS, `Pulumi.${slug}.yaml`);
  if (!existsSync(file)) return {};
  const { config = {} } = (parse(readFileSync(file, "utf8")) ?? {}) as { config?: Record<string, unknown> };
  const entries = Object.entries(config).map(([key, value]) => [key.replace(/^erpnext:/, ""), value] as const);
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}

/** Looks for everything of a customer in the three places. What cannot be looked at may stand on an earlier receipt. */
export async function lookForLeftovers(
  target: TeardownTarget,
  shop: ShopifyClient | undefined,
  { terminal, receipts }: { readonly terminal: Terminal; readonly receipts: string },
): Promise<readonly Look[]> {
  const looks = await lookEverywhere(questionsFor(target, shop, terminal));
  return target.state === undefined ? standOn(looks, earlierReceipts(receipts, target.customer)) : looks;
}

/** Everything that is asked of the three places. */
function questionsFor(
  { customer, config, environment }: TeardownTarget,
  shop: ShopifyClient | undefined,
  terminal: Terminal,
): Question[] {
  const others = knownSlugs(CUSTOMERS).filter((slug) => slug !== customer.slug);
  const base = config["cloudflare:baseUrl"] ?? CLOUDFLARE_API;
  const token = config["cloudflare:apiToken"] ?? environmentToken() ?? "";
  const api = { name: "Cloudflare", base: base.endsWith("/") ? base : `${base}/`, token };
  let google: Promise<string> | undefined;
  const googleAccess = async (): Promise<string> => {
    google ??= googleToken(process.env);
    terminal.hide(await google);
    return google;
  };
  const data = environment === "production";
  return [
    shopifyQuestion(customer, shop),
    ...cloudflareQuestions(customer, { api, others, keepsData: data }),
    ...googleQuestions(customer, async (service) => googleApi(service, { config, token: await googleAccess() }), {
      data,
    }),
  ];
}
