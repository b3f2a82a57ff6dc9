import { createHash, generateKeyPairSync, sign, type KeyObject } from "node:crypto";

export const ISSUER = "https://acme.cloudflareaccess.com";
export const AUDIENCE = "a".repeat(64);

interface Key {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

export type Claims = Readonly<Record<string, unknown>>;

/** A team's Access: two keys, of which one signs, and an endpoint that holds both. */
export class AccessIssuer {
  #keys: readonly Key[] = [newKey()];
  /** How often its keys were asked for. */
  asked = 0;
  /** What it answers with instead of its keys. */
  status = 200;

  /** A new key signs from now on; the one before stays known. */
  rotate(): void {
    this.#keys = [newKey(), ...this.#keys].slice(0, 2);
  }

  certs(): Response {
    this.asked += 1;
    if (this.status !== 200) return new Response("error", { status: this.status });
    const keys = this.#keys.map(({ kid, publicKey }) => ({
      ...publicKey.export({ format: "jwk" }),
      kid,
      alg: "RS256",
      use: "sig",
    }));
    return Response.json({ keys });
  }

  /** A token as Access makes it, with other claims or another header where a test wants them. */
  token(claims: Claims = {}, header: Claims = {}): string {
    const [key] = this.#keys;
    if (key === undefined) throw new Error("an issuer without keys signs nothing.");
    return signed(key.privateKey, { kid: key.kid, ...header }, { ...soundClaims(), ...claims });
  }
}

let forger: Key | undefined;

/** A token that someone else signed. */
export function forgedToken(header: Claims = {}): string {
  const { privateKey, kid } = (forger ??= newKey());
  return signed(privateKey, { kid, ...header }, soundClaims());
}

/** A token without a signature, as the algorithm "none" has it. */
export function unsignedToken(): string {
  return `${encoded({ alg: "none", typ: "JWT" })}.${encoded(soundClaims())}.`;
}

export function soundClaims(): Claims {
  const now = Math.floor(Date.now() / 1000);
  return { iss: ISSUER, aud: [AUDIENCE], email: "books@acme.example", iat: now, nbf: now, exp: now + 3600, sub: "1" };
}

function newKey(): Key {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const kid = createHash("sha256")
    .update(publicKey.export({ format: "der", type: "spki" }))
    .digest("hex");
  return { kid, privateKey, publicKey };
}

function signed(key: KeyObject, header: Claims, claims: Claims): string {
  const input = `${encoded({ alg: "RS256", typ: "JWT", ...header })}.${encoded(claims)}`;
  return `${input}.${sign("sha256", Buffer.from(input), key).toString("base64url")}`;
}

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
