import { CLOUDFLARE_TOKEN_VARIABLE } from "../../../clients/cloudflare-token";
import { ConnectionError, type Send } from "../../../clients/http";
import { startStubServer, type StubAnswer, type StubServer } from "../../../clients/testing/stub-server";
import type { Facts, FactName } from "./check";
import { FactCache, type Gatherers } from "./fact-cache";
import { NotKnown } from "./finding";
import { consoleGatherers } from "./gather-console";
import { SCANS_QUERY } from "./read-console-scans";
import { HEALTHY } from "./testing/healthy-facts";

const TOKEN = "canary-cloudflare-token";
const DATABASE = "9b2f6a5e-0000-4000-8000-000000000001";
const NAME = "demo-store-erpnext-sync-console";
const MADE_AT = "2026-11-01T00:00:00Z";

let server: StubServer;
beforeEach(async () => (server = await startStubServer()));
afterEach(() => server.close());

/** What is known of a customer whose Cloudflare is the stub server, and what a test knows otherwise. */
function ask<K extends FactName>(name: K, changes: Partial<Facts> = {}, visiting?: Send): Promise<Facts[K]> {
  const config = { "cloudflare:apiToken": TOKEN, "cloudflare:baseUrl": `${server.url}/client/v4`, edgeUrl: server.url };
  const known = Object.entries({ ...HEALTHY, config, ...changes }).map(([fact, value]) => [
    fact,
    () => Promise.resolve(value as unknown),
  ]);
  const gatherers = { ...(Object.fromEntries(known) as unknown as Gatherers), ...consoleGatherers(visiting) };
  return new FactCache(gatherers, { concurrency: 6, deadline: new AbortController().signal }).ask(name);
}

async function unknownBecause(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.catch((reason: unknown) => reason);
  if (!(error instanceof NotKnown)) throw new Error("it is known");
  return `${error.state}: ${error.why}`;
}

const withConfig = (changes: Record<string, string | undefined>): Partial<Facts> => ({
  config: Object.fromEntries(
    Object.entries(changes).filter((entry): entry is [string, string] => entry[1] !== undefined),
  ),
});

describe("the console's host", () => {
  test("is asked for by its name, without anything that opens a door", async () => {
    server.script({ status: 302, headers: { location: "https://team.cloudflareaccess.com/x" }, body: "" });
    expect(await ask("consoleWithout")).toMatchObject({
      kind: "answered",
      status: 302,
      location: "https://team.cloudflareaccess.com/x",
    });
    expect(server.seen).toMatchObject([{ method: "GET", path: "/", headers: { host: "sync.demo-store.example" } }]);
    expect(Object.keys(server.seen[0]!.headers).sort()).toEqual(["connection", "host"]);
  });

  test("that has no name is told from one that does not answer", async () => {
    const failing =
      (message: string): Send =>
      () =>
        Promise.reject(new ConnectionError(message, false));
    const nowhere = failing("getaddrinfo ENOTFOUND sync.demo-store.example");
    const offline = failing("getaddrinfo EAI_AGAIN sync.demo-store.example");
    expect(await ask("consoleWithout", {}, nowhere)).toEqual({ kind: "no name" });
    expect(await unknownBecause(ask("consoleWithout", {}, offline))).toBe(
      "unknown: getaddrinfo EAI_AGAIN sync.demo-store.example",
    );
  });

  test.each<[string, Partial<Facts>, string]>([
    ["there is no stack", { stackState: undefined, outputs: {} }, "skipped: the stack is not up"],
    [
      "the stack is older",
      { outputs: { ...HEALTHY.outputs, consoleUrl: undefined } as unknown as Facts["outputs"] },
      "skipped: the stack has no Sync Console yet",
    ],
    [
      "ERPNext is reached past its name",
      withConfig({ frappeApiUrl: "http://127.0.0.1:1" }),
      'skipped: "frappeApiUrl" is set and "edgeUrl" is not, so hosts are not reached by their names',
    ],
    [
      "its other address does not count",
      withConfig({ edgeUrl: "127.0.0.1" }),
      'unknown: "edgeUrl" is not an address of the form scheme://host[:port]',
    ],
  ])("is left alone where %s", async (_what, changes, because) => {
    expect(await unknownBecause(ask("consoleWithout", changes))).toBe(because);
    expect(server.seen).toEqual([]);
  });
});

describe("the console's scans", () => {
  const listed = (...names: readonly string[]): StubAnswer => ({
    status: 200,
    body: {
      success: true,
      errors: [],
      result: names.map((name) => ({ uuid: name === NAME ? DATABASE : "other", name, created_at: MADE_AT })),
    },
  });
  const rows = (...results: readonly unknown[]): StubAnswer => ({
    status: 200,
    body: { success: true, errors: [], messages: [], result: [{ success: true, results, meta: {} }] },
  });
  const refused: StubAnswer = {
    status: 403,
    body: { success: false, errors: [{ code: 10000, message: `Authentication error of ${TOKEN}` }], result: null },
  };
  const fact = (name: string, value: unknown): object => ({ name, value: JSON.stringify(value) });

  const BOOK = {
    generation: 2,
    shown: {
      generation: 1,
      startedAt: "2026-11-26T11:00:00.000Z",
      finishedAt: "2026-11-26T11:00:20.000Z",
      through: "9",
      orders: 18,
      visibleSince: null,
    },
    building: null,
    recent: null,
    readUntil: "2026-11-26T11:56:04.020Z",
    trouble: null,
  };
  const HEALTH = [
    { name: "workers", state: "good", value: "5", detail: "All live.", asOf: "2026-11-26T11:59:05.120Z" },
    { name: "api-version", state: "good", value: "2026-10", detail: "As asked.", asOf: "2026-11-26T11:59:05.120Z" },
  ];
  const FRESH = {
    madeAt: MADE_AT,
    ranAt: "2026-11-26T11:59:05.120Z",
    readUntil: "2026-11-26T11:56:04.020Z",
    building: undefined,
    trouble: undefined,
  };

  test("are read out of the customer's own database, by one statement that changes nothing", async () => {
    server.script(listed(`x-${NAME}`, NAME), rows(fact("health", HEALTH), fact("scan", BOOK)));
    expect(await ask("consoleScans")).toEqual(FRESH);
    const { accountId } = HEALTHY.customer.cloudflare;
    const at = `/client/v4/accounts/${accountId}/d1/database`;
    expect(server.seen.map(({ method, path, body }) => [method, path, body])).toEqual([
      ["GET", `${at}?name=${NAME}&per_page=1000`, ""],
      ["POST", `${at}/${DATABASE}/query`, JSON.stringify({ sql: SCANS_QUERY })],
    ]);
    expect(SCANS_QUERY).toMatch(/^SELECT [^;]+$/);
    expect(server.seen.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${TOKEN}`, `Bearer ${TOKEN}`]);
  });

  test("of a first scan under way and of trouble are told, an error's first line alone", async () => {
    const months = { "2026-10": { shopify: 40, both: 38 }, "2026-11": { shopify: 2, both: 2 } };
    const building = { generation: 1, orders: { kind: "full", coverage: months }, changes: null, ordersTotal: 90 };
    const trouble = { why: `${"x".repeat(250)}\nTraceback`, failures: 3, notBefore: 1 };
    server.script(
      listed(NAME),
      rows(fact("scan", { ...BOOK, shown: null, readUntil: null, building, trouble }), fact("health", HEALTH)),
    );
    expect(await ask("consoleScans")).toEqual({
      ...FRESH,
      readUntil: undefined,
      building: { ordersDone: 42, ordersTotal: 90 },
      trouble: { why: "x".repeat(200), failures: 3 },
    });
  });

  test("of a console that has not run yet are not there", async () => {
    server.script(listed(NAME), rows());
    const nothing = { ranAt: undefined, readUntil: undefined, building: undefined, trouble: undefined };
    expect(await ask("consoleScans")).toEqual({ madeAt: MADE_AT, ...nothing });
  });

  test.each<[string, readonly StubAnswer[], string]>([
    [
      "the token may not list databases",
      [refused],
      "unknown: Cloudflare refused the list of the account's D1 databases: Authentication error of [secret] (code 10000); to see it, give the API token the permission Account / D1 / Edit",
    ],
    [
      "the token may not query one",
      [listed(NAME), refused],
      `unknown: Cloudflare refused a query of the D1 database ${DATABASE}: Authentication error of [secret] (code 10000); to see it, give the API token the permission Account / D1 / Edit`,
    ],
    ["the account has no such database", [listed(`x-${NAME}`)], `unknown: the account has no D1 database "${NAME}"`],
    [
      "a later version writes otherwise",
      [listed(NAME), rows(fact("scan", { ...BOOK, readUntil: 1 }))],
      'unknown: the console\'s database holds a "scan" that this version does not understand',
    ],
    [
      "the database holds something else",
      [listed(NAME), rows({ name: "health", value: "{" })],
      'unknown: the console\'s database holds a "health" that this version does not understand',
    ],
  ])("are unknown where %s", async (_what, answers, because) => {
    server.script(...answers);
    expect(await unknownBecause(ask("consoleScans"))).toBe(because);
  });

  test("are asked for with the environment's token where the stack has none, and not at all without", async () => {
    const before = process.env[CLOUDFLARE_TOKEN_VARIABLE];
    const without = withConfig({ "cloudflare:baseUrl": `${server.url}/client/v4` });
    server.script(listed());
    try {
      Reflect.deleteProperty(process.env, CLOUDFLARE_TOKEN_VARIABLE);
      expect(await unknownBecause(ask("consoleScans", without))).toBe(
        "unknown: there is no API token of Cloudflare here; CLOUDFLARE_API_TOKEN gives one",
      );
      process.env[CLOUDFLARE_TOKEN_VARIABLE] = "of-the-environment";
      expect(await unknownBecause(ask("consoleScans", without))).toContain("has no D1 database");
      expect(server.seen.map(({ headers }) => headers.authorization)).toEqual(["Bearer of-the-environment"]);
    } finally {
      if (before === undefined) Reflect.deleteProperty(process.env, CLOUDFLARE_TOKEN_VARIABLE);
      else process.env[CLOUDFLARE_TOKEN_VARIABLE] = before;
    }
  });
});
