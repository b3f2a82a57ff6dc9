import type { z } from "zod";

import {
  AttemptFailed,
  ConnectionError,
  givenUp,
  type HttpRequest,
  parseJson,
  type Patience,
  persist,
  retryAfterMs,
} from "../../../clients/http";
import { redact } from "../../../core/secrets";
import { send } from "../../../clients/node-http";
import {
  afterAnswer,
  afterOperation,
  instanceSchema,
  type Metadata,
  type Next,
  type Operation,
  operationSchema,
  refusalSchema,
  type ServerRequest,
  isStanding,
  withoutRequest,
  withRequest,
} from "./plan";

/** Which server is asked, and how Google is reached. */
export interface Instance {
  readonly customer: string;
  readonly project: string;
  readonly zone: string;
  readonly instance: string;
  /** Base of the Compute Engine API, with a slash at its end. */
  readonly computeUrl: URL;
  /** Google access token with permission compute.instances.setMetadata. */
  readonly token: string;
}

/** A request, and what to say when it cannot be made; `because` holds no secret. */
export interface Post {
  readonly request: ServerRequest;
  /** No other request may replace it for so long (milliseconds). */
  readonly standsMs: number;
  /** Throws when another request stands in the way. */
  readonly admit: (metadata: Metadata) => Promise<void>;
  readonly refusal: (because: string) => Error;
}

/** How long one request to Google may take (milliseconds). Its `wait` holds an operation for up to two minutes. */
const REQUEST_LIMIT_MS = 30_000;
const OPERATION_LIMIT_MS = 130_000;

/**
 * Puts a request into the server's metadata, unless it stands there. May be repeated with the same nonce: the server answers each
 * once. @returns whether it had to be put there
 * @throws the post's refusal, and what keeps it from being admitted
 */
export function postRequest(instance: Instance, post: Post, patience: Patience): Promise<boolean> {
  const { request } = post;
  return edit(instance, { ...post, patience }, async (metadata) => {
    if (isStanding(metadata, request)) return undefined;
    await post.admit(metadata);
    return withRequest(metadata, request, new Date(Date.now() + post.standsMs));
  });
}

/** Takes a request that is answered out of the metadata, unless another one stands in its place. @throws as {@link postRequest} */
export async function withdrawRequest(
  instance: Instance,
  { request, refusal }: Pick<Post, "request" | "refusal">,
  patience: Patience,
): Promise<void> {
  await edit(instance, { refusal, patience }, (metadata) =>
    Promise.resolve(isStanding(metadata, request) ? withoutRequest(metadata) : undefined),
  );
}

/** Changes the metadata, or leaves it where `change` gives nothing. @returns whether it was changed */
function edit(
  instance: Instance,
  { refusal, patience }: Pick<Post, "refusal"> & { readonly patience: Patience },
  change: (metadata: Metadata) => Promise<Metadata | undefined>,
): Promise<boolean> {
  return persist(patience, async (remainingMs) => {
    const compute = new Compute(instance, refusal, performance.now() + remainingMs);
    // Google takes what follows only on this very state of the metadata: no other request slips in between.
    const changed = await change((await compute.read()).metadata);
    if (changed === undefined) return false;
    await compute.write(changed);
    return true;
  });
}

/** One attempt at one instance; what may pass is thrown as {@link AttemptFailed}. */
class Compute {
  constructor(
    private readonly instance: Instance,
    private readonly refusal: Post["refusal"],
    private readonly deadline: number,
  ) {}

  read(): Promise<z.infer<typeof instanceSchema>> {
    return this.#ask(instanceSchema, { method: "GET", path: this.#instancePath() });
  }

  async write(metadata: Metadata): Promise<void> {
    const body = JSON.stringify(metadata);
    let operation = await this.#ask(operationSchema, {
      method: "POST",
      path: `${this.#instancePath()}/setMetadata`,
      body,
    });
    while (!this.#isOver(operation)) {
      const path = `${this.#zonePath()}/operations/${operation.name}/wait`;
      operation = await this.#ask(operationSchema, { method: "POST", path, body: "" });
    }
  }

  #isOver(operation: Operation): boolean {
    const next = afterOperation(operation);
    this.#require(next);
    return next.kind === "go-on";
  }

  async #ask<T>(schema: z.ZodType<T>, call: Pick<HttpRequest, "method" | "body"> & { path: string }): Promise<T> {
    const limit = call.path.endsWith("/wait") ? OPERATION_LIMIT_MS : REQUEST_LIMIT_MS;
    const answer = await send({
      method: call.method,
      url: new URL(call.path, this.instance.computeUrl),
      headers: { Authorization: `Bearer ${this.instance.token}`, "Content-Type": "application/json" },
      ...(call.body === undefined ? {} : { body: call.body }),
      timeoutMs: Math.max(1, Math.ceil(Math.min(limit, this.deadline - performance.now()))),
    }).catch((error: unknown) => {
      if (error instanceof ConnectionError) throw this.#failed(error.message, {});
      throw error;
    });
    const body = parseJson(answer.text);
    const waitMs = retryAfterMs(answer.headers, new Date());
    const next = afterAnswer(answer.status, refusalSchema.safeParse(body).data?.error.message);
    this.#require(next, waitMs === undefined ? {} : { waitMs });
    const parsed = schema.safeParse(body);
    if (!parsed.success) throw this.#refusal(`an answer that is not the Compute Engine API's (HTTP ${answer.status})`);
    return parsed.data;
  }

  #require(next: Next, pause: { waitMs?: number } = {}): void {
    if (next.kind === "again") throw this.#failed(next.because, pause);
    if (next.kind === "refused") throw this.#refusal(next.because);
  }

  /** Everything here may be tried again: reading changes nothing, and the same request twice is one. */
  #failed(because: string, pause: { waitMs?: number }): AttemptFailed {
    return new AttemptFailed((effort) => this.#refusal(`${because}${givenUp(effort)}`), { repeat: true, ...pause });
  }

  #refusal(because: string): Error {
    return this.refusal(redact(because, [this.instance.token]));
  }

  #zonePath(): string {
    const { project, zone } = this.instance;
    return `projects/${encodeURIComponent(project)}/zones/${encodeURIComponent(zone)}`;
  }

  #instancePath(): string {
    return `${this.#zonePath()}/instances/${encodeURIComponent(this.instance.instance)}`;
  }
}
