/** One request that a stand-in answered. */
export interface LoggedRequest {
  readonly service: "gcp" | "cloudflare" | "docker-build" | "command" | "shopify" | "erpnext" | "edge" | "vm";
  readonly method: string;
  readonly path: string;
  /** Whether answering it could change anything. A preview must cause none. */
  readonly write: boolean;
  readonly status: number;
  /** A few words for a reader; never a secret, never a body. */
  readonly summary?: string;
}

/** What all stand-ins were asked, in order, so that a test can prove what was not asked. */
export class RequestLog {
  readonly #entries: LoggedRequest[] = [];

  record(entry: LoggedRequest): void {
    this.#entries.push(entry);
  }

  get entries(): readonly LoggedRequest[] {
    return this.#entries;
  }

  writes(): readonly LoggedRequest[] {
    return this.#entries.filter((entry) => entry.write);
  }

  clear(): void {
    this.#entries.length = 0;
  }
}
