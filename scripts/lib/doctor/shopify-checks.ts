import { REQUIRED_SCOPES, isGranted } from "../../../core/shopify-access";
import { gradeOfDeprecations } from "../../../core/deprecations";
import { ENGLISH } from "../../../core/messages";
import { check, type Facts } from "./check";
import { bad, ok, skipped, warn, type Finding } from "./finding";

export function judgeToken({ shopifyAnswer }: Pick<Facts, "shopifyAnswer">): Finding {
  if (shopifyAnswer.kind === "refused") {
    return bad(shopifyAnswer.reason, "install the app again, and set the new token where it is a custom app");
  }
  const { app } = shopifyAnswer.app.currentAppInstallation;
  return ok(`Shopify answers as app "${app.title}" (${app.id})`);
}

export function judgeShop({ app, customer }: Pick<Facts, "app" | "customer">): Finding {
  const { myshopifyDomain } = app.shop;
  const { shopDomain } = customer.shopify;
  if (myshopifyDomain === shopDomain) return ok(`${myshopifyDomain} answers`);
  return bad(
    `"${myshopifyDomain}" answers where "${shopDomain}" is meant`,
    'correct "shopify.shopDomain", or set the credentials of an app in that shop',
  );
}

export function judgeSameApp({ app, outputs, config }: Pick<Facts, "app" | "outputs" | "config">): Finding {
  const { id, title, apiKey } = app.currentAppInstallation.app;
  const next = "set token, client id and secret of one and the same app";
  const clientId = config["shopifyClientId"];
  if (clientId !== undefined && clientId !== apiKey) {
    return bad(`the token is of app "${title}" with client id "${apiKey}", not "${clientId}"`, next);
  }
  const made = outputs.shopifyApp;
  if (made === undefined) return skipped("no update has noted yet which app the stack is for");
  if (made.id === id)
    return ok(`"${title}" (${id}), as the last update; subscriptions of other apps are not to be seen`);
  return bad(
    `the token is of app "${title}" (${id}), the subscriptions were made by "${made.title}" (${made.id}) and cannot be seen with it`,
    `${next}; then run "pulumi up"`,
  );
}

/** Of a custom app there is no grant, and so no such judgement: only a delivery that Shopify signed proves its secret. */
export function judgeAppSecret({ grant, config }: Pick<Facts, "grant" | "config">): Finding {
  const next = "set client id and secret of one and the same app";
  if (grant.kind === "refused") return bad(grant.reason, next);
  const clientId = config["shopifyClientId"] ?? "";
  // A token is granted for either of two secrets, so it says nothing of what deliveries are signed with.
  const signed =
    (config["shopifyApiSecretPrevious"] ?? "") === "" ? "" : "; deliveries may be signed with the previous one";
  if (grant.apiKey === clientId) return ok(`Shopify grants app "${clientId}" a token for this very secret${signed}`);
  return bad(`Shopify granted a token of app "${grant.apiKey}" where "${clientId}" asked`, next);
}

export function judgeScopes({ app }: Pick<Facts, "app">): Finding {
  const granted = scopesOf(app);
  const missing = REQUIRED_SCOPES.filter(({ scope }) => !isGranted(scope, granted)).map(({ scope }) => scope);
  if (missing.length === 0) return ok(granted.join(", "));
  return bad(
    `${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} not granted`,
    "add what is missing to the app, install it again, and set the new token where it is a custom app",
  );
}

export function judgeAllOrders({ app }: Pick<Facts, "app">): Finding {
  if (scopesOf(app).includes("read_all_orders")) return ok("read_all_orders is granted");
  return warn(
    "read_all_orders is not granted: Shopify shows the orders of the last 60 days, and says nothing of the others",
    "request it in the app's configuration; until then a backfill ends 60 days back",
  );
}

export function judgeCurrency({ app, customer }: Pick<Facts, "app" | "customer">): Finding {
  const { currencyCode } = app.shop;
  const { currency } = customer.company;
  if (currencyCode === currency) return ok(`both keep ${currency}`);
  return bad(
    `the shop sells in "${currencyCode}", the company keeps its books in "${currency}"`,
    "make the company's currency the shop's, before orders are booked",
  );
}

export function judgeVersions({ app, apiVersions }: Pick<Facts, "app" | "apiVersions">): Finding {
  const { webhookApiVersion } = app.currentAppInstallation.app;
  const { graphql, rest } = apiVersions;
  const saw =
    `GraphQL ${graphql.asked} is answered by ${graphql.answered ?? "a version without a name"}, ` +
    `REST ${rest.asked} by ${rest.answered ?? "a version without a name"}, webhooks carry ${webhookApiVersion}`;
  const known = app.publicApiVersions.find(({ handle }) => handle === webhookApiVersion);
  if (known?.supported !== true) {
    return warn(
      `${saw}, which Shopify does not support any more`,
      "set a supported version in the app's configuration",
    );
  }
  if (graphql.answered !== graphql.asked) return warn(saw, "update this project: its GraphQL version has been retired");
  if (rest.answered === undefined)
    return warn(saw, "look at the next orders with care: the connector's REST has changed");
  return ok(saw);
}

export function judgeDeadlines({ deprecatedCalls, now }: Pick<Facts, "deprecatedCalls" | "now">): Finding {
  const { calls } = deprecatedCalls;
  if (calls === undefined) return skipped("Shopify does not show this app its deprecated calls");
  const { grade, saw } = gradeOfDeprecations(calls, now);
  const said = ENGLISH.write(saw);
  if (grade === "good") return ok(said);
  return warn(said, 'make a release from a newer connector ("./stack release"), and see its changelog');
}

/** How many SKUs a sentence names. */
const NAMED_SKUS = 3;

/** The connector looks for an item by SKU before it looks at the variant; our app goes by the variant alone. */
export function judgeSkus({ skus, customer }: Pick<Facts, "skus" | "customer">): Finding {
  const { shared, variants, isWhole } = skus;
  const seen = isWhole ? `${variants} variants` : `the first ${variants} variants`;
  if (shared.length === 0) return ok(`each SKU of ${seen} is of one variant`);
  const named = shared.slice(0, NAMED_SKUS).map(({ sku, products }) => `"${sku}" (${products.slice(0, 2).join(", ")})`);
  const more = shared.length > named.length ? ` and ${shared.length - named.length} more` : "";
  const saw = `${shared.length} of the SKUs of ${seen} ${shared.length === 1 ? "is" : "are"} used more than once: ${named.join(", ")}${more}`;
  if (customer.erpnext.booksApp) return ok(`${saw}; items are found by variant here`);
  return warn(
    saw,
    'give each variant a SKU of its own in Shopify, or set "erpnext.booksApp": until then one product is booked and delivered as the other',
  );
}

function scopesOf(app: Facts["app"]): string[] {
  return app.currentAppInstallation.accessScopes.map(({ handle }) => handle).sort();
}

export const SHOPIFY_CHECKS = [
  check({
    id: "shopify-token",
    group: "Shopify",
    title: "Shopify takes the stack's token",
    looksAt: "Admin GraphQL with the stack's credential",
    why: "With a revoked token nothing is pulled and no subscription can be repaired.",
    from: ["shopifyAnswer"],
    judge: judgeToken,
  }),
  check({
    id: "shop",
    group: "Shopify",
    title: "it is the right shop",
    looksAt: "the shop that the token opens",
    why: "Another shop's orders would end up in this customer's books.",
    from: ["app", "customer"],
    judge: judgeShop,
  }),
  check({
    id: "same-app",
    group: "Shopify",
    title: "token and subscriptions are of one app",
    looksAt: "the token's app beside the stack's output \"shopifyApp\"",
    why: "Shopify signs with the secret of the app that subscribed: of two apps, every delivery fails its HMAC.",
    from: ["app", "outputs", "config"],
    judge: judgeSameApp,
  }),
  check({
    id: "app-secret",
    group: "Shopify",
    title: "the secret is that app's",
    looksAt: "a client credentials grant with the stack's secret",
    why: "A secret of another app answers every delivery with 500 and leaves no trace in ERPNext.",
    from: ["grant", "config"],
    judge: judgeAppSecret,
  }),
  check({
    id: "scopes",
    group: "Shopify",
    title: "the app may read what is needed",
    looksAt: "the scopes granted to the app",
    why: "What the app may not read is missing from ERPNext without an error.",
    from: ["app"],
    judge: judgeScopes,
  }),
  check({
    id: "all-orders",
    group: "Shopify",
    title: "the app may read all orders",
    looksAt: "scope read_all_orders",
    why: "Without it history ends 60 days back, silently.",
    from: ["app"],
    judge: judgeAllOrders,
  }),
  check({
    id: "currency",
    group: "Shopify",
    title: "shop and company keep one currency",
    looksAt: "the shop's currency beside the company's",
    why: "The connector books every amount without a currency.",
    from: ["app", "customer"],
    judge: judgeCurrency,
  }),
  check({
    id: "skus",
    group: "Shopify",
    title: "no two variants share a SKU",
    looksAt: "the SKUs of the shop's variants",
    why: "The connector finds items by SKU: an order of the second product leaves the stock as the first, and no total shows it.",
    from: ["skus", "customer"],
    judge: judgeSkus,
  }),
  check({
    id: "api-versions",
    group: "Shopify",
    title: "Shopify answers in versions that are known",
    looksAt: "header X-Shopify-API-Version of a GraphQL and of a REST answer, and the app's webhook version",
    why: "A retired version is answered by a newer one without a word, and the connector speaks one of 2024.",
    from: ["app", "apiVersions"],
    judge: judgeVersions,
  }),
  check({
    id: "api-deadlines",
    group: "Shopify",
    title: "Shopify keeps the calls that are made",
    looksAt: "GET deprecated_api_calls.json: deprecated calls of the last 30 days, with their deadlines",
    why: "After a deadline the connector's calls fail, or are answered with less, while nothing here has changed.",
    from: ["deprecatedCalls", "now"],
    judge: judgeDeadlines,
  }),
];
