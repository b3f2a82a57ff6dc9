import { IAMMember } from "@pulumi/gcp/projects/iammember";
import { Account } from "@pulumi/gcp/serviceaccount/account";
import * as pulumi from "@pulumi/pulumi";

import { displayName, serviceAccountId } from "../core/names";

/** All that the server may do to the project as a whole: write its logs and its metrics. */
const PROJECT_ROLES = { "log-writer": "roles/logging.logWriter", "metric-writer": "roles/monitoring.metricWriter" };

/** Whose server it is. */
export interface ServerIdentityArgs {
  /** The customer's slug. */
  readonly slug: string;
  /** Google Cloud project id. */
  readonly project: string;
}

/**
 * Who the server is to Google Cloud. What it may read and write besides (its own images, secrets and backups) is granted
 * by the components that own those, on each of them and never on the project.
 */
export class ServerIdentity extends pulumi.ComponentResource {
  /** Address of the service account. */
  readonly email: pulumi.Output<string>;
  /** The same as IAM policies name it: `serviceAccount:<email>`. */
  readonly member: pulumi.Output<string>;

  constructor(name: string, args: ServerIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("erpnext:gcp:ServerIdentity", name, {}, opts);

    const account = new Account(
      `${name}-account`,
      {
        project: args.project,
        accountId: serviceAccountId(args.slug),
        displayName: displayName(args.slug, "ERPNext server"),
      },
      { parent: this },
    );
    for (const [suffix, role] of Object.entries(PROJECT_ROLES)) {
      new IAMMember(`${name}-${suffix}`, { project: args.project, role, member: account.member }, { parent: this });
    }

    this.email = account.email;
    this.member = account.member;
    this.registerOutputs({ email: this.email, member: this.member });
  }
}
