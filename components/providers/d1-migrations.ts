import type { CustomResourceOptions } from "@pulumi/pulumi/resource";
import type { Input, Output } from "@pulumi/pulumi/output";

import { DynamicResource } from "./lazy-provider";

/** One step of a database's schema. */
export interface Migration {
  /** For example "0001_orders.sql". */
  readonly name: string;
  /** SQLite statements, each ended by a semicolon. */
  readonly sql: string;
}

/** What a database's schema is made of. */
export interface D1MigrationsArgs {
  /** Cloudflare account (32 hex digits). A change replaces. */
  readonly accountId: Input<string>;
  /** The database's id. A change replaces: another database has had none of them. */
  readonly databaseId: Input<string>;
  /** In the sequence in which they are applied; one that was applied never changes again. */
  readonly migrations: Input<readonly Migration[]>;
  /** The customer's slug, for messages. */
  readonly customer: Input<string>;
}

/**
 * The schema of a D1 database, brought up to date by `pulumi up`: each migration is applied exactly once, together with the
 * note of it in the database's own table. Deleting does nothing: the schema goes with the database.
 */
export class D1Migrations extends DynamicResource {
  // Declared only: a field that is defined after super() would overwrite the output that Pulumi put there.
  declare readonly databaseId: Output<string>;

  constructor(name: string, args: D1MigrationsArgs, opts?: CustomResourceOptions) {
    super({ provider: "d1-migrations", type: "cloudflare:D1Migrations" }, { name, props: { ...args } }, opts);
  }
}
