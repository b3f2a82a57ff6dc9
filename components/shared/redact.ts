/**
 * Credential shapes that must never be printed, whatever text they turn up in. Sources: Shopify's token prefixes
 * (shpat_, shpss_, shpca_, shppa_), Google access tokens (ya29.), Frappe's `Authorization: token key:secret`, Cloudflare
 * Access client secrets (64 hex digits) and tunnel tokens (base64 JSON, which starts with eyJ).
 */
const SHAPES: readonly RegExp[] = [
  /\bshp(?:at|ss|ca|pa|ua)_[A-Za-z0-9]{8,}/g,
  /\bya29\.[A-Za-z0-9._-]{10,}/g,
  /\btoken [A-Za-z0-9]{6,}:[A-Za-z0-9]{6,}/g,
  /\beyJ[A-Za-z0-9_-]{20,}={0,2}/g,
];

const MASK = "[secret]";

/**
 * Masks secrets in a text that somebody will read: the given values wherever they stand, and everything that has the
 * shape of a credential. Values shorter than six characters are left alone, since masking them would garble ordinary words.
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  const known = secrets.filter((secret) => secret.length >= 6).sort((a, b) => b.length - a.length);
  const withoutKnown = known.reduce((masked, secret) => masked.split(secret).join(MASK), text);
  return SHAPES.reduce((masked, shape) => masked.replace(shape, MASK), withoutKnown);
}
