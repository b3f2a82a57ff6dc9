import { redact } from "../core/secrets";
import { FrappeError, frappeError, isAbsent, isInMaintenance } from "./frappe-error";
import {
  AttemptFailed,
  ConnectionError,
  givenUp,
  isGatewayFailure,
  parseJson,
  persist,
  retryAfterMs,
  type Effort,
  type HttpAnswer,
  type HttpRequest,
  type Send,
} from "./http";

export { FrappeError, type FrappeErrorKind } from "./frappe-error";

export interface FrappeApiOptions {
  /** `https://<hosts.ui>`: the site that is meant. */
  readonly siteUrl: string;
  /** Where requests go instead; `Host` and SNI stay the site's, since Frappe finds its site by them. */
  readonly apiUrl?: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  /** A service token of the Cloudflare Access application before the site. */
  readonly access?: { readonly clientId: string; readonly clientSecret: string };
  /** Milliseconds for one request; saving a setting may make Frappe call Shopify. @default 60000 */
  readonly timeoutMs?: number;
  /** Milliseconds for one operation with all its tries. @default 120000 */
  readonly maxWaitMs?: number;
  /** Milliseconds before the second try at most; later pauses grow from it. @default 1000 */
  readonly firstDelayMs?: number;
  /** How many failures an operation takes before it is given up. @default 5 */
  readonly tries?: number;
  readonly send: Send;
}

/** A field that a REST call can carry: what JSON has, and child tables as rows. */
export type FrappeScalar = string | number | boolean | null;
export type FrappeRow = Readonly<Record<string, FrappeScalar>>;
export type FrappeValue = FrappeScalar | readonly FrappeRow[];

/** A document as Frappe gives it. Fields that are null are left out. */
export type FrappeDocumentFields = Readonly<Record<string, unknown>> & { readonly name: string };

export type FrappeFilter = readonly [string, string, unknown];

/** A filter of a child's field: a document matches by any of its rows, and is listed once for each that does. */
export type FrappeChildFilter = readonly [doctype: string, ...FrappeFilter];

export interface FrappeListOptions {
  /** @default ["name"] */
  readonly fields?: readonly string[];
  /** Field, operator, value; for example `["creation", ">", "2026-01-01"]`. All must hold. */
  readonly filters?: readonly (FrappeFilter | FrappeChildFilter)[];
  /** Filters of which one has to hold, besides all of `filters`. */
  readonly anyOf?: readonly FrappeFilter[];
  /** @default 20, which is Frappe's own */
  readonly limit?: number;
  /** For example `creation desc`. */
  readonly orderBy?: string;
}

const TRIES = 5;
/** How long is waited after an HTTP 429 that does not say (milliseconds). */
const UNNAMED_THROTTLE = 5_000;

interface Call {
  readonly method: HttpRequest["method"];
  readonly path: string;
  readonly body?: unknown;
  /** What follows "to" in an error. */
  readonly purpose: string;
  /** Whether it may be sent again when it is unknown whether it arrived. */
  readonly repeatable: boolean;
}

/** The REST API of one Frappe site as one user. No error holds a credential. */
export class FrappeApi {
  readonly #options: FrappeApiOptions;
  readonly #host: string;

  constructor(options: FrappeApiOptions) {
    this.#options = options;
    this.#host = new URL(options.siteUrl).host;
  }

  /** The document, or undefined where there is none. A Single always exists. @throws FrappeError */
  async get(doctype: string, name: string): Promise<FrappeDocumentFields | undefined> {
    return this.#persist((remainingMs) => this.#find(doctype, name, remainingMs));
  }

  /**
   * Makes a document. With a `name` among the fields, a request that may or may not have arrived is followed by
   * a look for that document before it is sent again. @throws FrappeError
   */
  async insert(doctype: string, fields: Readonly<Record<string, unknown>>): Promise<FrappeDocumentFields> {
    const name = typeof fields.name === "string" ? fields.name : undefined;
    const purpose = `create ${name === undefined ? `a "${doctype}"` : titled(doctype, name)}`;
    const call: Call = {
      method: "POST",
      path: resource(doctype),
      body: fields,
      purpose,
      repeatable: name !== undefined,
    };
    let sent = false;
    return this.#persist(async (remainingMs) => {
      const arrived = sent && name !== undefined ? await this.#find(doctype, name, remainingMs) : undefined;
      if (arrived !== undefined) return arrived;
      sent = true;
      return (await this.#once(call, { key: "data", remainingMs })) as FrappeDocumentFields;
    });
  }

  /** Changes the given fields only; a child table is replaced as a whole. @throws FrappeError */
  async update(
    doctype: string,
    name: string,
    fields: Readonly<Record<string, unknown>>,
  ): Promise<FrappeDocumentFields> {
    const call = {
      method: "PUT",
      path: resource(doctype, name),
      body: fields,
      purpose: `save ${titled(doctype, name)}`,
    } as const;
    return (await this.#send({ ...call, repeatable: true }, "data")) as FrappeDocumentFields;
  }

  /** Deletes a document; one that is not there is deleted already. Never for Singles: that wipes all their values. @throws FrappeError */
  async delete(doctype: string, name: string): Promise<void> {
    const call = {
      method: "DELETE",
      path: resource(doctype, name),
      purpose: `delete ${titled(doctype, name)}`,
    } as const;
    try {
      await this.#send({ ...call, repeatable: true }, "message");
    } catch (error) {
      if (!isAbsent(error)) throw error;
    }
  }

  /** @throws FrappeError */
  async list(doctype: string, options: FrappeListOptions = {}): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const { fields = ["name"], filters, anyOf, limit, orderBy } = options;
    const query = new URLSearchParams({ fields: JSON.stringify(fields) });
    if (filters !== undefined) query.set("filters", JSON.stringify(filters));
    if (anyOf !== undefined) query.set("or_filters", JSON.stringify(anyOf));
    if (limit !== undefined) query.set("limit_page_length", String(limit));
    if (orderBy !== undefined) query.set("order_by", orderBy);
    const call = {
      method: "GET",
      path: `${resource(doctype)}?${query.toString()}`,
      purpose: `list "${doctype}"`,
    } as const;
    return (await this.#send({ ...call, repeatable: true }, "data")) as readonly Readonly<Record<string, unknown>>[];
  }

  /**
   * A list as Frappe's own list view asks for it. Of doctypes that are no tables (RQ Job) only this takes a length: where
   * REST lists them, version 15 tells twenty whatever is asked, and version 16 answers a length with an exception. @throws FrappeError
   */
  async view(
    doctype: string,
    {
      filters,
      orderBy,
      length,
    }: Pick<FrappeListOptions, "filters"> & { readonly orderBy: string; readonly length: number },
  ): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const query = new URLSearchParams({
      doctype,
      fields: JSON.stringify(["*"]),
      filters: JSON.stringify(filters ?? []),
      order_by: orderBy,
      start: "0",
      page_length: String(length),
    });
    const path = `/api/method/frappe.desk.reportview.get_list?${query.toString()}`;
    const call = { method: "GET", path, purpose: `list "${doctype}"`, repeatable: true } as const;
    return (await this.#send(call, "message")) as readonly Readonly<Record<string, unknown>>[];
  }

  /** How many documents match. Asked by GET, so that a caller who only ever reads can have it. @throws FrappeError */
  async count(doctype: string, filters: readonly FrappeFilter[] = []): Promise<number> {
    const query = new URLSearchParams({ doctype, filters: JSON.stringify(filters) });
    const path = `/api/method/frappe.client.get_count?${query.toString()}`;
    return Number(
      await this.#send({ method: "GET", path, purpose: `count "${doctype}"`, repeatable: true }, "message"),
    );
  }

  /** Calls a whitelisted method (dotted path) and gives its `message`. Sent once only, unless it did not arrive. @throws FrappeError */
  async call(method: string, params: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    const path = `/api/method/${method}`;
    return this.#send({ method: "POST", path, body: params, purpose: `call ${method}`, repeatable: false }, "message");
  }

  async #find(doctype: string, name: string, remainingMs: number): Promise<FrappeDocumentFields | undefined> {
    const path = resource(doctype, name);
    const call: Call = { method: "GET", path, purpose: `read ${titled(doctype, name)}`, repeatable: true };
    try {
      return (await this.#once(call, { key: "data", remainingMs })) as FrappeDocumentFields;
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  }

  async #send(call: Call, key: "data" | "message"): Promise<unknown> {
    return this.#persist((remainingMs) => this.#once(call, { key, remainingMs }));
  }

  async #persist<T>(attempt: (remainingMs: number) => Promise<T>): Promise<T> {
    const { maxWaitMs = 120_000, firstDelayMs = 1_000, tries = TRIES } = this.#options;
    return persist({ maxWaitMs, firstDelayMs, tries }, attempt);
  }

  /** One request; `key` is where Frappe puts the result. */
  async #once(call: Call, { key, remainingMs }: { key: "data" | "message"; remainingMs: number }): Promise<unknown> {
    const failed = (status: number, why: string) => (effort: Effort) =>
      new FrappeError(
        { kind: "unreachable", status },
        {
          what: redact(`${this.#host} did not answer to ${call.purpose}: ${why}${givenUp(effort)}`, this.#secrets()),
          next: "check that the server has converged and its tunnel is up, and run the command again",
        },
      );
    let answer: HttpAnswer;
    try {
      answer = await this.#options.send(this.#request(call, remainingMs));
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      throw new AttemptFailed(failed(0, error.message), { repeat: call.repeatable || !error.sent });
    }
    const { status } = answer;
    if (status === 429) {
      const waitMs = retryAfterMs(answer.headers, new Date()) ?? UNNAMED_THROTTLE;
      throw new AttemptFailed(failed(status, "HTTP 429, too many requests"), { repeat: true, waitMs });
    }
    if (isGatewayFailure(status)) {
      const mode = isInMaintenance(answer) ? ", the site is in maintenance mode" : "";
      throw new AttemptFailed(failed(status, `HTTP ${status}${mode}`), { repeat: call.repeatable });
    }
    return this.#read(answer, { call, key });
  }

  #read(answer: HttpAnswer, { call, key }: { call: Call; key: "data" | "message" }): unknown {
    const body = parseJson(answer.text);
    if (answer.status >= 200 && answer.status < 300 && typeof body === "object" && body !== null) {
      return (body as Readonly<Record<string, unknown>>)[key];
    }
    const error = frappeError(answer, { purpose: call.purpose, host: this.#host, secrets: this.#secrets() });
    // Reading changes nothing, so an exception, which may be of the moment (a lock, a restart), gets another chance.
    if (call.method !== "GET" || error.kind !== "server") throw error;
    const conclude = (effort: Effort): FrappeError =>
      new FrappeError(error, { what: `${error.what}${givenUp(effort)}`, next: error.next });
    throw new AttemptFailed(conclude, { repeat: true });
  }

  #request(call: Call, remainingMs: number): HttpRequest {
    const { siteUrl, apiUrl, apiKey, apiSecret, access, timeoutMs = 60_000 } = this.#options;
    const headers: Record<string, string> = {
      Accept: "application/json",
      Authorization: `token ${apiKey}:${apiSecret}`,
    };
    if (access !== undefined) {
      headers["CF-Access-Client-Id"] = access.clientId;
      headers["CF-Access-Client-Secret"] = access.clientSecret;
    }
    if (call.body !== undefined) headers["Content-Type"] = "application/json";
    return {
      method: call.method,
      url: new URL(call.path, apiUrl ?? siteUrl),
      host: this.#host,
      headers,
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      timeoutMs: Math.min(timeoutMs, remainingMs),
    };
  }

  #secrets(): readonly (string | undefined)[] {
    const { apiKey, apiSecret, access } = this.#options;
    return [apiSecret, apiKey, access?.clientSecret];
  }
}

/** Names may hold spaces, slashes, percent signs: "Standard Selling", "Freight/Duty - ABBR". */
function resource(doctype: string, name?: string): string {
  const path = `/api/resource/${encodeURIComponent(doctype)}`;
  return name === undefined ? path : `${path}/${encodeURIComponent(name)}`;
}

/** A document as an operator knows it; a Single has its doctype's name. */
function titled(doctype: string, name: string): string {
  return doctype === name ? `"${doctype}"` : `${doctype} "${name}"`;
}
