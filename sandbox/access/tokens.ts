import { createPublicKey, generateKeyPairSync, randomUUID, sign, verify, type KeyObject } from "node:crypto";

/** What a token of Cloudflare Access says; facts: Cloudflare's documentation of the application token. */
export interface AccessClaims {
  readonly aud: readonly string[];
  readonly email?: string;
  /** Client id of a service token. */
  readonly common_name?: string;
  /** Seconds since 1970. */
  readonly exp: number;
  readonly iat: number;
  readonly nbf: number;
  readonly iss: string;
  readonly type: "app";
  readonly sub: string;
  readonly identity_nonce?: string;
  readonly country?: string;
}

interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
}

/** How long a login lasts here (seconds): the session duration that the stack asks for. */
const LIFETIME_S = 24 * 60 * 60;

/** Signs the tokens of one Cloudflare account's Access, and shows the keys they are checked with. */
export class AccessTokens {
  /** The newest first; Cloudflare shows the one before it too. Made when first needed: a pair takes a moment. */
  #keys: SigningKey[] = [];

  /** @param domain the team's, for example "sandbox.cloudflareaccess.com" */
  constructor(readonly domain: string) {}

  get issuer(): string {
    return `https://${this.domain}`;
  }

  /** `/cdn-cgi/access/certs` */
  certs(): { readonly keys: readonly object[] } {
    return {
      keys: this.#all().map(({ kid, privateKey }) => ({
        ...createPublicKey(privateKey).export({ format: "jwk" }),
        kid,
        alg: "RS256",
        use: "sig",
      })),
    };
  }

  /** A new key signs from now on; the one before is shown still, and every older one is not any more. */
  rotate(): void {
    this.#keys = [newKey(), ...this.#all().slice(0, 1)];
  }

  /** A token for a person who passed the login of an application. */
  issue(audience: string, who: { readonly email: string } | { readonly common_name: string }): string {
    const now = Math.floor(Date.now() / 1000);
    return this.sign({
      aud: [audience],
      ...who,
      iat: now,
      nbf: now,
      exp: now + LIFETIME_S,
      iss: this.issuer,
      type: "app",
      sub: "email" in who ? randomUUID() : "",
    });
  }

  /** Any claims, signed with the newest key: what a test needs to see refused. */
  sign(claims: AccessClaims): string {
    const [key] = this.#all();
    if (key === undefined) throw new Error("there is no key");
    const head = encode({ alg: "RS256", kid: key.kid, typ: "JWT" });
    const signed = `${head}.${encode(claims)}`;
    return `${signed}.${sign("RSA-SHA256", Buffer.from(signed), key.privateKey).toString("base64url")}`;
  }

  /** Whether a token is one of these, for the application, and has not ended. */
  accepts(token: string, audience: string): boolean {
    const [head = "", body = "", signature = ""] = token.split(".");
    const key = this.#all().find(({ kid }) => kid === decode(head)["kid"]);
    if (key === undefined) return false;
    const right = verify(
      "RSA-SHA256",
      Buffer.from(`${head}.${body}`),
      createPublicKey(key.privateKey),
      Buffer.from(signature, "base64url"),
    );
    const { aud, exp } = decode(body);
    return right && Array.isArray(aud) && aud.includes(audience) && Number(exp) * 1000 > Date.now();
  }

  #all(): readonly SigningKey[] {
    if (this.#keys.length === 0) this.#keys = [newKey()];
    return this.#keys;
  }
}

function newKey(): SigningKey {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { kid: randomUUID().replaceAll("-", ""), privateKey };
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function decode(part: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(Buffer.from(part, "base64url").toString("utf8")) as Record<string, unknown>;
  } catch {
    return {};
  }
}
