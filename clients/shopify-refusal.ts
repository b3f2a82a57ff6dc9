import { header, parseJson, type HttpAnswer } from "./http";
import type { ShopifyCredential } from "./shopify-token";

interface Problem {
  readonly what: string;
  readonly next: string;
}

/** What a long text of Shopify's is cut to (characters). */
const LONGEST = 300;

/**
 * Shopify's own words in an answer that is not 200: `errors` is a text, a list or an object by field; a refused token has
 * `error` and `error_description`. Undefined where the body has none, as of a proxy's page.
 */
export function wordsIn({ text }: Pick<HttpAnswer, "text">): string | undefined {
  const body = parseJson(text);
  if (typeof body !== "object" || body === null) return undefined;
  const { errors, error, error_description: description } = body as Readonly<Record<string, unknown>>;
  const words = [errors, error, description].flatMap(textsIn).join("; ");
  return words === "" ? undefined : words.slice(0, LONGEST);
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return value === "" ? [] : [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (typeof value !== "object" || value === null) return [];
  if ("message" in value) return textsIn(value.message);
  return Object.entries(value).flatMap(([field, inner]) => textsIn(inner).map((text) => `${field}: ${text}`));
}

/** The words of a token that Shopify does not know; anything else is something that it knows and does not like. */
const UNKNOWN_TOKEN = /Invalid API key or access token/i;

/** An answer 401 or 403. The advice is for a token that is gone only where Shopify says so, or says nothing. */
export function unauthorized(answer: HttpAnswer, shopDomain: string, credential: ShopifyCredential): Problem {
  const words = wordsIn(answer);
  const refused = `${shopDomain} does not accept the app's token (HTTP ${answer.status})`;
  if (words !== undefined && !UNKNOWN_TOKEN.test(words)) {
    const next = "change the app as Shopify says, install it again where its scopes change, and run the command again";
    return { what: `${refused}: Shopify says "${words}"`, next };
  }
  const next =
    credential.kind === "token"
      ? 'install the app again and set its token as "shopifyAdminToken"'
      : 'install the app again and check "shopifyClientId" and "shopifyApiSecret"';
  const said = words === undefined ? "" : ` (Shopify says "${words}")`;
  return { what: `${refused}: it was revoked or the app uninstalled${said}`, next };
}

const STRANGE: Readonly<Record<number, { readonly is: string; readonly next: string }>> = {
  402: { is: "the shop is frozen for unpaid bills", next: "have the merchant settle them with Shopify" },
  404: { is: "there is no such shop", next: 'correct "shopify.shopDomain"' },
  423: { is: "the shop is locked", next: "have the merchant contact Shopify" },
  430: {
    is: "Shopify takes the request for an attack",
    next: "wait an hour and run the command again from another network",
  },
};

/** An answer that does not come from the Admin API. */
export function strangeAnswer(
  answer: HttpAnswer,
  { shopDomain, operation }: { readonly shopDomain: string; readonly operation: string },
): Problem {
  const { status, headers } = answer;
  const words = wordsIn(answer);
  const said = words === undefined ? "" : `: Shopify says "${words}"`;
  const known = STRANGE[status];
  if (known !== undefined)
    return { what: `${shopDomain} answered HTTP ${status}: ${known.is}${said}`, next: known.next };
  if (words !== undefined) {
    const next = "correct what Shopify names and run the command again";
    return { what: `${shopDomain} answered ${operation} with HTTP ${status}${said}`, next };
  }
  const type = header(headers, "content-type") ?? "no content type";
  const location = header(headers, "location");
  const elsewhere = location === undefined ? "" : ` and points to ${new URL(location, "https://x").host}`;
  return {
    what: `${shopDomain} answered ${operation} with HTTP ${status} and ${type} instead of JSON${elsewhere}`,
    next: 'check "shopify.shopDomain", and "shopifyApiUrl" where it is set',
  };
}
