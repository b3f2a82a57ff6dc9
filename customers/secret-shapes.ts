/**
 * What a secret looks like. Customer files are committed in clear, so whatever matches here is refused and never printed.
 * Sources: Shopify's token prefixes (shpat_ Admin API token, shpss_ API secret and siblings), GitHub and GitLab tokens,
 * Google access tokens, OAuth secrets and API keys, Cloudflare's prefixed tokens, JSON Web Tokens and tunnel tokens
 * (base64 JSON starts with eyJ) and PEM private keys.
 */
const SECRET_VALUES: readonly RegExp[] = [
  /shp[a-z]{2}_[A-Za-z0-9]+/,
  /\bgh[pousr]_[A-Za-z0-9]{20,}/,
  /\bgithub_pat_\w{20,}/,
  /\bglpat-[\w-]{16,}/,
  /\bya29\.[\w.-]{10,}/,
  /\bGOCSPX-[\w-]{10,}/,
  /\bAIza[\w-]{30,}/,
  /\bcf(?:k|ut|at)_\w{20,}/,
  /\beyJ[\w-]{20,}/,
  /-----BEGIN [A-Z ]*PRIVATE KEY/,
];

/** A web address with a user or token before its host, or any address with a password there; ssh's `git@` is none. */
const URL_CREDENTIALS = /\bhttps?:\/\/[^/\s@]+@|:\/\/[^/\s@:]*:[^/\s@]+@/i;

const SECRET_KEY = /token|secret|passw|credential|api[-_]?key|private[-_]?key|access[-_]?key/i;

/** What is printed where a secret stood. */
export const MASK = "[secret]";

/** Whether a text holds something that has the shape of a credential. */
export function looksLikeSecret(value: string): boolean {
  return hasUrlCredentials(value) || SECRET_VALUES.some((shape) => shape.test(value));
}

/** Whether a text holds an address with credentials in it. */
export function hasUrlCredentials(value: string): boolean {
  return URL_CREDENTIALS.test(value);
}

/** Whether a key announces that its value is a secret, whatever the value looks like. */
export function isSecretKey(key: string): boolean {
  return SECRET_KEY.test(key);
}

/** The places in a text (offsets in characters) at which something starts that has the shape of a credential, ascending. */
export function secretOffsets(text: string): readonly number[] {
  const starts = [...SECRET_VALUES, URL_CREDENTIALS].flatMap((shape) =>
    [...text.matchAll(new RegExp(shape, `${shape.flags}g`))].map((match) => match.index),
  );
  return [...new Set(starts)].sort((a, b) => a - b);
}

/** What is said of a secret that stands in a customer file; a fault goes on with "and" and the next step. */
export const SECRET_EXPOSED =
  "what looks like a secret (not shown), and customer files are committed in clear: remove it, revoke it if it was committed";

/** The command that puts a secret where it belongs: encrypted, into the configuration of the customer's stack. */
export function storeCommand(key: string, slug: string): string {
  return `pulumi config set --secret ${key} -s ${slug}`;
}
