import {
  AttemptFailed,
  ConnectionError,
  givenUp,
  isGatewayFailure,
  mask,
  parseJson,
  persist,
  retryAfterMs,
} from "../../../clients/http";
import { send } from "../../../clients/node-http";

/** A cloud's REST API that is only read. */
export interface RestApi {
  /** For messages, e.g. "Cloudflare". */
  readonly name: string;
  /** With a slash at its end. */
  readonly base: string;
  readonly token: string;
}

const PATIENCE = { maxWaitMs: 60_000, tries: 4, firstDelayMs: 500 };

const TIMEOUT_MS = 20_000;

/** How long is waited after an HTTP 429 that does not say (milliseconds). */
const UNNAMED_THROTTLE_MS = 5_000;

/** Why something could not be looked at: one clause, for the receipt. */
export class LookFailed extends Error {
  override readonly name = "LookFailed";
}

/** One page, as parsed JSON. @throws LookFailed */
export async function readPage(api: RestApi, path: string): Promise<Readonly<Record<string, unknown>>> {
  return persist(PATIENCE, async (remainingMs) => {
    const url = new URL(path, api.base);
    const failed = (why: string, repeat: boolean, waitMs?: number): AttemptFailed =>
      new AttemptFailed(
        (effort) =>
          new LookFailed(mask(`${api.name} did not answer: ${why}${repeat ? givenUp(effort) : ""}`, [api.token])),
        { repeat, ...(waitMs === undefined ? {} : { waitMs }) },
      );
    const headers = { Authorization: `Bearer ${api.token}`, Accept: "application/json" };
    const timeoutMs = Math.min(TIMEOUT_MS, remainingMs);
    const answer = await send({ method: "GET", url, headers, timeoutMs }).catch((error: unknown) => {
      if (error instanceof ConnectionError) throw failed(error.message, true);
      throw error;
    });
    const { status } = answer;
    if (status === 429) throw failed("HTTP 429", true, retryAfterMs(answer.headers, new Date()) ?? UNNAMED_THROTTLE_MS);
    if (status === 500 || isGatewayFailure(status)) throw failed(`HTTP ${status}`, true);
    const body = parseJson(answer.text);
    if (status !== 200 || typeof body !== "object" || body === null)
      throw failed(`HTTP ${status}${wordsOf(body)}`, false);
    return body as Readonly<Record<string, unknown>>;
  });
}

/** Google's `error.message`, or the first of Cloudflare's `errors`. */
function wordsOf(body: unknown): string {
  const { error, errors } = (body ?? {}) as {
    error?: { message?: unknown };
    errors?: readonly { message?: unknown }[];
  };
  const message = error?.message ?? errors?.[0]?.message;
  return typeof message === "string" ? `, "${message}"` : "";
}
