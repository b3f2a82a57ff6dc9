import { D1Client, D1Error, findD1Database } from "./cloudflare-d1";
import { send } from "./node-http";
import { startStubServer, type StubAnswer, type StubServer } from "./testing/stub-server";

const ACCOUNT = "a".repeat(32);
const DATABASE = "9b2f6a5e-0000-4000-8000-000000000001";
const TOKEN = "canary-cloudflare-token";

let server: StubServer;
beforeEach(async () => (server = await startStubServer()));
afterEach(() => server.close());

function database(tries = 3): D1Client {
  return new D1Client({
    accountId: ACCOUNT,
    databaseId: DATABASE,
    token: TOKEN,
    baseUrl: `${server.url}/client/v4/`,
    send,
    patience: { maxWaitMs: 10_000, tries, firstDelayMs: 1 },
  });
}

const rows = (...results: readonly unknown[]): StubAnswer => ({
  status: 200,
  body: { success: true, errors: [], messages: [], result: [{ success: true, results, meta: {} }] },
});
const refusal = (status: number, code: number, message: string): StubAnswer => ({
  status,
  body: { success: false, errors: [{ code, message }], messages: [], result: [] },
});

async function failure(work: Promise<unknown>): Promise<D1Error> {
  const error = await work.then(
    () => new Error("it succeeded"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof D1Error)) throw error;
  return error;
}

test("a query goes to the database's address with the token, and its rows come back", async () => {
  server.script(rows({ name: "one" }, { name: "two" }));
  expect(await database().read("SELECT name FROM things")).toEqual([{ name: "one" }, { name: "two" }]);
  expect(server.seen).toMatchObject([
    {
      method: "POST",
      path: `/client/v4/accounts/${ACCOUNT}/d1/database/${DATABASE}/query`,
      headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
      body: '{"sql":"SELECT name FROM things"}',
    },
  ]);
});

test.each<[string, StubAnswer]>([
  ["a gateway's failure", { status: 502, body: "<html></html>" }],
  ["an internal error", refusal(500, 7500, "internal error")],
  ["a throttle", { status: 429, headers: { "Retry-After": "0" }, body: {} }],
  ["a broken connection", "reset"],
])("reading is tried again after %s", async (_what, first) => {
  server.script(first, rows({ n: 1 }));
  expect(await database().read("SELECT 1 AS n")).toEqual([{ n: 1 }]);
  expect(server.seen).toHaveLength(2);
});

test.each<[string, StubAnswer]>([
  ["a gateway's failure", { status: 524, body: "" }],
  ["a broken connection", "reset"],
])("after %s it is unknown whether a write was carried out, so it is not repeated", async (_what, answer) => {
  server.script(answer, rows());
  expect(await failure(database().write("CREATE TABLE a (b);"))).toMatchObject({ kind: "lost" });
  expect(server.seen).toHaveLength(1);
});

test("a throttled write has not been carried out, so it is repeated", async () => {
  server.script({ status: 429, headers: { "Retry-After": "0" }, body: {} }, rows());
  await database().write("CREATE TABLE a (b);");
  expect(server.seen.map(({ body }) => body)).toEqual(Array(2).fill('{"sql":"CREATE TABLE a (b);"}'));
});

test.each<[string, StubAnswer, Pick<D1Error, "kind" | "message">]>([
  [
    "a database that is gone",
    refusal(404, 7404, "The database could not be found"),
    {
      kind: "missing",
      message: `Cloudflare has no D1 database ${DATABASE}: The database could not be found (code 7404): run "pulumi refresh" and then "pulumi up", which make it again.`,
    },
  ],
  [
    "a token without the permission",
    refusal(403, 10000, `Authentication error of ${TOKEN}`),
    {
      kind: "refused",
      message: `Cloudflare refused a query of the D1 database ${DATABASE}: Authentication error of [secret] (code 10000): give the API token the permission Account / D1 / Edit.`,
    },
  ],
  [
    "a statement that SQLite refuses",
    refusal(400, 7500, 'near "CREAT": syntax error: SQLITE_ERROR'),
    {
      kind: "refused",
      message: `Cloudflare refused a query of the D1 database ${DATABASE}: near "CREAT": syntax error: SQLITE_ERROR (code 7500): fix what it names and run the command again.`,
    },
  ],
  [
    "something that is no API",
    { status: 200, body: "<html></html>" },
    {
      kind: "refused",
      message: `Cloudflare refused a query of the D1 database ${DATABASE}: HTTP 200 without an answer of the API: fix what it names and run the command again.`,
    },
  ],
])("says of %s what is wrong, once", async (_what, answer, expected) => {
  server.script(answer);
  const { kind, message } = await failure(database().read("SELECT 1"));
  expect({ kind, message }).toEqual(expected);
  expect(server.seen).toHaveLength(1);
});

test("says how long it tried", async () => {
  server.script({ status: 503, body: "" });
  expect((await failure(database(2).read("SELECT 1"))).message).toMatch(
    new RegExp(
      `^Cloudflare did not answer a query of the D1 database ${DATABASE}: HTTP 503, given up after 2 tries in \\d+\\.\\d s: check the network and run the command again, which goes on where this one ended\\.$`,
    ),
  );
});

describe("a database that is looked for by its name", () => {
  const NAME = "acme-erpnext-sync-console";
  const find = () => {
    const patience = { maxWaitMs: 10_000, tries: 3, firstDelayMs: 1 };
    return findD1Database(
      { accountId: ACCOUNT, token: TOKEN, baseUrl: `${server.url}/client/v4/`, send, patience },
      NAME,
    );
  };
  const listed = (...result: readonly unknown[]): StubAnswer => ({
    status: 200,
    body: { success: true, errors: [], messages: [], result },
  });

  test("is the one of exactly that name: Cloudflare lists each that contains it", async () => {
    server.script(
      listed(
        { uuid: "other", name: `big-${NAME}` },
        { uuid: DATABASE, name: NAME, created_at: "2026-11-01T00:00:00Z" },
      ),
    );
    expect(await find()).toEqual({ id: DATABASE, createdAt: "2026-11-01T00:00:00Z" });
    expect(server.seen).toMatchObject([
      {
        method: "GET",
        path: `/client/v4/accounts/${ACCOUNT}/d1/database?name=${NAME}&per_page=1000`,
        headers: { authorization: `Bearer ${TOKEN}` },
      },
    ]);
  });

  test("is undefined where there is none", async () => {
    server.script(listed({ uuid: "other", name: `big-${NAME}` }));
    expect(await find()).toBeUndefined();
  });

  test("that the token may not list is refused in one sentence, and not asked for again", async () => {
    server.script(refusal(403, 10000, `Authentication error of ${TOKEN}`));
    expect(await failure(find())).toMatchObject({
      kind: "refused",
      message:
        "Cloudflare refused the list of the account's D1 databases: Authentication error of [secret] (code 10000): give the API token the permission Account / D1 / Edit.",
    });
    expect(server.seen).toHaveLength(1);
  });

  test("without an answer is tried again", async () => {
    server.script({ status: 502, body: "<html></html>" }, listed());
    expect(await find()).toBeUndefined();
    expect(server.seen).toHaveLength(2);
  });
});
