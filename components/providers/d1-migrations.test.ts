import { createHash } from "node:crypto";

import { D1Error } from "../../clients/cloudflare-d1";
import { recordResources } from "../testing/record-resources";
import { D1Migrations, type Migration } from "./d1-migrations";
import { createProvider } from "./d1-migrations.provider";
import { providerSource } from "./lazy-provider";
import { FakeD1 } from "./testing/fake-d1";
import { configured } from "./testing/stack-config";

const TOKEN = "canary-cloudflare-token";
const ORDERS: Migration = { name: "0001_orders.sql", sql: "CREATE TABLE orders (id TEXT PRIMARY KEY);\n" };
const FEED: Migration = {
  name: "0002_feed.sql",
  sql: "CREATE TABLE feed (id INTEGER);\nCREATE INDEX i ON feed (id);\n",
};
const INPUTS = { accountId: "a".repeat(32), databaseId: "database-1", migrations: [ORDERS, FEED], customer: "acme" };
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

let database: FakeD1;
let asked: unknown[];
beforeEach(() => {
  database = new FakeD1();
  asked = [];
});

function provide(config: Readonly<Record<string, string>> = { "cloudflare:apiToken": TOKEN }) {
  return configured(
    createProvider((options) => {
      asked.push(options);
      return database;
    }),
    config,
  );
}

const digest = ({ sql }: Migration) => createHash("sha256").update(sql).digest("hex");
const transaction = (migration: Migration) =>
  [
    "CREATE TABLE IF NOT EXISTS applied_migrations (name TEXT PRIMARY KEY, digest TEXT NOT NULL, applied_at TEXT NOT NULL);",
    migration.sql.trimEnd(),
    `INSERT INTO applied_migrations (name, digest, applied_at) VALUES ('${migration.name}', '${digest(migration)}', strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));`,
  ].join("\n");

test("the resource passes the inputs and no credential to its provider", async () => {
  const { named } = await recordResources(() => new D1Migrations("schema", INPUTS));
  const { type, inputs } = named("schema");
  expect(type).toBe("pulumi-nodejs:dynamic/cloudflare:D1Migrations");
  expect(inputs).toEqual({ ...INPUTS, __provider: providerSource("d1-migrations") });
});

describe("create", () => {
  test("applies all in order, each in one transaction with the note of it", async () => {
    expect(await provide().create(INPUTS)).toEqual({ id: "database-1", outs: INPUTS });
    expect(database.written).toEqual([transaction(ORDERS), transaction(FEED)]);
  });

  test("asks with the stack's token and at the address of its configuration", async () => {
    await provide({ "cloudflare:apiToken": TOKEN, "cloudflare:baseUrl": "http://127.0.0.1:9/client/v4" }).create(
      INPUTS,
    );
    const place = { accountId: INPUTS.accountId, databaseId: "database-1", token: TOKEN };
    expect(asked).toEqual([{ ...place, baseUrl: "http://127.0.0.1:9/client/v4" }]);
  });

  test("goes on where an interrupted one ended", async () => {
    const refused = new D1Error("refused", { what: "no such column", next: "fix it" });
    await provide().create({ ...INPUTS, migrations: [ORDERS] });
    database.failure = { error: refused, carriedOut: false };
    await expect(provide().create(INPUTS)).rejects.toThrow('no such column for customer "acme": fix it.');
    expect(database.written).toEqual([transaction(ORDERS)]);
    await provide().create(INPUTS);
    expect(database.written).toEqual([transaction(ORDERS), transaction(FEED)]);
  });

  const lost = new D1Error("lost", { what: "no answer", next: "run it again" });

  test("looks what became of a write whose answer was lost, and goes on where it was carried out", async () => {
    database.failure = { error: lost, carriedOut: true };
    await provide().create(INPUTS);
    expect(database.written).toEqual([transaction(ORDERS), transaction(FEED)]);
  });

  test("ends with the sentence where it was not", async () => {
    database.failure = { error: lost, carriedOut: false };
    await expect(provide().create(INPUTS)).rejects.toThrow('no answer for customer "acme": run it again.');
    expect(database.written).toEqual([]);
  });

  test("refuses a migration that the database has had with another content", async () => {
    await provide().create(INPUTS);
    const changed = { ...ORDERS, sql: "CREATE TABLE orders (id INTEGER);" };
    await expect(provide().create({ ...INPUTS, migrations: [changed, FEED] })).rejects.toThrow(
      '"0001_orders.sql" was applied already and has another content now for customer "acme": take the change back, and write a new migration for it.',
    );
    expect(database.written).toHaveLength(2);
  });

  test("leaves alone what a newer version of this project applied", async () => {
    await provide().create(INPUTS);
    expect(await provide().update("database-1", INPUTS, { ...INPUTS, migrations: [ORDERS] })).toEqual({
      outs: { ...INPUTS, migrations: [ORDERS] },
    });
    expect(database.written).toHaveLength(2);
  });

  test("says where the token belongs when there is none", async () => {
    const before = process.env["CLOUDFLARE_API_TOKEN"];
    delete process.env["CLOUDFLARE_API_TOKEN"];
    try {
      await expect(provide({}).create(INPUTS)).rejects.toThrow(
        'the stack has no value for "cloudflare:apiToken" for customer "acme": run "pulumi config set --secret cloudflare:apiToken -s acme", or set CLOUDFLARE_API_TOKEN, and then "pulumi up".',
      );
      process.env["CLOUDFLARE_API_TOKEN"] = "from-the-environment";
      await provide({}).create(INPUTS);
      expect(asked).toMatchObject([{ token: "from-the-environment" }]);
    } finally {
      if (before === undefined) delete process.env["CLOUDFLARE_API_TOKEN"];
      else process.env["CLOUDFLARE_API_TOKEN"] = before;
    }
  });
});

test("update applies the new one alone", async () => {
  await provide().create({ ...INPUTS, migrations: [ORDERS] });
  await provide().update("database-1", { ...INPUTS, migrations: [ORDERS] }, INPUTS);
  expect(database.written).toEqual([transaction(ORDERS), transaction(FEED)]);
});

describe("check", () => {
  const reasons = async (news: object, olds: object = {}) => {
    const { failures = [] } = await provide().check(olds as typeof INPUTS, { ...INPUTS, ...news });
    return failures.map(({ property, reason }) => [property, reason]);
  };

  test("takes what is right and makes no request", async () => {
    expect(await reasons({})).toEqual([]);
    expect(await reasons({}, INPUTS)).toEqual([]);
    expect(await reasons({ databaseId: UNKNOWN })).toEqual([]);
    expect(await reasons({ migrations: UNKNOWN })).toEqual([]);
    expect(asked).toEqual([]);
  });

  test.each([
    [{ ...ORDERS, name: "orders'.sql" }, `"orders'.sql" is no name of a migration; write it like "0001_orders.sql"`],
    [{ ...ORDERS, name: "0000_x.sql" }, '"0000_x.sql" does not come after the one before it'],
    [{ name: "0003_x.sql", sql: "CREATE TABLE x (a)\n" }, '"0003_x.sql" does not end with a semicolon'],
  ])("refuses %j", async (migration, reason) => {
    expect(await reasons({ migrations: [ORDERS, migration] })).toEqual([["migrations", reason]]);
  });

  test("refuses in a preview already a change of what was applied, unless the database is another", async () => {
    const migrations = [{ ...ORDERS, sql: "CREATE TABLE orders (id INTEGER);" }, FEED];
    const reason =
      '"0001_orders.sql" was applied already and has another content now; take the change back, and write a new migration for it';
    expect(await reasons({ migrations }, INPUTS)).toEqual([["migrations", reason]]);
    expect(await reasons({ migrations, databaseId: "database-2" }, INPUTS)).toEqual([]);
  });
});

test.each([
  ["nothing", {}, { changes: false, replaces: [] }],
  ["a new migration", { migrations: [ORDERS] }, { changes: true, replaces: [] }],
  ["another database", { databaseId: "database-2" }, { changes: true, replaces: ["databaseId"] }],
  ["a database that is made again", { databaseId: UNKNOWN }, { changes: true, replaces: ["databaseId"] }],
  ["another account", { accountId: "b".repeat(32) }, { changes: true, replaces: ["accountId"] }],
])("diff of %s", async (_what, change, expected) => {
  expect(await provide().diff("database-1", INPUTS, { ...INPUTS, ...change })).toEqual(expected);
});

describe("read", () => {
  test("finds what was applied", async () => {
    await provide().create(INPUTS);
    expect(await provide().read("database-1", INPUTS)).toEqual({ id: "database-1", props: INPUTS, inputs: INPUTS });
  });

  test("drops what the database has not had, or had otherwise, so that the next update sees to it", async () => {
    await provide().create(INPUTS);
    database.applied.delete(FEED.name);
    const { props } = await provide().read("database-1", INPUTS);
    expect(props?.migrations).toEqual([ORDERS]);
    database.applied.set(ORDERS.name, "0".repeat(64));
    expect((await provide().read("database-1", INPUTS)).props?.migrations).toEqual([]);
  });

  test("a database that is gone has no schema", async () => {
    database.missing = true;
    expect(await provide().read("database-1", INPUTS)).toEqual({ id: "" });
  });
});

test("there is nothing to delete: the schema goes with the database", () => {
  expect(createProvider(() => database).delete).toBeUndefined();
});
