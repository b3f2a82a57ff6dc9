import { UserError } from "../../core/user-error";
import { requireEnvironment } from "./environment";
import { computeAddress } from "./server-request/compute-address";

/** What components/server-ready.ts hands over. */
const NAMES = [
  ...["CUSTOMER", "PROJECT", "ZONE", "INSTANCE", "BUCKET"],
  ...["HEALTH_URL", "HEALTH_HOST", "HEALTH_CERTIFICATE"],
] as const;

/** A large site's files take a while; half an hour covers some tens of gigabytes. */
const DEFAULT_TIMEOUT_SECONDS = 30 * 60;

/** Reads the script's environment. @throws UserError */
export function finalBackupSettings(environment: Readonly<Record<string, string | undefined>>) {
  const given = requireEnvironment(NAMES, environment);
  return {
    customer: given.CUSTOMER,
    project: given.PROJECT,
    zone: given.ZONE,
    instance: given.INSTANCE,
    bucket: given.BUCKET,
    health: {
      url: address("HEALTH_URL", given.HEALTH_URL),
      host: given.HEALTH_HOST,
      anyCertificate: given.HEALTH_CERTIFICATE === "staging",
    },
    computeUrl: computeAddress(environment["GCP_COMPUTE_ENDPOINT"]),
    timeoutMs: seconds("TIMEOUT_SECONDS", environment["TIMEOUT_SECONDS"]) * 1000,
  };
}

function address(name: string, value: string): URL {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url;
  throw new UserError({
    what: `"${name}" is "${value}", which is no http address`,
    next: `set it to one, or unset it`,
  });
}

function seconds(name: string, value = String(DEFAULT_TIMEOUT_SECONDS)): number {
  if (/^[1-9]\d{0,5}$/.test(value)) return Number(value);
  throw new UserError({
    what: `"${name}" is "${value}", which is no number of seconds`,
    next: `set it to a whole number such as ${DEFAULT_TIMEOUT_SECONDS}, or unset it`,
  });
}
