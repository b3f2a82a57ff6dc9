import { createHash } from "node:crypto";
import type { dynamic } from "@pulumi/pulumi";

import { ShopifyClient, type ShopifyQueries } from "../../clients/shopify";
import { CURRENT_APP } from "../../clients/shopify-operations";
import { ALL_ORDERS_SCOPE, REQUIRED_SCOPES, isGranted } from "../../core/shopify-access";
import { UserError } from "../../core/user-error";
import { explained } from "./explain";
import { ShopifyConnections, shopifyOptions, type MakeShopify, type ShopifyPlace } from "./shopify-connection";
import { Configuration } from "./stack-config";
import { withoutTraces } from "./without-traces";

interface Inputs extends ShopifyPlace {
  readonly currency: string;
  /** Made by `check`, so that another credential is checked again: it may be of another app. */
  readonly credentialDigest?: string;
}

/** What Shopify says about the credential. */
interface Findings {
  readonly appId: string;
  readonly appTitle: string;
  readonly appHandle: string;
  readonly apiKey: string;
  readonly grantedScopes: readonly string[];
  readonly currencyCode: string;
  readonly hasAllOrders: boolean;
  /** The shop that answered. */
  readonly answeredDomain: string;
}

type State = Inputs & Findings;

/** A check of the app behind the stack's credential; it writes nothing anywhere. */
export function createProvider(makeShopify: MakeShopify): dynamic.ResourceProvider<Inputs, State> {
  const configuration = new Configuration();
  const shops = new ShopifyConnections(makeShopify);
  const look = (inputs: Inputs): Promise<Findings> =>
    explained(inputs, () => findings(shops.to(configuration.current, inputs)));
  const examine = async (inputs: Inputs): Promise<State> => {
    const found = await look(inputs);
    const clientId = inputs.app === "dev-dashboard" ? configuration.current.get("shopifyClientId") : undefined;
    const [problem] = problems(inputs, found, clientId);
    if (problem !== undefined) throw new UserError({ ...problem, customer: inputs.customer });
    return { ...inputs, ...found };
  };

  return {
    configure: configuration.configure,
    check: (_olds, news) => {
      const { credential } = shopifyOptions(configuration.current, news);
      const digest = createHash("sha256")
        .update(JSON.stringify([news.shopDomain, credential]))
        .digest("hex");
      return Promise.resolve({ inputs: { ...news, credentialDigest: digest } });
    },
    diff: (_id, olds, news) => {
      const replaces = olds.shopDomain === news.shopDomain ? [] : ["shopDomain"];
      const same = (["app", "currency", "credentialDigest"] as const).every((field) => olds[field] === news[field]);
      const changes = replaces.length > 0 || !same || problems(news, olds).length > 0;
      return Promise.resolve({ changes, replaces });
    },
    create: async (inputs) => ({ id: inputs.shopDomain, outs: await examine(inputs) }),
    // A refresh records what it finds and does not judge: the next update does.
    read: async (id, props) => {
      const known = placed(id, props);
      return { id, props: { ...known, ...(await look(known)) } };
    },
    update: async (_id, _olds, news) => ({ outs: await examine(news) }),
  };
}

export const provider = withoutTraces(createProvider((options) => new ShopifyClient(options)));

async function findings(shop: ShopifyQueries): Promise<Findings> {
  const { currentAppInstallation, shop: facts } = await shop.query(CURRENT_APP, {});
  const { app, accessScopes } = currentAppInstallation;
  const grantedScopes = accessScopes.map(({ handle }) => handle).sort();
  return {
    appId: app.id,
    appTitle: app.title,
    appHandle: app.handle ?? "",
    apiKey: app.apiKey,
    grantedScopes,
    currencyCode: facts.currencyCode,
    hasAllOrders: grantedScopes.includes(ALL_ORDERS_SCOPE.scope),
    answeredDomain: facts.myshopifyDomain,
  };
}

interface Problem {
  readonly what: string;
  readonly next: string;
}

/** What is wrong with the app, worst first. */
function problems(inputs: Inputs, found: Findings, clientId = found.apiKey): readonly Problem[] {
  const list: Problem[] = [];
  if (found.answeredDomain !== inputs.shopDomain) {
    list.push({
      what: `"shopify.shopDomain" is "${inputs.shopDomain}" but the shop that answered is "${found.answeredDomain}"`,
      next: "correct the domain, or the address that requests are sent to",
    });
  }
  if (clientId !== found.apiKey) {
    list.push({
      what: `"shopifyClientId" is "${clientId}" but the token is of app "${found.appTitle}" with client id "${found.apiKey}"`,
      next: "set client id and secret of one and the same app, or deliveries are signed with a secret that ERPNext does not know",
    });
  }
  const missing = REQUIRED_SCOPES.map(({ scope }) => scope).filter((scope) => !isGranted(scope, found.grantedScopes));
  if (missing.length > 0) {
    list.push({
      what: `app "${found.appTitle}" in ${inputs.shopDomain} lacks the scopes ${missing.join(", ")}`,
      next: "add them to the app's configuration, install the app again, and set the new token if there is one",
    });
  }
  if (found.currencyCode !== inputs.currency) {
    list.push({
      what: `the shop's currency is "${found.currencyCode}" but "company.currency" is "${inputs.currency}"`,
      next: "set the company's currency to the shop's: the connector books every amount as it is",
    });
  }
  return list;
}

function placed(id: string, props: State | undefined): State {
  if (props?.app !== undefined) return props;
  throw new UserError({
    what: `nothing says what kind of app ${id} uses`,
    next: "declare the app instead of importing it",
  });
}
