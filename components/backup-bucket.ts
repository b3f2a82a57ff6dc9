import { Bucket, type BucketArgs } from "@pulumi/gcp/storage/bucket";
import { BucketIAMMember } from "@pulumi/gcp/storage/bucketIAMMember";
import * as pulumi from "@pulumi/pulumi";

import type { CustomerLabels } from "./shared/labels";
import { backupBucketName } from "./shared/names";

/** Days that an overwritten or expired backup can still be had. */
const NONCURRENT_DAYS = 14;

/** Seconds that Cloud Storage keeps what was deleted for good: seven days is the shortest it takes, 0 switches it off. */
const SOFT_DELETE_SECONDS = 7 * 24 * 60 * 60;

/** Add to it and read it back. Neither role deletes or overwrites, so a broken-into server cannot destroy its backups. */
const SERVER_ROLES = { writer: "roles/storage.objectCreator", reader: "roles/storage.objectViewer" };

/** What is kept, for how long, and who writes it. */
export interface BackupBucketArgs {
  /** The customer's slug. */
  readonly slug: string;
  /** Google Cloud project id. */
  readonly project: string;
  /** Google Cloud region; the backups stay in it. */
  readonly region: string;
  /** Labels of the bucket. */
  readonly labels: CustomerLabels;
  /** The server's service account, `serviceAccount:<email>`. */
  readonly member: pulumi.Input<string>;
  /** Days that a backup is kept. */
  readonly retentionDays: number;
  /** Refuse to delete the bucket, and leave it where it is when the stack is destroyed after all. */
  readonly protect: boolean;
}

/** The bucket that the server's backups go to, readable to nobody but the server and the project's owners. */
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
    const grants = Object.entries(SERVER_ROLES).map(([suffix, role]) => {
      const grant = { bucket: bucket.name, role, member: args.member };
      return new BucketIAMMember(`${name}-${suffix}`, grant, { parent: this });
    });

    this.bucket = pulumi
      .all([bucket.name, pulumi.all(grants.map((grant) => grant.role))])
      .apply(([bucketName]) => bucketName);
    this.registerOutputs({ bucket: this.bucket });
  }
}

function bucketArgs(args: BackupBucketArgs): BucketArgs {
  return {
    project: args.project,
    name: backupBucketName(args.slug, args.project),
    location: args.region,
    labels: args.labels,
    uniformBucketLevelAccess: true,
    publicAccessPrevention: "enforced",
    versioning: { enabled: true },
    softDeletePolicy: { retentionDurationSeconds: args.protect ? SOFT_DELETE_SECONDS : 0 },
    lifecycleRules: [
      { action: { type: "Delete" }, condition: { age: args.retentionDays, withState: "LIVE" } },
      { action: { type: "Delete" }, condition: { daysSinceNoncurrentTime: NONCURRENT_DAYS, withState: "ARCHIVED" } },
      { action: { type: "AbortIncompleteMultipartUpload" }, condition: { age: 1 } },
    ],
    forceDestroy: !args.protect,
  };
}
