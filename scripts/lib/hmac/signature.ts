import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** The value of `X-Shopify-Hmac-Sha256` for a body: base64 of HMAC-SHA256 with the app's secret. */
export function sign(body: Uint8Array, secret: string): string {
  return createHmac("sha256", secret).update(body).digest("base64");
}

/** Whether a signature is that of the body under the secret. */
export function isSignedWith(body: Uint8Array, secret: string, signature: string): boolean {
  const [given, right] = [Buffer.from(signature, "base64"), createHmac("sha256", secret).update(body).digest()];
  return given.length === right.length && timingSafeEqual(given, right);
}

/** What a header's value is missing to be a signature; undefined when it is one. */
export function signatureFault(header: string): string | undefined {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(header)) return "it holds characters that base64 has not";
  const { length } = Buffer.from(header, "base64");
  return length === 32 ? undefined : `it stands for ${length} bytes, not for the 32 of a SHA-256`;
}

/** A digest that names a body without showing it. */
export function fingerprint(body: Uint8Array): string {
  return createHash("sha256").update(body).digest("hex").slice(0, 16);
}
