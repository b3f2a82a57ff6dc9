/** What stands where a secret stood. */
export const MASK = "[secret]";

/**
 * The shape of a credential, wherever it stands. Sources: Shopify's token prefixes (shpat_ Admin API token, shpss_ API secret and
 * siblings), GitHub and GitLab tokens, Google access tokens, OAuth secrets and API keys, Cloudflare's prefixed tokens, Frappe's
 * `Authorization: token key:secret`, JSON Web Tokens and tunnel tokens (base64 JSON starts with eyJ), and PEM private keys.
 */
const VALUES: readonly RegExp[] = [
  /shp[a-z]{2}_[A-Za-z0-9]+/,
  /\bgh[pousr]_[A-Za-z0-9]{20,}/,
  /\bgithub_pat_\w{20,}/,
  /\bglpat-[\w-]{16,}/,
  /\bya29\.[\w.-]{10,}/,
  /\bGOCSPX-[\w-]{10,}/,
  /\bAIza[\w-]{30,}/,
  /\bcf(?:k|ut|at)_\w{20,}/,
  /\btoken [A-Za-z0-9]{6,}:[A-Za-z0-9]{6,}/,
  /\beyJ[\w-]{20,}[\w.=-]*/,
  /-----BEGIN [A-Z ]*PRIVATE KEY(?:-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$))?/,
];

/** The credentials of a web address: a user or token before its host, or any address with a password there; ssh's `git@` has none. */
const URL_CREDENTIALS = /(?<=\bhttps?:\/\/)[^/\s@]+(?=@)|(?<=:\/\/)[^/\s@:]*:[^/\s@]+(?=@)/i;

/**
 * What is a credential only where it is called one: a Cloudflare Access client secret is 64 hexadecimal digits, as an image's digest is.
 */
const NAMED = /(?<=\b(?:cf[-_])?(?:access[-_])?client[-_]?secret["']?\s*[:=]\s*["']?)[0-9a-f]{64}\b/i;

const SHAPES = [...VALUES, URL_CREDENTIALS, NAMED];

const EVERY_SHAPE = SHAPES.map((shape) => new RegExp(shape, `${shape.flags}g`));

const KEY = /token|secret|passw|credential|api[-_]?key|private[-_]?key|access[-_]?key/i;

/** Whether a text holds something that has the shape of a credential. */
export function looksLikeSecret(value: string): boolean {
  return SHAPES.some((shape) => shape.test(value));
}

/** Whether a text holds an address with credentials in it. */
export function hasUrlCredentials(value: string): boolean {
  return URL_CREDENTIALS.test(value);
}

/** Whether a key announces that its value is a secret, whatever the value looks like. */
export function isSecretKey(key: string): boolean {
  return KEY.test(key);
}

/** The places in a text (offsets in characters) at which something starts that has the shape of a credential, ascending. */
export function secretOffsets(text: string): readonly number[] {
  const starts = EVERY_SHAPE.flatMap((shape) => [...text.matchAll(shape)].map((match) => match.index));
  return [...new Set(starts)].sort((a, b) => a - b);
}

/**
 * Masks secrets in a text that someone will read: the given values wherever they stand, and everything that has the shape of a
 * credential. Values shorter than six characters stay, because masking them would garble ordinary words.
 */
export function redact(text: string, secrets: readonly (string | undefined)[] = []): string {
  const known = secrets.filter((secret) => secret !== undefined && secret.length >= 6) as string[];
  const longestFirst = known.sort((a, b) => b.length - a.length);
  const withoutKnown = longestFirst.reduce((masked, secret) => masked.split(secret).join(MASK), text);
  return EVERY_SHAPE.reduce((masked, shape) => masked.replace(shape, MASK), withoutKnown);
}
