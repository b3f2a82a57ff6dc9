import { NAME_LIMITS } from "../core/names";

/** A name in some cloud that is made of the slug and a fixed rest, and how long that cloud lets it be (characters). */
export interface DerivedName {
  readonly what: string;
  /** The longest text that stands around the slug in such a name; core/names.ts makes the names. */
  readonly around: string;
  readonly limit: number;
}

/** The longest project id of Google Cloud; bucket names start with it, because they are unique in the whole world. */
const LONGEST_PROJECT_ID = 30;

/** Every physical name that grows with the slug. Service accounts are the tightest and decide. */
export const DERIVED_NAMES: readonly DerivedName[] = [
  { what: "Google Cloud service account id", around: "-erpnext", limit: NAME_LIMITS.serviceAccountId },
  { what: "Compute Engine name", around: "-erpnext-iap-ssh", limit: NAME_LIMITS.computeEngine },
  { what: "Google Cloud label value", around: "", limit: 63 },
  { what: "Artifact Registry repository", around: "-erpnext", limit: NAME_LIMITS.repositoryId },
  { what: "Cloud Storage bucket", around: `${"p".repeat(LONGEST_PROJECT_ID)}--backups`, limit: NAME_LIMITS.bucket },
  { what: "Secret Manager secret id", around: "-database-root-password", limit: NAME_LIMITS.secretId },
  { what: "Cloudflare Worker name", around: "-erpnext-sync-console", limit: NAME_LIMITS.worker },
  { what: "domain label of the automation user's address", around: "", limit: 63 },
];

/** How long the slug may be for one such name (characters). */
export function slugLimitOf(name: DerivedName): number {
  return name.limit - name.around.length;
}

/** The name that allows the shortest slug; refusals name it. */
export const TIGHTEST_NAME: DerivedName = DERIVED_NAMES.reduce((tightest, name) =>
  slugLimitOf(name) < slugLimitOf(tightest) ? name : tightest,
);

/** How long a slug may be (characters): what the tightest name leaves. */
export const SLUG_LIMIT: number = slugLimitOf(TIGHTEST_NAME);
