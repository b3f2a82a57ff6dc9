import { Secret } from "@pulumi/gcp/secretmanager/secret";
import { SecretIamMember } from "@pulumi/gcp/secretmanager/secretIamMember";
import { SecretVersion } from "@pulumi/gcp/secretmanager/secretVersion";
import * as pulumi from "@pulumi/pulumi";

import type { Customer } from "../customers/schema";
import type { CustomerLabels } from "./shared/labels";
import { secretId, secretPrefix } from "../core/names";

/** What the server needs to know and no one else may see. */
export interface ServerSecretsArgs {
  /** The customer's slug. */
  readonly slug: string;
  /** Google Cloud project id. */
  readonly project: string;
  /** Google Cloud region; the secrets stay in it. */
  readonly region: string;
  /** Labels of the secrets. */
  readonly labels: CustomerLabels;
  /** The server's service account, `serviceAccount:<email>`. */
  readonly member: pulumi.Input<string>;
  /** Kind of the Shopify app; decides what `shopifyCredential` is. */
  readonly app: Customer["shopify"]["app"];
  /** The app's Admin API token (custom) or its client id (dev-dashboard). */
  readonly shopifyCredential: pulumi.Input<string>;
  /** Secret that the app's deliveries are signed with. */
  readonly shopifyApiSecret: pulumi.Input<string>;
  /** The older one, which deliveries may be signed with while the app's secret is rotated. */
  readonly shopifyApiSecretPrevious?: pulumi.Input<string> | undefined;
  /** Frappe API key of the automation user. */
  readonly automationApiKey: pulumi.Input<string>;
  /** Frappe API secret of the automation user. */
  readonly automationApiSecret: pulumi.Input<string>;
  /** Password of MariaDB's root user. */
  readonly databaseRootPassword: pulumi.Input<string>;
  /** Password of the site's user Administrator. */
  readonly administratorPassword: pulumi.Input<string>;
  /** What cloudflared runs with. */
  readonly tunnelToken: pulumi.Input<string>;
}

/** The server's secrets in Secret Manager; it reads them with its own identity, and nothing of them is in its metadata. */
export class ServerSecrets extends pulumi.ComponentResource {
  /** What the ids of all secrets begin with. */
  readonly prefix: pulumi.Output<string>;
  /** Ids of the secrets without the prefix, sorted; known once the server may read all of them. */
  readonly keys: pulumi.Output<string[]>;
  /** Every key's current version number as `key=number`, space separated: changes when a secret does, and is not a secret itself. */
  readonly versions: pulumi.Output<string>;
  /** Since when the app's credential is the one that it is (RFC 3339). */
  readonly credentialSince: pulumi.Output<string>;

  constructor(name: string, args: ServerSecretsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("erpnext:gcp:ServerSecrets", name, {}, opts);

    const secrets = Object.entries(secretValues(args))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => this.secret(name, args, { key, value }));

    this.prefix = pulumi.output(secretPrefix(args.slug));
    this.keys = pulumi.all(secrets.map((secret) => secret.readable));
    this.versions = pulumi.all(secrets.map((secret) => secret.version)).apply((versions) => versions.join(" "));
    this.credentialSince = pulumi.output(secrets.find(({ key }) => key === credentialKey(args))?.since ?? "");
    this.registerOutputs({
      prefix: this.prefix,
      keys: this.keys,
      versions: this.versions,
      credentialSince: this.credentialSince,
    });
  }

  /**
   * One secret with its value. A rotated value becomes a new version first; the old one is disabled when the update ends,
   * after the server has read the new one, and not destroyed, so that a wrong rotation can be taken back.
   */
  private secret(name: string, args: ServerSecretsArgs, { key, value }: { key: string; value: pulumi.Input<string> }) {
    const secret = new Secret(
      `${name}-${key}`,
      {
        project: args.project,
        secretId: secretId(args.slug, key),
        replication: { userManaged: { replicas: [{ location: args.region }] } },
        labels: args.labels,
      },
      { parent: this },
    );
    const version = new SecretVersion(
      `${name}-${key}-version`,
      { secret: secret.id, secretData: pulumi.secret(value), deletionPolicy: "DISABLE" },
      { parent: this },
    );
    const reader = new SecretIamMember(
      `${name}-${key}-reader`,
      {
        project: args.project,
        secretId: secret.secretId,
        role: "roles/secretmanager.secretAccessor",
        member: args.member,
      },
      { parent: this },
    );
    return {
      key,
      since: version.createTime,
      readable: pulumi.all([version.secret, reader.role]).apply(() => key),
      version: version.version.apply((number) => `${key}=${number}`),
    };
  }
}

/** The values by the key that the server asks for. */
function secretValues(args: ServerSecretsArgs): Readonly<Record<string, pulumi.Input<string>>> {
  return {
    "administrator-password": args.administratorPassword,
    "automation-api-key": args.automationApiKey,
    "automation-api-secret": args.automationApiSecret,
    "database-root-password": args.databaseRootPassword,
    "shopify-api-secret": args.shopifyApiSecret,
    ...(args.shopifyApiSecretPrevious === undefined
      ? {}
      : { "shopify-api-secret-previous": args.shopifyApiSecretPrevious }),
    [credentialKey(args)]: args.shopifyCredential,
    "tunnel-token": args.tunnelToken,
  };
}

function credentialKey({ app }: ServerSecretsArgs): string {
  return app === "custom" ? "shopify-admin-token" : "shopify-client-id";
}
