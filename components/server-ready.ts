import { Command } from "@pulumi/command/local/command";
import * as pulumi from "@pulumi/pulumi";

/** npm looks for package.json upwards, so it runs from the program's directory too. */
const WAIT = "npm run --silent wait-for-server";
const FINAL_BACKUP = "npm run --silent final-backup";

/** The first start installs Docker, pulls the image and makes the site; a small machine takes half an hour for it. */
const DEFAULT_TIMEOUT_SECONDS = 45 * 60;

/** Where the server reports, and what it has to report. */
export interface ServerReadyArgs {
  /** The customer's slug. */
  readonly slug: string;
  /** Address where the server reports its state, https. */
  readonly healthUrl: pulumi.Input<string>;
  /** Host name to ask for there, which is the hook's even when the address is another one. */
  readonly healthHost: string;
  /** Token that the server shows its steps for. */
  readonly healthToken: pulumi.Input<string>;
  /** Who signs that host's certificate; one of "staging" is not trusted. */
  readonly certificate: "trusted" | "staging";
  /** Digest of the files and the environment that this update gave to the server. */
  readonly digest: pulumi.Input<string>;
  /** Name of the Compute Engine instance. */
  readonly instanceName: pulumi.Input<string>;
  /** The number that Google gave to this very instance. */
  readonly instanceId: pulumi.Input<string>;
  /** Another one restarts the server, which is waited for as well. */
  readonly machineType: string;
  /** Google Cloud project id. */
  readonly project: string;
  /** Google Cloud zone of the instance. */
  readonly zone: string;
  /** Bucket of the backups. */
  readonly backupBucket: pulumi.Input<string>;
  /** Make a last backup before the server goes. */
  readonly finalBackup: boolean;
  /** Seconds to wait for the server. Default: 2700. */
  readonly timeoutSeconds?: number;
}

/**
 * The point where the update has arrived: it waits until the server reports the digest, and fails with the server's own
 * words. Make depend on it what needs a server that answers. On the way out it makes the last backup.
 */
export class ServerReady extends pulumi.ComponentResource {
  /** The digest, known once the server has applied it. */
  readonly digest: pulumi.Output<string>;

  constructor(name: string, args: ServerReadyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("erpnext:server:ServerReady", name, {}, opts);

    const applied = this.applied(name, args);
    this.lastBackup(name, args);

    this.digest = pulumi.all([args.digest, applied.environment]).apply(([digest]) => digest);
    this.registerOutputs({ digest: this.digest });
  }

  private applied(name: string, args: ServerReadyArgs): Command {
    return new Command(
      `${name}-applied`,
      {
        create: WAIT,
        update: WAIT,
        environment: {
          CUSTOMER: args.slug,
          HEALTH_URL: args.healthUrl,
          HEALTH_HOST: args.healthHost,
          HEALTH_CERTIFICATE: args.certificate,
          DIGEST: args.digest,
          MACHINE_TYPE: args.machineType,
          TIMEOUT_SECONDS: String(args.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS),
        },
        // A server that was replaced has to be waited for again, though its digest is the old one. Another digest is an update: as a
        // trigger it would show every setting as a replacement.
        triggers: [args.instanceId],
        // Not in the environment, which as a whole would be a secret then, and no change of it could be read.
        stdin: pulumi.secret(args.healthToken),
        addPreviousOutputInEnv: false,
      },
      { parent: this },
    );
  }

  /**
   * Its inputs come from the server and the bucket, so on a destroy it runs before either is touched. It is there without a last
   * backup too: were it deleted when the intake no longer wants one, that update would make one.
   */
  private lastBackup(name: string, args: ServerReadyArgs): Command {
    const environment = {
      CUSTOMER: args.slug,
      PROJECT: args.project,
      ZONE: args.zone,
      INSTANCE: args.instanceName,
      HEALTH_URL: args.healthUrl,
      HEALTH_HOST: args.healthHost,
      HEALTH_CERTIFICATE: args.certificate,
      BUCKET: args.backupBucket,
    };
    return new Command(
      `${name}-final-backup`,
      {
        ...(args.finalBackup ? { delete: FINAL_BACKUP, environment, stdin: pulumi.secret(args.healthToken) } : {}),
        addPreviousOutputInEnv: false,
      },
      { parent: this },
    );
  }
}
