import { createHash } from "node:crypto";
import type { dynamic } from "@pulumi/pulumi";

import { environmentToken } from "../../clients/cloudflare-token";
import { D1Client, D1Error, type D1Options } from "../../clients/cloudflare-d1";
import { send } from "../../clients/node-http";
import { UserError } from "../../core/user-error";
import type { Migration } from "./d1-migrations";
import { explained } from "./explain";
import { Configuration, type StackConfig } from "./stack-config";
import { hasUnknown } from "./unknown";
import { withoutTraces } from "./without-traces";

interface Inputs {
  readonly accountId: string;
  readonly databaseId: string;
  readonly migrations: readonly Migration[];
  readonly customer: string;
}

/** The part of the client that is needed, so that a test can stand in for it. */
export type D1Queries = Pick<D1Client, "read" | "write">;

/** Makes the client of one database; tests hand in their own. */
export type MakeD1 = (options: Omit<D1Options, "send">) => D1Queries;

/** What was applied, as the database itself says. */
interface Applied {
  readonly name: string;
  readonly digest: string;
}

/** Names go into SQL as they are, so they may hold nothing that means something there. */
const NAME = /^\d{4}_[a-z0-9_]+\.sql$/;

/** The database's own table of what was applied to it. */
const TABLE = "applied_migrations";
const MAKE_TABLE = `CREATE TABLE IF NOT EXISTS ${TABLE} (name TEXT PRIMARY KEY, digest TEXT NOT NULL, applied_at TEXT NOT NULL);`;

/** Schemas of D1 databases, by Cloudflare's REST API. */
export function createProvider(makeD1: MakeD1): dynamic.ResourceProvider<Inputs, Inputs> {
  const configuration = new Configuration();
  const onDatabase = <T>(inputs: Inputs, work: (database: D1Queries) => Promise<T>): Promise<T> => {
    const options = optionsOf(configuration.current, inputs);
    const concern = { customer: inputs.customer, secrets: [options.token] };
    return explained(concern, () => work(makeD1(options)));
  };
  const migrate = (inputs: Inputs): Promise<void> => onDatabase(inputs, (database) => bringUpToDate(database, inputs));

  return {
    configure: configuration.configure,
    check: (olds, news) => Promise.resolve({ inputs: news, failures: failuresOf(olds, news) }),
    diff: (_id, olds, news) => {
      const replaces = (["accountId", "databaseId"] as const).filter((field) => olds[field] !== news[field]);
      const same = JSON.stringify(plain(olds.migrations)) === JSON.stringify(plain(news.migrations));
      return Promise.resolve({ changes: replaces.length > 0 || !same, replaces });
    },
    create: async (inputs) => {
      await migrate(inputs);
      return { id: inputs.databaseId, outs: inputs };
    },
    update: async (_id, _olds, news) => {
      await migrate(news);
      return { outs: news };
    },
    read: async (id, props) => {
      const known = described(id, props);
      return onDatabase(known, (database) => observe(database, id, known));
    },
  };
}

export const provider = withoutTraces(createProvider((options) => new D1Client({ ...options, send })));

/** The provider of the same account has its token from the same two places. @throws UserError */
function optionsOf(config: StackConfig, { accountId, databaseId, customer }: Inputs): Omit<D1Options, "send"> {
  const baseUrl = config.get("cloudflare:baseUrl");
  const token = config.get("cloudflare:apiToken") ?? environmentToken();
  if (token === undefined || token === "") {
    throw new UserError({
      what: 'the stack has no value for "cloudflare:apiToken"',
      customer,
      next: `run "pulumi config set --secret cloudflare:apiToken -s ${customer}", or set CLOUDFLARE_API_TOKEN, and then "pulumi up"`,
    });
  }
  return { accountId, databaseId, token, ...(baseUrl === undefined ? {} : { baseUrl }) };
}

/** What is wrong with the migrations by themselves, and beside those that an earlier update applied. */
function failuresOf(olds: Partial<Inputs>, { migrations, databaseId }: Inputs): dynamic.CheckFailure[] {
  if (hasUnknown(migrations)) return [];
  const fail = (reason: string): dynamic.CheckFailure => ({ property: "migrations", reason });
  const failures = migrations.flatMap(({ name, sql }, index) => {
    if (!NAME.test(name)) return [fail(`"${name}" is no name of a migration; write it like "0001_orders.sql"`)];
    if (name <= (migrations[index - 1]?.name ?? "")) return [fail(`"${name}" does not come after the one before it`)];
    return sql.trimEnd().endsWith(";") ? [] : [fail(`"${name}" does not end with a semicolon`)];
  });
  const applied = olds.databaseId === databaseId ? (olds.migrations ?? []) : [];
  const changed = migrations.filter(({ name, sql }) => applied.some((old) => old.name === name && old.sql !== sql));
  return [...failures, ...changed.map(({ name }) => fail(refusalOf(name)))];
}

function refusalOf(name: string): string {
  return `"${name}" was applied already and has another content now; take the change back, and write a new migration for it`;
}

/** Applies what is missing, one after the other. What a newer version of this project applied stays and is not looked at. */
async function bringUpToDate(database: D1Queries, inputs: Inputs): Promise<void> {
  const applied = await appliedTo(database);
  for (const migration of inputs.migrations) {
    const found = applied.find(({ name }) => name === migration.name);
    if (found !== undefined && found.digest !== digestOf(migration)) {
      const [what = "", next = ""] = refusalOf(migration.name).split("; ");
      throw new UserError({ what, customer: inputs.customer, next });
    }
    if (found === undefined) await apply(database, migration);
  }
}

/** Statements and note are one transaction, so that after a lost answer the note says what became of it. */
async function apply(database: D1Queries, migration: Migration): Promise<void> {
  const { name, sql } = migration;
  const now = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')";
  const note = `INSERT INTO ${TABLE} (name, digest, applied_at) VALUES ('${name}', '${digestOf(migration)}', ${now});`;
  try {
    await database.write(`${MAKE_TABLE}\n${sql.trimEnd()}\n${note}`);
  } catch (error) {
    if (!(error instanceof D1Error) || error.kind !== "lost") throw error;
    const applied = await appliedTo(database);
    if (!applied.some((one) => one.name === name)) throw error;
  }
}

async function appliedTo(database: D1Queries): Promise<readonly Applied[]> {
  const tables = await database.read(`SELECT name FROM sqlite_master WHERE type = 'table' AND name = '${TABLE}'`);
  if (tables.length === 0) return [];
  const rows = await database.read(`SELECT name, digest FROM ${TABLE} ORDER BY name`);
  return rows.map(({ name, digest }) => ({ name: String(name), digest: String(digest) }));
}

/** What the database says is what the state then holds, so that the next update applies what is missing. */
async function observe(database: D1Queries, id: string, known: Inputs): Promise<dynamic.ReadResult<Inputs>> {
  try {
    const applied = await appliedTo(database);
    const holds = (migration: Migration): boolean =>
      applied.some(({ name, digest }) => name === migration.name && digest === digestOf(migration));
    const props = { ...known, migrations: known.migrations.filter(holds) };
    return { id, props, inputs: props };
  } catch (error) {
    if (error instanceof D1Error && error.kind === "missing") return { id: "" };
    throw error;
  }
}

function digestOf({ sql }: Migration): string {
  return createHash("sha256").update(sql).digest("hex");
}

function plain(migrations: readonly Migration[]): readonly (readonly [string, string])[] {
  return migrations.map(({ name, sql }) => [name, sql]);
}

function described(id: string, props: Inputs | undefined): Inputs {
  if (props?.accountId !== undefined) return props;
  throw new UserError({
    what: `nothing says in which account the database ${id} is`,
    next: 'declare its migrations instead: "pulumi up" applies those that it has not had',
  });
}
