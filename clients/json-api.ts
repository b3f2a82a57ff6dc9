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

export interface JsonRequest {
  /** Default GET. All may be repeated: a POST only asks, for what does not fit into an address. */
  readonly method?: "GET" | "DELETE" | "POST";
  /** Sent as JSON. */
  readonly body?: object;
  readonly url: URL;
  /** Bearer token. */
  readonly token: string;
  /** How errors name the service, for example "Cloudflare". */
  readonly service: string;
}

export interface JsonAnswer {
  readonly status: number;
  /** Undefined where the answer is no JSON. */
  readonly body: unknown;
}

/** Gives up after this much: a person waits at a prompt. */
const PATIENCE: Patience = { maxWaitMs: 30_000, tries: 4, firstDelayMs: 300 };

/** Milliseconds for one request. */
const REQUEST_LIMIT_MS = 15_000;

/** How long is waited after an HTTP 429 that does not say (milliseconds). */
const UNNAMED_THROTTLE_MS = 1_000;

/**
 * Reads (or deletes) a JSON resource of a REST API, again where trying again may help. Every answer of the API itself, refusals too,
 * is the caller's to judge. @throws ClientError when there was no such answer
 */
export function getJson(send: Send, request: JsonRequest, patience: Patience = PATIENCE): Promise<JsonAnswer> {
  return persist(patience, async (remainingMs) => {
    const answer = await once(send, request, Math.min(REQUEST_LIMIT_MS, remainingMs));
    const { status } = answer;
    if (status === 429) {
      const waitMs = retryAfterMs(answer.headers, new Date()) ?? UNNAMED_THROTTLE_MS;
      throw failed(request, "HTTP 429", waitMs);
    }
    if (status === 500 || isGatewayFailure(status)) throw failed(request, `HTTP ${status}`);
    return { status, body: parseJson(answer.text) };
  });
}

async function once(send: Send, request: JsonRequest, timeoutMs: number): Promise<HttpAnswer> {
  const { method = "GET", url, token, body } = request;
  const content = body === undefined ? {} : { body: JSON.stringify(body) };
  const type: Record<string, string> = body === undefined ? {} : { "Content-Type": "application/json" };
  const headers = { ...type, Accept: "application/json", Authorization: `Bearer ${token}` };
  try {
    return await send({ method, url, headers, ...content, timeoutMs });
  } catch (error) {
    if (error instanceof ConnectionError) throw failed(request, error.message);
    throw error;
  }
}

function failed({ service, url }: JsonRequest, why: string, waitMs?: number): AttemptFailed {
  return new AttemptFailed(
    (effort) =>
      new ClientError(
        `${service} did not answer at ${url.host}: ${why}${givenUp(effort)}`,
        "check the network and run the command again",
      ),
    { repeat: true, ...(waitMs === undefined ? {} : { waitMs }) },
  );
}
