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
  retentionDays: 35,
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
  versioning: { enabled: true },
  softDeletePolicy: { retentionDurationSeconds: 604_800 },
  lifecycleRules: [
    { action: { type: "Delete" }, condition: { age: 35, withState: "LIVE" } },
    { action: { type: "Delete" }, condition: { daysSinceNoncurrentTime: 14, withState: "ARCHIVED" } },
    { action: { type: "AbortIncompleteMultipartUpload" }, condition: { age: 1 } },
  ],
  forceDestroy: false,
};

test("production: versioned, private, recoverable, and not to be deleted by accident or on purpose", async () => {
  const { named } = await recordResources(build);
  const { inputs, protect, retainOnDelete } = named("backups-bucket");
  expect({ inputs, protect, retainOnDelete }).toEqual({ inputs: PRODUCTION, protect: true, retainOnDelete: true });
});

test("a test store's bucket goes with all that is in it, at once", async () => {
  const { named } = await recordResources(() => build({ protect: false }));
  const { inputs, protect, retainOnDelete } = named("backups-bucket");
  const test = { ...PRODUCTION, softDeletePolicy: { retentionDurationSeconds: 0 }, forceDestroy: true };
  expect({ inputs, protect, retainOnDelete }).toEqual({ inputs: test, protect: false, retainOnDelete: false });
});

test("the server may add and read, and neither delete nor overwrite", async () => {
  const { resources } = await recordResources(build);
  expect(resources.filter(({ type }) => type.includes("IAM")).map(({ name, inputs }) => [name, inputs])).toEqual([
    ["backups-writer", { bucket: "acme-project-acme-backups", role: "roles/storage.objectCreator", member: MEMBER }],
    ["backups-reader", { bucket: "acme-project-acme-backups", role: "roles/storage.objectViewer", member: MEMBER }],
  ]);
  expect(resources).toHaveLength(4);
  expect(resources.slice(1).map(({ parentType }) => parentType)).toEqual(Array(3).fill("erpnext:gcp:BackupBucket"));
});

test("outputs", async () => {
  const { result, outputs, named } = await recordResources(build);
  expect(await valueOf(result.bucket)).toBe("acme-project-acme-backups");
  expect(outputs.get(named("backups").urn)).toEqual({ bucket: "acme-project-acme-backups" });
});
