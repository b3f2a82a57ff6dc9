import { adviceOn, refusalOf, type Refusal } from "./google-refusals";

/** Google's words around what the gcp provider puts before them. */
const SAID: [Refusal | undefined, string][] = [
  [
    "off",
    "googleapi: Error 403: Compute Engine API has not been used in project 1 before or it is disabled., accessNotConfigured",
  ],
  [
    "billing",
    "Error creating Bucket: googleapi: Error 403: The billing account for the owning project is disabled in state absent, accountDisabled",
  ],
  [
    "billing",
    "googleapi: Error 400: Billing account for project '1' is not found. Billing must be enabled for activation of service(s) 'compute.googleapis.com' to proceed., failedPrecondition",
  ],
  ["billing", "googleapi: Error 403: Project acme (#1) has billing disabled. Please enable it., forbidden"],
  ["project", "googleapi: Error 403: Consumer 'projects/1' has been suspended., forbidden"],
  [
    "policy",
    "googleapi: Error 412: Constraint constraints/compute.vmExternalIpAccess violated for project 1., conditionNotMet",
  ],
  [
    "quota",
    "Error waiting for instance to create: Quota 'CPUS' exceeded.  Limit: 8.0 in region europe-west3.\n\tmetric name = compute.googleapis.com/cpus",
  ],
  ["rate", "googleapi: Error 403: Quota exceeded for quota metric 'Read requests', rateLimitExceeded"],
  ["stock", "The zone 'projects/acme/zones/europe-west3-a' does not have enough resources available"],
  [
    "exists",
    "Error creating Network: googleapi: Error 409: The resource 'projects/acme/global/networks/acme' already exists, alreadyExists",
  ],
  [
    "exists",
    "googleapi: Error 409: Your previous request to create the named bucket succeeded and you already own it., conflict",
  ],
  [
    "rights",
    "googleapi: Error 403: Required 'compute.instances.create' permission for 'projects/acme/zones/europe-west3-a/instances/acme', forbidden",
  ],
  [
    "rights",
    "googleapi: Error 403: a@b.c does not have storage.buckets.create access to the Google Cloud project., forbidden",
  ],
  [
    "rights",
    "Error creating Secret: googleapi: Error 403: Permission 'secretmanager.secrets.create' denied for resource 'projects/acme'",
  ],
  [undefined, "googleapi: Error 400: Invalid value for field 'resource.name', invalid"],
];

test.each(SAID)("%s: %s", (refusal, words) => {
  expect(refusalOf(words)).toBe(refusal);
});

const adviceFor = (words: string) => adviceOn({ words, project: "acme-erpnext", customer: "acme" });

test("a right that is missing is told as the role that has it", () => {
  expect(adviceFor("Error 403: Required 'compute.instances.setMetadata' permission for 'x', forbidden")).toBe(
    'give the account that runs "pulumi up" roles/compute.admin, which has "compute.instances.setMetadata", in the project "acme-erpnext"; then run "pulumi up -s acme" again',
  );
  expect(adviceFor("Error 403: The caller does not have permission, forbidden")).toContain("docs/new-customer.md");
});

test("what exists already is to be taken into the state first", () => {
  expect(adviceFor("Error 409: x already exists, alreadyExists")).toContain('"./stack doctor acme --fix" before any');
});

test("what is not known is left to Google's own words", () => {
  expect(adviceFor("Error 400: Invalid value")).toBeUndefined();
});
