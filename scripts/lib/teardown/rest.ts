import { getJson } from "../../../clients/json-api";
import { send } from "../../../clients/node-http";
import { redact } from "../../../core/secrets";

/** A cloud's REST API that is only read. */
export interface RestApi {
  /** For messages, e.g. "Cloudflare". */
  readonly name: string;
  /** With a slash at its end. */
  readonly base: string;
  readonly token: string;
}

/** Why something could not be looked at: one clause, for the receipt. */
export class LookFailed extends Error {
  override readonly name = "LookFailed";
}

/** One page, as parsed JSON. @throws LookFailed when it is refused, ClientError when there was no answer */
export async function readPage(api: RestApi, path: string): Promise<Readonly<Record<string, unknown>>> {
  const url = new URL(path, api.base);
  const { status, body } = await getJson(send, { url, token: api.token, service: api.name });
  if (status === 200 && typeof body === "object" && body !== null) return body as Readonly<Record<string, unknown>>;
  throw new LookFailed(redact(`${api.name} answered HTTP ${status}${wordsOf(body)}`, [api.token]));
}

/** Google's `error.message`, or the first of Cloudflare's `errors`. */
export function wordsOf(body: unknown): string {
  const { error, errors } = (body ?? {}) as {
    error?: { message?: unknown };
    errors?: readonly { message?: unknown }[];
  };
  const message = error?.message ?? errors?.[0]?.message;
  return typeof message === "string" ? `, "${message}"` : "";
}
