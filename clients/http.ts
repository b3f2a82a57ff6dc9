import { backOff } from "exponential-backoff";

/** One HTTP request. Redirects are never followed, so that a credential only ever reaches the host it is meant for. */
export interface HttpRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Where the connection goes. */
  readonly url: URL;
  /** The host name that the server is asked for in `Host` and in TLS (SNI) when it is not the URL's own. */
  readonly host?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /**
   * Take a certificate that no authority vouches for, as Let's Encrypt's staging gives to test stores. Never with a credential.
   * @default false
   */
  readonly anyCertificate?: boolean;
  /** Milliseconds for all of it: connecting, sending, and reading the answer to its end. */
  readonly timeoutMs: number;
}

/** By lower-case name, as both node's own client and `Object.fromEntries(headers)` of a `fetch` answer give them. */
export type HttpHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface HttpAnswer {
  readonly status: number;
  readonly headers: HttpHeaders;
  readonly text: string;
}

/**
 * Sends one request, once. `node-http.ts` has the one for Node; a Worker passes one of its own to the clients.
 * @throws ConnectionError
 */
export type Send = (request: HttpRequest) => Promise<HttpAnswer>;

/** A header as one text; the first where it was sent several times. */
export function header(headers: HttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === "string" || value === undefined ? value : value[0];
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
export function retryAfterMs(headers: HttpHeaders, now: Date): number | undefined {
  const value = header(headers, "retry-after");
  if (value === undefined || value.trim() === "") return undefined;
  const wait = Number.isNaN(Number(value)) ? Date.parse(value) - now.getTime() : Number(value) * 1000;
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}

/** Whether a server in between said that it could not pass a request on, 520 to 530 being Cloudflare's own. */
export function isGatewayFailure(status: number): boolean {
  return [502, 503, 504].includes(status) || (status >= 520 && status <= 530);
}

/** The parsed JSON of a text, or undefined where it is not JSON (an HTML page, a cut-off answer). */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
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

/** For example `12.3 s`. */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
