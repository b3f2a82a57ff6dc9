/** A name in some cloud that is made of the slug and a fixed rest, and how long that cloud lets it be (characters). */
export interface DerivedName {
  readonly what: string;
  /** The longest text that stands around the slug in such a name; core/names.ts makes the names. */
  readonly around: string;
  readonly limit: number;
}

/** The longest project id of Google Cloud; bucket names start with it, because they are unique in the whole world. */
const LONGEST_PROJECT_ID = 30;

/**
 * Every physical name that grows with the slug. Sources of the limits: Google Cloud's documentation (service account id
 * 6–30; Compute Engine, labels and Artifact Registry 63; Cloud Storage 63; Secret Manager 255) and Cloudflare's
 * (Worker names are DNS labels, 63). Service accounts are the tightest and decide.
 */
export const DERIVED_NAMES: readonly DerivedName[] = [
  { what: "Google Cloud service account id", around: "-erpnext", limit: 30 },
  { what: "Compute Engine name", around: "-erpnext-iap-ssh", limit: 63 },
  { what: "Google Cloud label value", around: "", limit: 63 },
  { what: "Artifact Registry repository", around: "-erpnext", limit: 63 },
  { what: "Cloud Storage bucket", around: `${"p".repeat(LONGEST_PROJECT_ID)}--backups`, limit: 63 },
  { what: "Secret Manager secret id", around: "-database-root-password", limit: 255 },
  { what: "Cloudflare Worker name", around: "-erpnext-sync-console", limit: 63 },
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
