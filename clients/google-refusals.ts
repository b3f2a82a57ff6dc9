import { roleWith } from "./google-rights";

/**
 * What tells apart why Google refuses, in its words, its ErrorInfo reasons (googleapis, google/api/error_reason.proto) or Compute's codes
 * of operations. The first that fits holds: an exhausted rate speaks of a quota too, and all of them come as a 403. Messages as they are
 * quoted in hashicorp/terraform-provider-google issues 5209 (billing) and 20573 (quota), and at
 * cloud.google.com/compute/docs/troubleshooting/troubleshooting-vm-creation (stock).
 */
const SIGNS = {
  billing:
    /BILLING_DISABLED|requires billing to be enabled|UREQ_PROJECT_BILLING_NOT_FOUND|Billing must be enabled|billing disabled|not configured billing|accountDisabled|absent billing account|[Bb]illing account [^.]*(disabled|not found)/,
  project: /CONSUMER_SUSPENDED|CONSUMER_INVALID|PROJECT_INVALID|has been suspended|was deleted/,
  policy: /ORG_POLICY|orgpolicy|organization policy|constraints\//i,
  off: /SERVICE_DISABLED|accessNotConfigured|has not been used in project|it is disabled/,
  rate: /RATE_LIMIT_EXCEEDED|rateLimitExceeded|Quota exceeded for quota metric/,
  quota: /QUOTA_EXCEEDED|quotaExceeded|Quota '[^']+' exceeded|Quota limit '[^']+' has been exceeded/,
  stock: /ZONE_RESOURCE_POOL_EXHAUSTED|does not have enough resources available|resource_availability/,
  exists: /Error 409:[^]*(already exists|you already own it)|\b(alreadyExists|ALREADY_EXISTS)\b/,
  rights:
    /IAM_PERMISSION_DENIED|PERMISSION_DENIED|Required '[^']+' permission|Permission '[^']+' denied|does not have (\S+ )?(access|permission)|Error 403:[^]*forbidden/,
} as const;

/** Why Google refuses, as far as it decides what to do about it. */
export type Refusal = keyof typeof SIGNS;

/** Undefined where the words tell nothing that is known here. */
export function refusalOf(words: string): Refusal | undefined {
  return (Object.keys(SIGNS) as Refusal[]).find((kind) => SIGNS[kind].test(words));
}

/** What was refused, and to whom. */
export interface Refused {
  /** Google's, or the provider's around them. */
  readonly words: string;
  /** Google Cloud project id. */
  readonly project: string;
  /** The customer's slug. */
  readonly customer: string;
}

/** What the operator does about it, starting with a verb in lower case, without a full stop. */
export function remedyOf(refusal: Refusal, { words, project, customer }: Refused): string {
  const remedies: Readonly<Record<Refusal, string>> = {
    billing: `link a billing account to the project "${project}"`,
    project: `have the project "${project}" restored, or take another one`,
    policy: "have the organisation's policy permit it for this project",
    off: "wait some minutes: Google takes that long for an API that was enabled",
    rate: "wait a minute: too much was asked at once",
    quota: `have the quota of the project "${project}" raised (console, IAM & Admin, Quotas), or take another region`,
    stock: 'wait, or take another "gcp.zone" or "gcp.machineType": Google has no such machine left there',
    exists: `run "./stack doctor ${customer} --fix" before any "pulumi refresh": it takes into the state what is there`,
    rights: `give the account that runs "pulumi up" ${roleFor(words)} in the project "${project}"`,
  };
  return remedies[refusal];
}

/** What to do about what Google refused an update; undefined where its own words have to do. */
export function adviceOn(refused: Refused): string | undefined {
  const refusal = refusalOf(refused.words);
  if (refusal === undefined) return undefined;
  return `${remedyOf(refusal, refused)}; then run "pulumi up -s ${refused.customer}" again`;
}

/** Google names the permission that is missing, and no role. */
function roleFor(words: string): string {
  const [, permission = ""] = /['"\s]([a-z]+\.[A-Za-z]+\.[A-Za-z]+)['"\s]/.exec(words) ?? [];
  const role = roleWith(permission);
  return role === undefined ? "the roles that docs/new-customer.md lists" : `${role}, which has "${permission}",`;
}
