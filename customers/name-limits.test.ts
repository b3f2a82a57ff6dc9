import { DERIVED_NAMES, SLUG_LIMIT, slugLimitOf, TIGHTEST_NAME } from "./name-limits";
import { slug } from "./shapes";
import { refusals } from "./testing/refusals";

test("the service account id decides: 30 characters, of which -erpnext takes 8", () => {
  expect(TIGHTEST_NAME.what).toBe("Google Cloud service account id");
  expect(SLUG_LIMIT).toBe(22);
});

test.each([
  [SLUG_LIMIT - 1, 0],
  [SLUG_LIMIT, 0],
  [SLUG_LIMIT + 1, 1],
])("a slug of %d characters has %d faults", (length, faults) => {
  expect(refusals(slug, "s".repeat(length))).toHaveLength(faults);
});

test.each(DERIVED_NAMES.map((name) => [name.what, name] as const))("the longest slug fits into: %s", (_, name) => {
  expect("s".repeat(SLUG_LIMIT).length + name.around.length).toBeLessThanOrEqual(name.limit);
});

test.each([
  ["Google Cloud service account id", 22],
  ["Compute Engine name", 47],
  ["Google Cloud label value", 63],
  ["Artifact Registry repository", 55],
  ["Cloud Storage bucket", 24],
  ["Secret Manager secret id", 232],
  ["Cloudflare Worker name", 42],
  ["domain label of the automation user's address", 63],
])("%s alone would allow slugs of %d characters", (what, limit) => {
  expect(DERIVED_NAMES.filter((name) => name.what === what).map(slugLimitOf)).toEqual([limit]);
});
