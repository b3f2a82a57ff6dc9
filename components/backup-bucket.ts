import { Bucket, type BucketArgs } from "@pulumi/gcp/storage/bucket";
import { BucketIAMPolicy } from "@pulumi/gcp/storage/bucketIAMPolicy";
import * as pulumi from "@pulumi/pulumi";

import type { CustomerLabels } from "./shared/labels";
import { EVIDENCE_PREFIX } from "./shared/delivery-queue";
import { backupBucketName } from "../core/names";

/** Days that an overwritten or expired backup can still be had. */
const NONCURRENT_DAYS = 14;

/** Seconds. */
const DAY = 24 * 60 * 60;

/** Seconds that Cloud Storage keeps what was deleted for good: seven days is the shortest it takes, 0 switches it off. */
const SOFT_DELETE_SECONDS = 7 * DAY;

/** Days in which no role can delete or overwrite a backup of production. Once locked, it can only grow. */
const LOCKED_DAYS = 14;

/**
 * Add, read back, and mark what newer sets have replaced (storage.objects.update; of Google's roles only this one has it without
 * storage.objects.delete). None of them deletes or overwrites, so a broken-into server cannot destroy its backups.
 */
const SERVER_ROLES = ["roles/storage.objectCreator", "roles/storage.objectViewer", "roles/storage.legacyObjectOwner"];

/**
 * What a Cloud Storage subscription needs, which reads none of it: https://docs.cloud.google.com/pubsub/docs/create-cloudstorage-subscription.
 */
const EVIDENCE_ROLES = ["roles/storage.objectCreator", "roles/storage.legacyBucketReader"];

/** What Google gives the project's owners on each new bucket. Its viewers and editors get nothing here. */
const OWNER_ROLES = ["roles/storage.legacyBucketOwner", "roles/storage.legacyObjectOwner"];

/** What is kept, for how long, and who writes it. */
export interface BackupBucketArgs {
  /** The customer's slug. */
  readonly slug: string;
  /** Google Cloud project id. */
  readonly project: string;
  /** Google Cloud region of the customer. */
  readonly region: string;
  /** Where the backups lie instead: another region, or a dual-region or multi-region, of which Google keeps a copy in another region. */
  readonly backupLocation?: string | undefined;
  /** Labels of the bucket. */
  readonly labels: CustomerLabels;
  /** The server's service account, `serviceAccount:<email>`. */
  readonly member: pulumi.Input<string>;
  /** Who writes deliveries of Shopify's as evidence (Pub/Sub's own account), `serviceAccount:<email>`. Default: there is none. */
  readonly evidenceMember?: pulumi.Input<string> | undefined;
  /** Days that a backup is kept. */
  readonly backupRetentionDays: number;
  /** Refuse to delete the bucket, and leave it where it is when the stack is destroyed after all. */
  readonly protect: boolean;
}

/** The bucket that the server's backups go to, readable only to the server and the project's owners. */
export class BackupBucket extends pulumi.ComponentResource {
  /** Name of the bucket, known once the server may write to it. */
  readonly bucket: pulumi.Output<string>;

  constructor(name: string, args: BackupBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("erpnext:gcp:BackupBucket", name, {}, opts);

    // The last backup outlives the server it was made of: a forced destroy of production drops the bucket from the stack.
    const bucket = new Bucket(`${name}-bucket`, bucketArgs(args), {
      parent: this,
      protect: args.protect,
      retainOnDelete: args.protect,
    });
    const policy = new BucketIAMPolicy(
      `${name}-readers`,
      {
        bucket: bucket.name,
        policyData: pulumi
          .all([args.member, args.evidenceMember])
          .apply(([member, evidence]) => policyData(args.project, member, evidence)),
      },
      // Without it only the project's administrators could read what the bucket keeps.
      { parent: this, retainOnDelete: args.protect },
    );

    this.bucket = pulumi.all([bucket.name, policy.etag]).apply(([bucketName]) => bucketName);
    this.registerOutputs({ bucket: this.bucket });
  }
}

/** All of the bucket's grants: whatever else is granted on it goes. */
function policyData(project: string, server: string, evidence?: string): string {
  const owners = OWNER_ROLES.map((role) => ({ role, member: `projectOwner:${project}` }));
  const servers = SERVER_ROLES.map((role) => ({ role, member: server }));
  const writers = evidence === undefined ? [] : EVIDENCE_ROLES.map((role) => ({ role, member: evidence }));
  const grants = [...owners, ...servers, ...writers];
  const roles = [...new Set(grants.map(({ role }) => role))];
  const membersOf = (role: string): string[] =>
    grants.filter((grant) => grant.role === role).map(({ member }) => member);
  return JSON.stringify({ bindings: roles.map((role) => ({ role, members: membersOf(role) })) });
}

function bucketArgs(args: BackupBucketArgs): BucketArgs {
  return {
    project: args.project,
    name: backupBucketName(args.slug, args.project),
    location: args.backupLocation ?? args.region,
    labels: args.labels,
    uniformBucketLevelAccess: true,
    publicAccessPrevention: "enforced",
    // Cloud Storage takes one of the two; the lock is the stronger.
    ...(args.protect
      ? {
          retentionPolicy: { isLocked: true, retentionPeriod: String(LOCKED_DAYS * DAY) },
          versioning: { enabled: false },
        }
      : { versioning: { enabled: true } }),
    softDeletePolicy: { retentionDurationSeconds: args.protect ? SOFT_DELETE_SECONDS : 0 },
    lifecycleRules: [
      // Never by age alone, which would delete the last good backup of a server that makes no new ones: only what has a custom time too, and
      // that backup.sh sets once enough newer sets are whole.
      {
        action: { type: "Delete" },
        condition: { age: args.backupRetentionDays, daysSinceCustomTime: 1, withState: "LIVE" },
      },
      // Also after Shopify delivers to the door again, or what was written before would stay forever. It has people's names and addresses.
      {
        action: { type: "Delete" },
        condition: { age: args.backupRetentionDays, matchesPrefixes: [EVIDENCE_PREFIX], withState: "LIVE" },
      },
      { action: { type: "Delete" }, condition: { daysSinceNoncurrentTime: NONCURRENT_DAYS, withState: "ARCHIVED" } },
      { action: { type: "AbortIncompleteMultipartUpload" }, condition: { age: 1 } },
    ],
    forceDestroy: !args.protect,
  };
}
