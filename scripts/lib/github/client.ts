import {
  AttemptFailed,
  ConnectionError,
  givenUp,
  header,
  isGatewayFailure,
  parseJson,
  persist,
  retryAfterMs,
  type HttpAnswer,
  type Patience,
} from "../../../clients/http";
import { redact } from "../../../core/secrets";
import { send } from "../../../clients/node-http";

/** Where GitHub is and who asks. */
export interface GitHubOptions {
  /** "owner/name". */
  readonly repository: string;
  readonly token: string;
  /** @default https://api.github.com */
  readonly apiUrl?: string;
  /** How long and how often one request is tried. */
  readonly patience?: Patience;
}

/** What GitHub did not do: one sentence. */
export class GitHubError extends Error {
  override readonly name = "GitHubError";

  /**
   * @param status HTTP status; undefined when there was no answer.
   * @param uncertain something may have been written all the same: look before doing it again.
   */
  constructor(
    message: string,
    readonly status: number | undefined,
    readonly uncertain: boolean,
  ) {
    super(message);
  }
}

type Json = Readonly<Record<string, unknown>>;

const PATIENCE: Patience = { maxWaitMs: 180_000, tries: 4, firstDelayMs: 500 };
const TIMEOUT_MS = 20_000;

/** GitHub asks for a minute at least after a limit that names no time (milliseconds). */
const UNNAMED_LIMIT_MS = 60_000;

/** A pull request with more comments than this many pages of 100 has another problem. */
const MOST_PAGES = 30;

/** What something in GitHub is to be: the request's verb, path and body. */
interface Call {
  readonly method: "GET" | "POST" | "PATCH";
  readonly path: string;
  readonly body?: Json;
  /** For messages: "post the comment". */
  readonly to: string;
}

/** The few requests of GitHub's REST API that this project makes. */
export class GitHubClient {
  constructor(private readonly options: GitHubOptions) {}

  /** All pages of a list. @throws GitHubError */
  async list(path: string, to: string): Promise<readonly Json[]> {
    const found: Json[] = [];
    for (let page = 1; page <= MOST_PAGES; page += 1) {
      const separator = path.includes("?") ? "&" : "?";
      const { answer, body } = await this.#call({
        method: "GET",
        path: `${path}${separator}per_page=100&page=${page}`,
        to,
      });
      if (!Array.isArray(body)) throw new GitHubError(`GitHub answered no list to ${to}`, answer.status, false);
      found.push(...(body as Json[]));
      if (!(header(answer.headers, "link") ?? "").includes('rel="next"')) return found;
    }
    throw new GitHubError(`GitHub has more than ${MOST_PAGES} pages to ${to}`, undefined, false);
  }

  /** @throws GitHubError */
  async get(path: string, to: string): Promise<Json> {
    return asObject(await this.#call({ method: "GET", path, to }), to);
  }

  /** Makes something. It is never repeated once it may have been made. @throws GitHubError */
  async post(path: string, body: Json, to: string): Promise<Json> {
    return asObject(await this.#call({ method: "POST", path, body, to }), to);
  }

  /** @throws GitHubError */
  async patch(path: string, body: Json, to: string): Promise<Json> {
    return asObject(await this.#call({ method: "PATCH", path, body, to }), to);
  }

  #call(call: Call): Promise<{ answer: HttpAnswer; body: unknown }> {
    return persist(this.options.patience ?? PATIENCE, async (remainingMs) => {
      const answer = await this.#send(call, Math.min(TIMEOUT_MS, remainingMs));
      const body = parseJson(answer.text);
      if (answer.status >= 200 && answer.status < 300) return { answer, body };
      throw this.#refused(call, answer, body);
    });
  }

  async #send({ method, path, body, to }: Call, timeoutMs: number): Promise<HttpAnswer> {
    const { repository, token, apiUrl = "https://api.github.com" } = this.options;
    const headers = {
      Accept: "application/vnd.github+json",
      Authorization: `Bearer ${token}`,
      "User-Agent": "erpnext-shopify-stack",
      "X-GitHub-Api-Version": "2022-11-28",
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
    };
    const url = new URL(`${apiUrl}/repos/${repository}/${path}`);
    const text = body === undefined ? {} : { body: JSON.stringify(body) };
    try {
      return await send({ method, url, headers, timeoutMs, ...text });
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      const uncertain = method === "POST" && error.sent;
      throw this.#failed(`GitHub did not answer to ${to}: ${error.message}`, { uncertain, repeat: !uncertain });
    }
  }

  #refused({ method, to }: Call, answer: HttpAnswer, body: unknown): AttemptFailed {
    const { status } = answer;
    const words = (body as { message?: unknown } | undefined)?.message;
    const text = `GitHub refused to ${to}: HTTP ${status}${typeof words === "string" ? `, "${words}"` : ""}`;
    const waitMs = limitMs(answer, typeof words === "string" ? words : "");
    if (waitMs !== undefined) return this.#failed(text, { status, repeat: true, waitMs });
    const broken = status === 500 || isGatewayFailure(status);
    const uncertain = method === "POST" && broken;
    return this.#failed(text, { status, uncertain, repeat: broken && !uncertain });
  }

  #failed(
    text: string,
    how: { readonly status?: number; readonly uncertain?: boolean; readonly repeat: boolean; readonly waitMs?: number },
  ): AttemptFailed {
    const { status, uncertain = false, repeat, waitMs } = how;
    return new AttemptFailed(
      (effort) =>
        new GitHubError(redact(`${text}${repeat ? givenUp(effort) : ""}`, [this.options.token]), status, uncertain),
      { repeat, ...(waitMs === undefined ? {} : { waitMs }) },
    );
  }
}

/**
 * How long GitHub wants to be left alone (milliseconds); undefined where a refusal is no limit. A 403 is one only when its
 * headers or its words say so; else it is a missing permission, and repeating it would not help.
 */
function limitMs({ status, headers }: HttpAnswer, words: string): number | undefined {
  if (status !== 403 && status !== 429) return undefined;
  const named = retryAfterMs(headers, new Date());
  if (named !== undefined) return named;
  if (header(headers, "x-ratelimit-remaining") === "0") {
    const reset = Number(header(headers, "x-ratelimit-reset")) * 1000 - Date.now();
    return Number.isFinite(reset) ? Math.max(0, reset) : UNNAMED_LIMIT_MS;
  }
  return status === 429 || /secondary rate limit/i.test(words) ? UNNAMED_LIMIT_MS : undefined;
}

function asObject({ answer, body }: { answer: HttpAnswer; body: unknown }, to: string): Json {
  if (typeof body === "object" && body !== null && !Array.isArray(body)) return body as Json;
  throw new GitHubError(`GitHub answered nothing readable to ${to}`, answer.status, false);
}
