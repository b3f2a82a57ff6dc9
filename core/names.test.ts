import { SLUG_LIMIT } from "../customers/name-limits";
import * as names from "./names";
import { UserError } from "./user-error";

const LONGEST_PROJECT = "p".repeat(30);

/** Each name with the text around the slug and its limit. */
const TABLE = [
  { what: "service account id", around: "-erpnext", limit: 30, make: names.serviceAccountId },
  { what: "Compute Engine name", around: "-erpnext", limit: 63, make: (slug: string) => names.serverName(slug) },
  {
    what: "Compute Engine name",
    around: "-erpnext-web",
    limit: 63,
    make: (slug: string) => names.serverName(slug, "web"),
  },
  {
    what: "Compute Engine name",
    around: "-erpnext-iap-ssh",
    limit: 63,
    make: (slug: string) => names.serverName(slug, "iap-ssh"),
  },
  {
    what: "Compute Engine name",
    around: "-erpnext-data",
    limit: 63,
    make: (slug: string) => names.serverName(slug, "data"),
  },
  {
    what: "Compute Engine name",
    around: "-erpnext-daily",
    limit: 63,
    make: (slug: string) => names.serverName(slug, "daily"),
  },
  { what: "Artifact Registry repository", around: "-erpnext", limit: 63, make: names.repositoryId },
  {
    what: "Secret Manager secret id",
    around: "-tunnel-token",
    limit: 255,
    make: (slug: string) => names.secretId(slug, "tunnel-token"),
  },
  { what: "Worker name", around: "-erpnext-sync-console", limit: 63, cloud: "Cloudflare", make: names.consoleName },
  {
    what: "display name",
    around: ": webhook door",
    limit: 100,
    make: (slug: string) => names.displayName(slug, "webhook door"),
  },
];

describe.each(TABLE)("$what <slug>$around", ({ what, around, limit, make, cloud = "Google Cloud" }) => {
  const slugFor = (length: number) => "s".repeat(length - around.length);

  test.each([limit - 1, limit])("takes %d characters", (length) => {
    expect(make(slugFor(length))).toBe(slugFor(length) + around);
  });

  test("refuses one character more and says by how much", () => {
    const slug = slugFor(limit + 1);
    expect(() => make(slug)).toThrow(
      new UserError({
        what: `${what} "${slug}${around}" has ${limit + 1} characters where ${cloud} takes ${limit}`,
        customer: slug,
        next: 'shorten "slug" by 1',
      }),
    );
  });

  test("fits the longest slug that the schema lets through, and is the same every time", () => {
    const slug = "s".repeat(SLUG_LIMIT);
    expect(make(slug)).toBe(make(slug));
  });
});

describe("bucket", () => {
  const slugFor = (length: number) => "s".repeat(length - LONGEST_PROJECT.length - "--backups".length);

  test.each([62, 63])("takes %d characters", (length) => {
    expect(names.backupBucketName(slugFor(length), LONGEST_PROJECT)).toBe(
      `${LONGEST_PROJECT}-${slugFor(length)}-backups`,
    );
  });

  test("refuses 64", () => {
    const slug = slugFor(64);
    expect(() => names.backupBucketName(slug, LONGEST_PROJECT)).toThrow(
      `Cloud Storage bucket "${LONGEST_PROJECT}-${slug}-backups" has 64 characters where Google Cloud takes 63 for customer "${slug}": shorten "slug" by 1.`,
    );
  });

  test("fits the longest slug in the longest project", () => {
    expect(names.backupBucketName("s".repeat(SLUG_LIMIT), LONGEST_PROJECT)).toHaveLength(30 + 1 + SLUG_LIMIT + 8);
  });
});

test("secret ids begin with the prefix", () => {
  expect(names.secretPrefix("acme")).toBe("acme-");
  expect(names.secretId("acme", "tunnel-token")).toBe("acme-tunnel-token");
});
