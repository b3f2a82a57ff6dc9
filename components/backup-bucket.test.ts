import { BackupBucket, type BackupBucketArgs } from "./backup-bucket";
import { recordResources } from "./testing/record-resources";
import { valueOf } from "./testing/value-of";

const MEMBER = "serviceAccount:acme-erpnext@acme-project.iam.gserviceaccount.com";
const ARGS: BackupBucketArgs = {
  slug: "acme",
  project: "acme-project",
  region: "europe-west3",
  labels: { customer: "acme" },
  member: MEMBER,
  backupRetentionDays: 35,
  protect: true,
};
const build = (args: Partial<BackupBucketArgs> = {}) => new BackupBucket("backups", { ...ARGS, ...args });

const PRODUCTION = {
  project: "acme-project",
  name: "acme-project-acme-backups",
  location: "europe-west3",
  labels: { customer: "acme" },
  uniformBucketLevelAccess: true,
  publicAccessPrevention: "enforced",
  retentionPolicy: { isLocked: true, retentionPeriod: "1209600" },
  versioning: { enabled: false },
  softDeletePolicy: { retentionDurationSeconds: 604_800 },
  lifecycleRules: [
    { action: { type: "Delete" }, condition: { age: 35, daysSinceCustomTime: 1, withState: "LIVE" } },
    // With and without Pub/Sub: what it wrote must go after the customer has gone back to the door.
    { action: { type: "Delete" }, condition: { age: 35, matchesPrefixes: ["deliveries/"], withState: "LIVE" } },
    { action: { type: "Delete" }, condition: { daysSinceNoncurrentTime: 14, withState: "ARCHIVED" } },
    { action: { type: "AbortIncompleteMultipartUpload" }, condition: { age: 1 } },
  ],
  forceDestroy: false,
};

test("production: locked, private, recoverable, and not to be deleted by accident or on purpose", async () => {
  const { named } = await recordResources(build);
  const { inputs, protect, retainOnDelete } = named("backups-bucket");
  expect({ inputs, protect, retainOnDelete }).toEqual({ inputs: PRODUCTION, protect: true, retainOnDelete: true });
});

test("a test store's bucket goes with all that is in it, at once", async () => {
  const { named } = await recordResources(() => build({ protect: false }));
  const { inputs, protect, retainOnDelete } = named("backups-bucket");
  const test = {
    ...PRODUCTION,
    retentionPolicy: undefined,
    versioning: { enabled: true },
    softDeletePolicy: { retentionDurationSeconds: 0 },
    forceDestroy: true,
  };
  expect({ inputs, protect, retainOnDelete }).toEqual({ inputs: test, protect: false, retainOnDelete: false });
});

test.each([
  [undefined, "europe-west3"],
  ["EUR4", "EUR4"],
])("with the backup location %s it lies in %s", async (backupLocation, location) => {
  const { named } = await recordResources(() => build({ backupLocation }));
  expect(named("backups-bucket").inputs["location"]).toBe(location);
});

test("the server may add, read and mark, and neither delete nor overwrite; of others only the project's owners come in", async () => {
  const { resources, named } = await recordResources(build);
  const { inputs, retainOnDelete, parentType } = named("backups-readers");
  expect([inputs["bucket"], retainOnDelete, parentType]).toEqual([
    "acme-project-acme-backups",
    true,
    "erpnext:gcp:BackupBucket",
  ]);
  const owners = "projectOwner:acme-project";
  expect(JSON.parse(inputs["policyData"] as string)).toEqual({
    bindings: [
      { role: "roles/storage.legacyBucketOwner", members: [owners] },
      { role: "roles/storage.legacyObjectOwner", members: [owners, MEMBER] },
      { role: "roles/storage.objectCreator", members: [MEMBER] },
      { role: "roles/storage.objectViewer", members: [MEMBER] },
    ],
  });
  expect(resources).toHaveLength(3);
});

test("outputs", async () => {
  const { result, outputs, named } = await recordResources(build);
  expect(await valueOf(result.bucket)).toBe("acme-project-acme-backups");
  expect(outputs.get(named("backups").urn)).toEqual({ bucket: "acme-project-acme-backups" });
});

test("where Shopify delivers to Pub/Sub, its account adds evidence, and reads none", async () => {
  const evidenceMember = "serviceAccount:service-1@gcp-sa-pubsub.iam.gserviceaccount.com";
  const { named } = await recordResources(() => build({ evidenceMember }));
  const { bindings } = JSON.parse(String(named("backups-readers").inputs["policyData"])) as {
    bindings: { role: string; members: string[] }[];
  };
  const roles = bindings.filter(({ members }) => members.includes(evidenceMember)).map(({ role }) => role);
  expect(roles.sort()).toEqual(["roles/storage.legacyBucketReader", "roles/storage.objectCreator"]);
});
