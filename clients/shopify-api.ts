import { readDeprecatedCalls, type DeprecatedCall } from "../core/deprecations";
import { redact } from "../core/secrets";
import {
  AttemptFailed,
  ConnectionError,
  givenUp,
  isGatewayFailure,
  parseJson,
  header,
  persist,
  retryAfterMs,
  type Effort,
  type HttpAnswer,
  type Send,
} from "./http";
import { ShopifyError } from "./shopify-error";
import type { ShopifyOperation, ShopifyUserError } from "./shopify-operations";
import { strangeAnswer, unauthorized, wordsIn } from "./shopify-refusal";
import { ShopifyToken, type ShopifyCredential, type TokenMemory } from "./shopify-token";

export { ShopifyError, type ShopifyErrorKind } from "./shopify-error";
export type { ShopifyCredential, TokenMemory } from "./shopify-token";

/** The Admin API version of every request: the newest stable one, supported to 2027-10-01 (shopify.dev, versioning). */
export const SHOPIFY_API_VERSION = "2026-10";

export interface ShopifyApiOptions {
  /** `<store>.myshopify.com`. */
  readonly shopDomain: string;
  readonly credential: ShopifyCredential;
  /** Where a granted token outlives this client. */
  readonly tokenMemory?: TokenMemory;
  /** Where requests go instead of `https://<shopDomain>`; `Host` and SNI stay the shop's. */
  readonly apiUrl?: string;
  /** Milliseconds for one request. @default 30000 */
  readonly timeoutMs?: number;
  /** Milliseconds for one query with all its waiting for the rate limit and all its tries. @default 60000 */
  readonly maxWaitMs?: number;
  /** Milliseconds before the second try at most; later pauses grow from it. @default 500 */
  readonly firstDelayMs?: number;
  /** How many failures an operation takes before it is given up. @default 5 */
  readonly tries?: number;
  readonly send: Send;
}

/** The part of {@link ShopifyApi} that most callers need, so that a test can stand in for it. */
export interface ShopifyQueries {
  query<Result, Variables>(operation: ShopifyOperation<Result, Variables>, variables: Variables): Promise<Result>;
}

const TRIES = 5;
/** How long a throttled query waits at least (milliseconds); the estimate may already be zero when it arrives. */
const SHORTEST_THROTTLE = 250;
/** How long is waited after an HTTP 429 that does not say (milliseconds): Shopify's limit drains twice a second. */
const UNNAMED_THROTTLE = 2_000;

interface GraphqlError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: { readonly code?: string };
}

interface Envelope {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly GraphqlError[] | string;
  readonly extensions?: {
    readonly cost?: {
      readonly requestedQueryCost: number;
      readonly throttleStatus: { readonly currentlyAvailable: number; readonly restoreRate: number };
    };
  };
}

/** What an error needs to know of the operation that was sent. */
interface Sent {
  readonly name: string;
  readonly repeatable: boolean;
}

interface Exchange {
  /** @default "POST" */
  readonly method?: "GET" | "POST";
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly operation: Sent;
  readonly remainingMs: number;
}

/**
 * The Admin GraphQL API of one shop: waits for the rate limit, tries again what may be tried again, and tells in full
 * why Shopify refused. No error holds a credential.
 */
export class ShopifyApi implements ShopifyQueries {
  readonly #options: ShopifyApiOptions;
  readonly #token: ShopifyToken;
  readonly #seenTokens = new Set<string>();
  #answeredVersion: string | undefined;

  constructor(options: ShopifyApiOptions) {
    this.#options = options;
    this.#token = new ShopifyToken(options.credential, options.shopDomain, options.tokenMemory);
  }

  /** The API version that answered last (`X-Shopify-API-Version`): a retired version is answered by a newer one. */
  get answeredVersion(): string | undefined {
    return this.#answeredVersion;
  }

  /** @throws ShopifyError */
  async query<Result, Variables>(
    operation: ShopifyOperation<Result, Variables>,
    variables: Variables,
  ): Promise<Result> {
    const body = JSON.stringify({ query: operation.document, operationName: operation.name, variables });
    const request = { path: `/admin/api/${SHOPIFY_API_VERSION}/graphql.json`, body, operation };
    return this.#authorized(request, (answer) => this.#read(answer, operation) as Result);
  }

  /**
   * The JSON of an order as REST writes it and a webhook carries it, byte by byte; undefined where there is none to be seen.
   * @param id `legacyResourceId`.
   * @throws ShopifyError
   */
  async orderText(id: string): Promise<string | undefined> {
    const { shopDomain } = this.#options;
    const operation = { name: `order ${id}`, repeatable: true };
    const path = `/admin/api/${SHOPIFY_API_VERSION}/orders/${id}.json`;
    return this.#authorized({ method: "GET", path, operation }, (answer) => {
      if (answer.status === 404 && /not found/i.test(wordsIn(answer) ?? "")) return undefined;
      if (answer.status === 401 || answer.status === 403) throw this.#unauthorized(answer);
      const [, text] = /^\s*\{\s*"order"\s*:\s*(\{[^]*\})\s*\}\s*$/.exec(answer.text) ?? [];
      if (answer.status === 200 && text !== undefined && parseJson(text) !== undefined) return text;
      throw this.#error("http", strangeAnswer(answer, { shopDomain, operation: operation.name }));
    });
  }

  /**
   * What Shopify is going to remove of the calls that this app made in the last 30 days, the connector's among them; undefined where it does not tell
   * this app. @throws ShopifyError
   */
  async deprecatedCalls(): Promise<readonly DeprecatedCall[] | undefined> {
    const operation = { name: "deprecated calls", repeatable: true };
    const path = `/admin/api/${SHOPIFY_API_VERSION}/deprecated_api_calls.json`;
    return this.#authorized({ method: "GET", path, operation }, (answer) =>
      answer.status === 200 ? readDeprecatedCalls(parseJson(answer.text)) : undefined,
    );
  }

  /** Asks with the app's token, and once more with a new one where the old one was refused. */
  async #authorized<Result>(
    request: Omit<Exchange, "headers" | "remainingMs">,
    read: (answer: HttpAnswer) => Result,
  ): Promise<Result> {
    const { maxWaitMs = 60_000, firstDelayMs = 500, tries = TRIES } = this.#options;
    const type: Record<string, string> = request.body === undefined ? {} : { "Content-Type": "application/json" };
    let renewed = false;
    const attempt = async (remainingMs: number): Promise<Result> => {
      const token = await this.#accessToken(remainingMs);
      const headers = { ...type, Accept: "application/json", "X-Shopify-Access-Token": token };
      const answer = await this.#exchange({ ...request, headers, remainingMs });
      if (answer.status === 401 && !renewed && this.#token.renew(token)) {
        renewed = true;
        return attempt(remainingMs);
      }
      return read(answer);
    };
    return persist({ maxWaitMs, firstDelayMs, tries }, attempt);
  }

  /**
   * The API version that answers a REST request for `version`: Shopify answers a retired one with the oldest that it still
   * supports, and says so in a header. Undefined where it names none. @throws ShopifyError
   */
  async restVersion(version: string, resource: string): Promise<string | undefined> {
    const { maxWaitMs = 60_000, firstDelayMs = 500, tries = TRIES } = this.#options;
    const operation = { name: `REST ${version} ${resource}`, repeatable: true };
    return persist({ maxWaitMs, firstDelayMs, tries }, async (remainingMs) => {
      const headers = { Accept: "application/json", "X-Shopify-Access-Token": await this.#accessToken(remainingMs) };
      const path = `/admin/api/${version}/${resource}`;
      const answer = await this.#exchange({ method: "GET", path, headers, operation, remainingMs });
      if (answer.status === 401 || answer.status === 403) throw this.#unauthorized(answer);
      if (answer.status === 200) return header(answer.headers, "x-shopify-api-version");
      const strange = strangeAnswer(answer, { shopDomain: this.#options.shopDomain, operation: operation.name });
      throw this.#error("http", strange);
    });
  }

  async #accessToken(remainingMs: number): Promise<string> {
    const operation = { name: "access token", repeatable: true };
    const headers = { "Content-Type": "application/x-www-form-urlencoded", Accept: "application/json" };
    const token = await this.#token.current((path, body) =>
      this.#exchange({ path, headers, body, operation, remainingMs }),
    );
    this.#seenTokens.add(token);
    return token;
  }

  async #exchange({ method = "POST", path, headers, body, operation, remainingMs }: Exchange): Promise<HttpAnswer> {
    const { shopDomain, apiUrl, timeoutMs = 30_000, send } = this.#options;
    const url = new URL(path, apiUrl ?? `https://${shopDomain}`);
    const failed = (kind: "unreachable" | "http", why: string) => (effort: Effort) =>
      this.#error(kind, {
        what: `${shopDomain} did not answer ${operation.name}: ${why}${givenUp(effort)}`,
        next: "check the network and shopifystatus.com and run the command again",
      });
    let answer: HttpAnswer;
    try {
      const limit = Math.min(timeoutMs, remainingMs);
      const content = body === undefined ? {} : { body };
      answer = await send({ method, url, host: shopDomain, headers, ...content, timeoutMs: limit });
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      throw new AttemptFailed(failed("unreachable", error.message), { repeat: operation.repeatable || !error.sent });
    }
    if (answer.status === 429)
      throw this.#throttled(operation, retryAfterMs(answer.headers, new Date()) ?? UNNAMED_THROTTLE);
    if (answer.status === 500 || isGatewayFailure(answer.status)) {
      throw new AttemptFailed(failed("http", `HTTP ${answer.status}`), { repeat: operation.repeatable });
    }
    return answer;
  }

  #throttled(operation: Sent, waitMs: number): AttemptFailed {
    const conclude = (effort: Effort): ShopifyError =>
      this.#error("throttled", {
        what: `the rate limit of ${this.#options.shopDomain} left no room for ${operation.name}${givenUp(effort)}`,
        next: "run the command again when no other program uses the app",
      });
    return new AttemptFailed(conclude, { repeat: true, waitMs: Math.max(SHORTEST_THROTTLE, waitMs) });
  }

  #read(answer: HttpAnswer, operation: Sent): unknown {
    const { shopDomain } = this.#options;
    if (answer.status === 401 || answer.status === 403) throw this.#unauthorized(answer);
    this.#answeredVersion = header(answer.headers, "x-shopify-api-version") ?? this.#answeredVersion;
    const envelope = parseJson(answer.text) as Envelope | null | undefined;
    if (answer.status !== 200 || typeof envelope !== "object" || envelope === null) {
      throw this.#error("http", strangeAnswer(answer, { shopDomain, operation: operation.name }));
    }
    const errors = envelope.errors ?? [];
    if (typeof errors === "string" || errors.length > 0) throw this.#refused(operation, envelope);
    const userErrors = Object.values(envelope.data ?? {}).flatMap(userErrorsOf);
    if (userErrors.length > 0) {
      const next = "correct what Shopify names and run the command again";
      throw this.#error(
        "user-errors",
        { what: `Shopify refused ${operation.name} in ${shopDomain}: ${listed(userErrors)}`, next },
        userErrors,
      );
    }
    return envelope.data;
  }

  #refused(operation: Sent, { errors = [], extensions }: Envelope): Error {
    const list = typeof errors === "string" ? [{ message: errors }] : errors;
    const codes = list.map((error) => error.extensions?.code);
    if (codes.includes("THROTTLED")) {
      const cost = extensions?.cost;
      if (cost === undefined) return this.#throttled(operation, UNNAMED_THROTTLE);
      const missing = cost.requestedQueryCost - cost.throttleStatus.currentlyAvailable;
      return this.#throttled(operation, (missing / Math.max(1, cost.throttleStatus.restoreRate)) * 1000);
    }
    const all = list
      .map(({ path, message }) => (path === undefined ? message : `${path.join(".")}: ${message}`))
      .join("; ");
    const what = `Shopify answered ${operation.name} in ${this.#options.shopDomain} with errors: ${all}`;
    if (codes.includes("INTERNAL_SERVER_ERROR")) {
      const next = "look at shopifystatus.com and run the command again";
      const conclude = (effort: Effort): ShopifyError =>
        this.#error("graphql", { what: `${what}${givenUp(effort)}`, next });
      return new AttemptFailed(conclude, { repeat: operation.repeatable });
    }
    return this.#error("graphql", { what, next: adviceFor(codes) });
  }

  #unauthorized(answer: HttpAnswer): ShopifyError {
    const { shopDomain, credential } = this.#options;
    return this.#error("unauthorized", unauthorized(answer, shopDomain, credential));
  }

  #error(
    kind: ShopifyError["kind"],
    problem: { what: string; next: string },
    userErrors: readonly ShopifyUserError[] = [],
  ): ShopifyError {
    const { credential } = this.#options;
    const own = credential.kind === "token" ? credential.token : credential.clientSecret;
    const secrets = [own, ...this.#seenTokens];
    const masked = userErrors.map(({ field, message }) => ({ field, message: redact(message, secrets) }));
    return new ShopifyError(kind, { what: redact(problem.what, secrets), next: problem.next }, masked);
  }
}

/** Advice about access only where Shopify speaks of access. */
function adviceFor(codes: readonly (string | undefined)[]): string {
  if (codes.includes("ACCESS_DENIED")) return "check the app's scopes and its access to protected customer data";
  if (codes.includes("MAX_COST_EXCEEDED")) return "report it: the query asks for more at once than Shopify allows";
  return "correct what Shopify names and run the command again";
}

function userErrorsOf(payload: unknown): readonly ShopifyUserError[] {
  if (typeof payload !== "object" || payload === null || !("userErrors" in payload)) return [];
  return payload.userErrors as readonly ShopifyUserError[];
}

function listed(userErrors: readonly ShopifyUserError[]): string {
  return userErrors
    .map(({ field, message }) => (field === null || field.length === 0 ? message : `"${field.join(".")}" ${message}`))
    .join("; ");
}
