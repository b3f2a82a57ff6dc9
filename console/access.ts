import { jwtVerify } from "jose";

import { AccessKeys, KeysUnreachable, type KeyPatience } from "./access-keys";

/** Who may pass, and by whose word. */
export interface AccessSettings {
  /** `https://<team>.cloudflareaccess.com` */
  readonly issuer: string;
  /** The audience tag of this application. */
  readonly audience: string;
}

/** allowed · refused: no token, or one that proves nothing (403) · unreachable: it could not be determined (503). */
export type Admission = "allowed" | "refused" | "unreachable";

/** Two machines' clocks (seconds). */
const CLOCK_TOLERANCE_S = 10;
/** What is longer is not a token: Access's tokens have about one kilobyte (characters). */
const LONGEST_TOKEN = 16_384;

/**
 * Checks the token that Cloudflare Access puts on every request it lets through, so that no one comes in where Access is
 * misconfigured or passed by.
 */
export class AccessGate {
  readonly #keys: AccessKeys;

  constructor(
    private readonly settings: AccessSettings,
    patience: KeyPatience = {},
  ) {
    this.#keys = new AccessKeys(settings.issuer, patience);
  }

  async admit(headers: Headers): Promise<Admission> {
    const token = tokenIn(headers);
    if (token === undefined) return "refused";
    try {
      await jwtVerify(token, this.#keys.keyOf, {
        ...this.settings,
        algorithms: ["RS256"],
        requiredClaims: ["exp", "iat"],
        clockTolerance: CLOCK_TOLERANCE_S,
      });
      return "allowed";
    } catch (error) {
      return error instanceof KeysUnreachable ? "unreachable" : "refused";
    }
  }
}

/** The header goes first: a browser's cookie is not always passed on. */
function tokenIn(headers: Headers): string | undefined {
  const cookie = /(?:^|;\s*)CF_Authorization=([^;]+)/.exec(headers.get("Cookie") ?? "")?.[1];
  const token = (headers.get("Cf-Access-Jwt-Assertion") ?? cookie)?.trim();
  return token === undefined || token.length > LONGEST_TOKEN ? undefined : token;
}
