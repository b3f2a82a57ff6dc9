import { redact } from "../core/secrets";
import {
  AttemptFailed,
  ClientError,
  ConnectionError,
  givenUp,
  isGatewayFailure,
  parseJson,
  persist,
  retryAfterMs,
  type HttpAnswer,
  type Patience,
  type Send,
} from "./http";
import { getJson } from "./json-api";

/** Cloudflare's own address; the provider's `baseUrl` takes its place. */
export const CLOUDFLARE_API = "https://api.cloudflare.com/client/v4";

/** The address of a path of Cloudflare's API. `baseUrl` may end with a slash, as the provider's does. */
export function cloudflareUrl(path: string, baseUrl = CLOUDFLARE_API): URL {
  return new URL(`${baseUrl.replace(/\/$/, "")}/${path}`);
}

/** The databases of an account, and how they are reached. */
export interface D1Account {
  readonly accountId: string;
  /** API token with the permission D1. */
  readonly token: string;
  /** Default: {@link CLOUDFLARE_API}. */
  readonly baseUrl?: string;
  readonly send: Send;
  readonly patience?: Patience;
}

/** One D1 database, and how it is reached. */
export interface D1Options extends D1Account {
  readonly databaseId: string;
}

/** A database as the list of its account has it. */
export interface ListedD1Database {
  readonly id: string;
  /** RFC 3339; undefined where Cloudflare does not say. */
  readonly createdAt: string | undefined;
}

/** A row by its columns. */
export type D1Row = Readonly<Record<string, unknown>>;

/** A request that D1 refused, or that was not answered. */
export class D1Error extends ClientError {
  override readonly name = "D1Error";

  constructor(
    /** missing: there is no such database. lost: it may have been carried out. */
    readonly kind: "missing" | "refused" | "lost" | "unanswered",
    words: { readonly what: string; readonly next: string },
  ) {
    super(words.what, words.next);
  }
}

const PATIENCE: Patience = { maxWaitMs: 60_000, tries: 5, firstDelayMs: 500 };

/** Milliseconds for one request; D1 itself ends a query after 30 s. */
const REQUEST_LIMIT_MS = 35_000;

/** How long is waited after an HTTP 429 that does not say (milliseconds). */
const UNNAMED_THROTTLE_MS = 2_000;

/** Names that contain what is looked for come in one page of at most this many; the API takes 10 to 10,000. */
const PAGE_SIZE = 1_000;

interface Envelope<Result> {
  readonly success?: unknown;
  readonly errors?: readonly { readonly code?: unknown; readonly message?: unknown }[];
  readonly result?: readonly Result[];
}

/** What one statement gave. */
interface Statement {
  readonly results?: readonly D1Row[];
}

interface Listed {
  readonly uuid?: unknown;
  readonly name?: unknown;
  readonly created_at?: unknown;
}

/**
 * Looks for a database by its name (`GET /accounts/…/d1/database?name=…`, which finds names that contain it).
 * @returns undefined where there is none. @throws D1Error where the list is refused, ClientError without an answer
 */
export async function findD1Database(account: D1Account, name: string): Promise<ListedD1Database | undefined> {
  const { accountId, token, baseUrl, send, patience } = account;
  const query = new URLSearchParams({ name, per_page: String(PAGE_SIZE) });
  const url = cloudflareUrl(`accounts/${accountId}/d1/database?${query.toString()}`, baseUrl);
  const answer = await getJson(send, { url, token, service: "Cloudflare" }, patience);
  const body = answer.body as Envelope<Listed> | undefined;
  if (answer.status !== 200 || body?.success !== true || !Array.isArray(body.result)) {
    throw new D1Error("refused", {
      what: `Cloudflare refused the list of the account's D1 databases: ${refusalWords(answer.status, body, token)}`,
      next: nextAfterRefusal(answer.status),
    });
  }
  const found = (body.result as readonly Listed[]).find((row) => row.name === name);
  if (typeof found?.uuid !== "string") return undefined;
  const { uuid: id, created_at: created } = found;
  return { id, createdAt: typeof created === "string" ? created : undefined };
}

/** What Cloudflare says of a refusal, without the token. */
function refusalWords(status: number, body: Envelope<unknown> | undefined, token: string): string {
  const told = body?.errors?.map(({ code, message }) => `${String(message)} (code ${String(code)})`).join("; ") ?? "";
  return told === "" ? `HTTP ${status} without an answer of the API` : redact(told, [token]);
}

function nextAfterRefusal(status: number): string {
  const denied = status === 401 || status === 403;
  return denied
    ? "give the API token the permission Account / D1 / Edit"
    : "fix what it names and run the command again";
}

/** A D1 database through Cloudflare's REST API (`POST /accounts/…/d1/database/…/query`), past any Worker. */
export class D1Client {
  constructor(private readonly options: D1Options) {}

  /** Reads, again where trying again may help. @returns the rows of the one statement. @throws D1Error */
  async read(sql: string): Promise<readonly D1Row[]> {
    const [first] = await this.#query(sql, { repeatable: true });
    return first ?? [];
  }

  /**
   * Runs statements, joined by semicolons, as the one transaction that D1 makes of them. It is repeated only where nothing can
   * have reached D1. @throws D1Error, of kind "lost" where it is unknown whether they were carried out
   */
  async write(sql: string): Promise<void> {
    await this.#query(sql, { repeatable: false });
  }

  #query(sql: string, { repeatable }: { repeatable: boolean }): Promise<readonly (readonly D1Row[])[]> {
    const { patience = PATIENCE } = this.options;
    return persist(patience, async (remainingMs) => {
      const answer = await this.#send(sql, { repeatable, timeoutMs: Math.min(REQUEST_LIMIT_MS, remainingMs) });
      const { status } = answer;
      if (status === 429) {
        const waitMs = retryAfterMs(answer.headers, new Date()) ?? UNNAMED_THROTTLE_MS;
        throw this.#unanswered("HTTP 429", { repeat: true, waitMs });
      }
      if (status === 500 || isGatewayFailure(status)) {
        throw this.#unanswered(`HTTP ${status}`, { repeat: repeatable, lost: !repeatable });
      }
      return this.#resultOf(answer);
    });
  }

  async #send(sql: string, { repeatable, timeoutMs }: { repeatable: boolean; timeoutMs: number }): Promise<HttpAnswer> {
    const { accountId, databaseId, token, baseUrl, send } = this.options;
    const url = cloudflareUrl(`accounts/${accountId}/d1/database/${databaseId}/query`, baseUrl);
    const headers = {
      Accept: "application/json",
      "Content-Type": "application/json",
      Authorization: `Bearer ${token}`,
    };
    try {
      return await send({ method: "POST", url, headers, body: JSON.stringify({ sql }), timeoutMs });
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      const repeat = repeatable || !error.sent;
      throw this.#unanswered(error.message, { repeat, lost: !repeat });
    }
  }

  #resultOf({ status, text }: HttpAnswer): readonly (readonly D1Row[])[] {
    const body = parseJson(text) as Envelope<Statement> | undefined;
    if (status === 200 && body?.success === true && Array.isArray(body.result)) {
      return (body.result as readonly Statement[]).map(({ results = [] }) => results);
    }
    const words = refusalWords(status, body, this.options.token);
    const { databaseId } = this.options;
    if (status === 404) {
      throw new D1Error("missing", {
        what: `Cloudflare has no D1 database ${databaseId}: ${words}`,
        next: 'run "pulumi refresh" and then "pulumi up", which make it again',
      });
    }
    throw new D1Error("refused", {
      what: `Cloudflare refused a query of the D1 database ${databaseId}: ${words}`,
      next: nextAfterRefusal(status),
    });
  }

  #unanswered(why: string, how: { repeat: boolean; lost?: boolean; waitMs?: number }): AttemptFailed {
    const { repeat, lost = false, waitMs } = how;
    return new AttemptFailed(
      (effort) =>
        new D1Error(lost ? "lost" : "unanswered", {
          what: `Cloudflare did not answer a query of the D1 database ${this.options.databaseId}: ${why}${givenUp(effort)}`,
          next: "check the network and run the command again, which goes on where this one ended",
        }),
      { repeat, ...(waitMs === undefined ? {} : { waitMs }) },
    );
  }
}
