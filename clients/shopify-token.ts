import { parseJson, type HttpAnswer } from "./http";
import { ShopifyError } from "./shopify-error";

/** How an app proves itself: a custom app's token, or the client credentials of a Dev Dashboard app. */
export type ShopifyCredential =
  | { readonly kind: "token"; readonly token: string }
  | { readonly kind: "client-credentials"; readonly clientId: string; readonly clientSecret: string };

/** Posts a form to a path of the shop's admin and gives the answer; the client that owns the token does it. */
export type PostForm = (path: string, form: string) => Promise<HttpAnswer>;

const TOKEN_PATH = "/admin/oauth/access_token";

/** A granted token is renewed this long before it ends (milliseconds). Shopify's last 24 hours. */
const RENEWAL_MARGIN = 5 * 60 * 1000;

interface GrantedToken {
  readonly value: string;
  /** Milliseconds since 1970. */
  readonly goodUntil: number;
}

/** Where a granted token is remembered. Several clients of one app may share it; it is a plain value, never a pending one. */
export interface TokenMemory {
  granted?: GrantedToken;
}

/** The access token of one shop, granted when first needed and kept while it is good. */
export class ShopifyToken {
  #granting: Promise<GrantedToken> | undefined;

  constructor(
    private readonly credential: ShopifyCredential,
    private readonly shopDomain: string,
    private readonly memory: TokenMemory = {},
  ) {}

  /** Requests that run at the same time share one grant; one that failed is forgotten. */
  async current(post: PostForm): Promise<string> {
    if (this.credential.kind === "token") return this.credential.token;
    const { granted } = this.memory;
    if (granted !== undefined && Date.now() < granted.goodUntil) return granted.value;
    this.#granting ??= this.#remembered(post);
    return (await this.#granting).value;
  }

  /** Forgets a token that Shopify refused. False where there is no way to another one. */
  renew(refused: string): boolean {
    if (this.credential.kind === "token") return false;
    if (this.memory.granted?.value === refused) delete this.memory.granted;
    return true;
  }

  async #remembered(post: PostForm): Promise<GrantedToken> {
    try {
      const granted = await this.#grant(post);
      this.memory.granted = granted;
      return granted;
    } finally {
      this.#granting = undefined;
    }
  }

  async #grant(post: PostForm): Promise<GrantedToken> {
    if (this.credential.kind !== "client-credentials") throw new TypeError("a static token is not granted");
    const { clientId, clientSecret } = this.credential;
    const form = { grant_type: "client_credentials", client_id: clientId, client_secret: clientSecret };
    const answer = await post(TOKEN_PATH, new URLSearchParams(form).toString());
    const body = parseJson(answer.text) as { access_token?: unknown; expires_in?: unknown } | null | undefined;
    if (answer.status !== 200 || typeof body?.access_token !== "string" || typeof body.expires_in !== "number") {
      throw grantRefused(answer, { shopDomain: this.shopDomain, clientId });
    }
    return { value: body.access_token, goodUntil: Date.now() + body.expires_in * 1000 - RENEWAL_MARGIN };
  }
}

/** Shopify names the reason as JSON `error` or, for some, only inside an HTML page. */
function grantRefused(answer: HttpAnswer, app: { shopDomain: string; clientId: string }): ShopifyError {
  const what = `Shopify grants no token for app "${app.clientId}" in ${app.shopDomain} (HTTP ${answer.status}`;
  if (answer.text.includes("shop_not_permitted")) {
    return new ShopifyError("unauthorized", {
      what: `${what}, shop_not_permitted), because the app and the shop are in different Shopify organisations`,
      next: "create the app in the Dev Dashboard of the organisation that owns the shop",
    });
  }
  const reason = /\b(invalid_client|invalid_request|application_cannot_be_found|app_not_installed)\b/.exec(answer.text);
  return new ShopifyError("unauthorized", {
    what: `${what}${reason === null ? "" : `, ${reason[0]}`})`,
    next: "check that the client id and the client secret are of the same app and that the app is installed in this shop",
  });
}
