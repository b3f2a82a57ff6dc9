import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from "jose";

export interface KeyPatience {
  /** How long keys are used before they are asked for again (milliseconds). @default an hour */
  readonly lastMs?: number;
  /**
   * How long the keys are not asked for again because of a key id that is not among them, or because no answer came
   * (milliseconds): made-up key ids must not become a flood of requests. @default 30000
   */
  readonly cooldownMs?: number;
}

/** The keys could not be had, which says nothing of the token. */
export class KeysUnreachable extends Error {
  override readonly name = "KeysUnreachable";
}

/** Access's own endpoint; it holds the key in use and the one before. */
const CERTS_PATH = "/cdn-cgi/access/certs";
const TIMEOUT_MS = 5_000;
/** Keys that cannot be renewed are used this long: Access keeps a replaced one for seven days (milliseconds). */
const USABLE_MS = 24 * 60 * 60 * 1000;

type LocalKeys = ReturnType<typeof createLocalJWKSet>;

/**
 * The keys that Access signs with, fetched when first needed and kept while the Worker's isolate lives. Requests share the keys
 * but never a fetch under way, which the runtime binds to the request that began it.
 */
export class AccessKeys {
  readonly #url: URL;
  readonly #lastMs: number;
  readonly #cooldownMs: number;
  #keys: LocalKeys | undefined;
  #fetchedAt = -Infinity;
  #failedAt = -Infinity;
  #missedAt = -Infinity;

  constructor(issuer: string, { lastMs = 3_600_000, cooldownMs = 30_000 }: KeyPatience = {}) {
    this.#url = new URL(CERTS_PATH, issuer);
    this.#lastMs = lastMs;
    this.#cooldownMs = cooldownMs;
  }

  /** The key of a token. @throws KeysUnreachable, and jose's JWKSNoMatchingKey */
  readonly keyOf: JWTVerifyGetKey = async (header, token) => {
    const keys = await this.#current();
    try {
      return await keys(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || !this.#mayLookAgain()) throw error;
      this.#missedAt = Date.now();
      return (await this.#fetch())(header, token);
    }
  };

  async #current(): Promise<LocalKeys> {
    const age = Date.now() - this.#fetchedAt;
    if (this.#keys !== undefined && age < this.#lastMs) return this.#keys;
    try {
      return await this.#fetch();
    } catch (error) {
      if (this.#keys === undefined || age >= USABLE_MS) throw error;
      return this.#keys;
    }
  }

  #mayLookAgain(): boolean {
    return Date.now() - Math.max(this.#missedAt, this.#fetchedAt) >= this.#cooldownMs;
  }

  async #fetch(): Promise<LocalKeys> {
    if (Date.now() - this.#failedAt < this.#cooldownMs) throw new KeysUnreachable();
    try {
      const answer = await fetch(this.#url, { redirect: "manual", signal: AbortSignal.timeout(TIMEOUT_MS) });
      if (answer.status !== 200) throw new KeysUnreachable();
      const keys = createLocalJWKSet((await answer.json()) as JSONWebKeySet);
      this.#keys = keys;
      this.#fetchedAt = Date.now();
      return keys;
    } catch {
      this.#failedAt = Date.now();
      throw new KeysUnreachable();
    }
  }
}
