import { UserError } from "../../../core/user-error";

const GOOGLE = "https://compute.googleapis.com/compute/v1/";

/** Base of the Compute Engine API: Google's own, or another one that the operator's surroundings name. @throws UserError */
export function computeAddress(instead: string | undefined): URL {
  const address = withSlash(instead ?? GOOGLE);
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url;
  throw new UserError({
    what: `the address of the Compute Engine API is "${address}", which is no http address`,
    next: `correct GCP_COMPUTE_ENDPOINT, or "gcp:computeCustomEndpoint" of the stack's configuration, or unset it`,
  });
}

/** Without it, resolving a path against the address would drop the last part of the address's own. */
function withSlash(value: string): string {
  return value.endsWith("/") ? value : `${value}/`;
}
