import { setTimeout as sleep } from "node:timers/promises";
import * as http from "node:http";
import * as https from "node:https";
import { isIP } from "node:net";
import { types } from "node:util";
import { backOff } from "exponential-backoff";

/** One HTTP request. Redirects are never followed, so that a credential only ever reaches the host it is meant for. */
export interface HttpRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Where the connection goes. */
  readonly url: URL;
  /** The host name that the server is asked for in `Host` and in TLS (SNI) when it is not the URL's own. */
  readonly host?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Milliseconds for all of it: connecting, sending, and reading the answer to its end. */
  readonly timeoutMs: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
}

/** A request that got no whole answer. */
export class ConnectionError extends Error {
  override readonly name = "ConnectionError";

  /** @param sent whether anything may have reached the server: if not, repeating the request is always safe. */
  constructor(
    message: string,
    readonly sent: boolean,
  ) {
    super(message);
  }
}

/** The largest answer that is read (bytes): a page of 250 orders with all their lines stays far below. */
const LARGEST_ANSWER = 32 * 1024 * 1024;

/**
 * Sends one request, once. This is node's own client rather than `fetch`, because `fetch` in Node 20 drops a `Host`
 * header of ours without a word, and Frappe finds its site by that header. Each request has a connection of its own:
 * one that is kept open may be closed by the other side just as it is used, which looks like a lost request.
 * @throws ConnectionError
 */
export async function send(request: HttpRequest): Promise<HttpAnswer> {
  const limit = AbortSignal.timeout(request.timeoutMs);
  let connected = false;
  try {
    const answer = await new Promise<http.IncomingMessage>((resolve, reject) => {
      const outgoing = start(request, limit);
      const ready = request.url.protocol === "https:" ? "secureConnect" : "connect";
      outgoing.once("socket", (socket) => socket.once(ready, () => (connected = true)));
      outgoing.once("response", resolve);
      outgoing.once("error", reject);
      outgoing.end(request.body);
    });
    return { status: answer.statusCode ?? 0, headers: answer.headers, text: await readText(answer) };
  } catch (error) {
    if (error instanceof ConnectionError) throw error;
    const why = limit.aborted ? `no answer within ${seconds(request.timeoutMs)}` : describe(error);
    throw new ConnectionError(why, connected);
  }
}

function start(request: HttpRequest, signal: AbortSignal): http.ClientRequest {
  const { url, host, method } = request;
  const body = request.body === undefined ? {} : { "Content-Length": String(Buffer.byteLength(request.body)) };
  const headers = { ...request.headers, ...body, Host: host ?? url.host };
  if (url.protocol !== "https:") return http.request(url, { method, headers, signal, agent: false });
  const name = (host ?? url.host).replace(/:\d+$/, "");
  return https.request(url, {
    method,
    headers,
    signal,
    agent: false,
    ...(isIP(name) === 0 ? { servername: name } : {}),
  });
}

async function readText(answer: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_ANSWER) throw new ConnectionError(`the answer is larger than ${LARGEST_ANSWER} bytes`, true);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function describe(error: unknown): string {
  if (!types.isNativeError(error)) return "connection failed";
  const { code, message } = error as NodeJS.ErrnoException;
  if (message === "") return `connection failed (${code ?? "no address could be reached"})`;
  return code === undefined || message.includes(code) ? message : `${message} (${code})`;
}

/** How long and how often something is tried. */
export interface Patience {
  /** Milliseconds in all, waiting included. */
  readonly maxWaitMs: number;
  /** How many failures are taken before giving up. Waits whose length the server named are not failures. */
  readonly tries: number;
  /** The first pause (milliseconds); each later one is up to twice as long, all with full jitter. */
  readonly firstDelayMs: number;
}

/** What has been spent when something is given up. */
export interface Effort {
  readonly tries: number;
  readonly elapsedMs: number;
}

/** Thrown by an attempt of {@link persist} whose error tells how much was tried. */
export class AttemptFailed extends Error {
  override readonly name = "AttemptFailed";

  /**
   * @param conclude makes the error that is thrown once it is given up.
   * @param next whether another attempt does no harm, and how long the server asked to wait before it (milliseconds).
   */
  constructor(
    readonly conclude: (effort: Effort) => Error,
    readonly next: { readonly repeat: boolean; readonly waitMs?: number },
  ) {
    super("attempt failed");
  }
}

/** The longest pause between two tries that no server asked for (milliseconds). */
const LONGEST_PAUSE = 5_000;

/**
 * Makes attempts until one does not throw a repeatable {@link AttemptFailed} or the patience ends.
 * Each attempt is told how much patience is left (milliseconds).
 */
export async function persist<T>(patience: Patience, attempt: (remainingMs: number) => Promise<T>): Promise<T> {
  const started = performance.now();
  const remaining = (): number => patience.maxWaitMs - (performance.now() - started);
  let last: AttemptFailed | undefined;
  let tries = 0;
  let failures = 0;
  const once = async (): Promise<T> => {
    if (last !== undefined && remaining() <= 0) throw last;
    tries += 1;
    return attempt(Math.max(1, Math.ceil(remaining())));
  };
  const retry = async (error: unknown): Promise<boolean> => {
    if (!(error instanceof AttemptFailed) || !error.next.repeat) return false;
    last = error;
    const { waitMs } = error.next;
    if (waitMs === undefined) failures += 1;
    if (failures >= patience.tries || (waitMs ?? 0) >= remaining()) return false;
    await sleep(waitMs ?? 0);
    return true;
  };
  try {
    const { firstDelayMs } = patience;
    const delays = {
      startingDelay: firstDelayMs,
      maxDelay: Math.max(firstDelayMs, LONGEST_PAUSE),
      jitter: "full",
    } as const;
    return await backOff(once, { ...delays, numOfAttempts: Number.MAX_SAFE_INTEGER, retry });
  } catch (error) {
    throw error instanceof AttemptFailed ? error.conclude({ tries, elapsedMs: performance.now() - started }) : error;
  }
}

/** The end of a sentence about something that was given up, for example `, given up after 5 tries in 12.3 s`. */
export function givenUp({ tries, elapsedMs }: Effort): string {
  return `, given up after ${tries} ${tries === 1 ? "try" : "tries"} in ${seconds(elapsedMs)}`;
}

/** `Retry-After` in milliseconds; it holds seconds or a date. Undefined where there is none that can be read. */
export function retryAfterMs(headers: http.IncomingHttpHeaders, now: Date): number | undefined {
  const value = headers["retry-after"];
  if (value === undefined || value.trim() === "") return undefined;
  const wait = Number.isNaN(Number(value)) ? Date.parse(value) - now.getTime() : Number(value) * 1000;
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}

/** Whether a server in between said that it could not pass a request on, 520 to 530 being Cloudflare's own. */
export function isGatewayFailure(status: number): boolean {
  return [502, 503, 504].includes(status) || (status >= 520 && status <= 530);
}

/** The parsed JSON of a text, or undefined where it is none (an HTML page, a cut-off answer). */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Masks credentials in a text that somebody will read; servers may echo what they were sent. */
export function mask(text: string, secrets: readonly (string | undefined)[]): string {
  return secrets.reduce<string>(
    (masked, secret) => (secret === undefined || secret === "" ? masked : masked.split(secret).join("[secret]")),
    text,
  );
}

/** An error in two parts, so that a caller who knows the customer can name it between them. */
export class ClientError extends Error {
  /**
   * @param what what is wrong, without a full stop.
   * @param next what the operator does about it, starting with a verb in lower case.
   */
  constructor(
    readonly what: string,
    readonly next: string,
  ) {
    super(`${what}: ${next}.`);
  }
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
