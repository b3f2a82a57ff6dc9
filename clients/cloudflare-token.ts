/** Where Cloudflare's own provider looks for its API token when the configuration has none. */
export const CLOUDFLARE_TOKEN_VARIABLE = "CLOUDFLARE_API_TOKEN";

/** The API token that the environment holds, if any. */
export function environmentToken(): string | undefined {
  return process.env[CLOUDFLARE_TOKEN_VARIABLE];
}
