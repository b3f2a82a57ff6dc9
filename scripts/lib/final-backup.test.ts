import type { SeenRequest, StubAnswer } from "../../clients/testing/stub-server";
import { startStubServer, type StubServer } from "../../clients/testing/stub-server";
import { makeFinalBackup, type FinalBackup } from "./final-backup";

const NONCE = "nonce-1";
const SET = "20261123T020000Z-requested";
const TOKEN = "canary-google-token";
const INSTANCE_PATH = "/compute/v1/projects/demo-project/zones/europe-west3-a/instances/demo-store-erpnext";
const WAIT_PATH = "/compute/v1/projects/demo-project/zones/europe-west3-a/operations/operation-1/wait";
const REMEDY =
  "\"pulumi state delete 'urn:pulumi:demo-store::erpnext::erpnext:server:ServerReady$command:local:Command::ready-final-backup' -s demo-store\"";

let google: StubServer;
let door: StubServer;

beforeEach(async () => {
  google = await startStubServer(answerOf());
  door = await startStubServer(health([{ nonce: NONCE, state: "done", detail: SET }]));
});

afterEach(async () => {
  await google.close();
  await door.close();
});

interface Steps {
  readonly read?: StubAnswer[];
  readonly write?: StubAnswer[];
  readonly wait?: StubAnswer[];
}

const operation = (rest: object): StubAnswer => ({ status: 200, body: { name: "operation-1", ...rest } });
const DONE = operation({ status: "DONE" });

/** Google's API: each kind of request gets its answers in turn, and the good one when there is none left. */
function answerOf({ read = [], write = [], wait = [] }: Steps = {}): (request: SeenRequest) => StubAnswer {
  let version = 0;
  return ({ method, path }) => {
    if (method === "GET" && path === INSTANCE_PATH) {
      version += 1;
      const items = [
        { key: "erpnext-env", value: "A=1" },
        { key: "erpnext-request", value: "{}" },
      ];
      return read.shift() ?? { status: 200, body: { name: "x", metadata: { fingerprint: `f${version}`, items } } };
    }
    if (method === "POST" && path === `${INSTANCE_PATH}/setMetadata`) return write.shift() ?? DONE;
    if (method === "POST" && path === WAIT_PATH) return wait.shift() ?? DONE;
    return { status: 404, body: { error: { message: `no ${method} ${path}` } } };
  };
}

function health(requests: unknown, status = 200): StubAnswer {
  return { status, body: { customer: "demo-store", digest: "sha256:a", state: "ready", steps: [], requests } };
}

/** Makes a backup. @returns the set and the lines of progress */
async function run(overrides: Partial<FinalBackup> = {}): Promise<{ set: string; lines: string[] }> {
  const lines: string[] = [];
  const set = await makeFinalBackup({
    customer: "demo-store",
    project: "demo-project",
    zone: "europe-west3-a",
    instance: "demo-store-erpnext",
    computeUrl: new URL("/compute/v1/", google.url),
    token: TOKEN,
    health: { url: new URL("/healthz", door.url), host: "hooks.demo-store.example", anyCertificate: false },
    nonce: NONCE,
    timeoutMs: 5_000,
    intervalMs: 5,
    onProgress: (line) => lines.push(line),
    ...overrides,
  });
  return { set, lines };
}

const asked = () => google.seen.map(({ method, path }) => `${method} ${path.split("/").slice(7).join("/")}`);

test("reads the metadata, writes it back with the request, and waits for Google and for the server", async () => {
  google.script(answerOf({ write: [operation({ status: "PENDING" })], wait: [operation({ status: "RUNNING" })] }));
  door.script(
    "reset",
    health([]),
    health([{ nonce: NONCE, state: "running" }], 503),
    health([{ nonce: NONCE, state: "running" }]),
    health([{ nonce: NONCE, state: "done", detail: SET }]),
  );
  const { set, lines } = await run();
  expect(set).toBe(SET);
  expect(asked()).toEqual([
    "GET instances/demo-store-erpnext",
    "POST instances/demo-store-erpnext/setMetadata",
    "POST operations/operation-1/wait",
    "POST operations/operation-1/wait",
    // The answered request is taken away, if it still stands there.
    "GET instances/demo-store-erpnext",
    "POST instances/demo-store-erpnext/setMetadata",
    "GET instances/demo-store-erpnext",
  ]);
  expect(JSON.parse(google.seen[1]!.body)).toEqual({
    fingerprint: "f1",
    items: [
      { key: "erpnext-env", value: "A=1" },
      {
        key: "erpnext-request",
        value: expect.stringMatching(
          /^\{"name":"backup","nonce":"nonce-1","parameters":\{\},"until":"[\dT:.-]+Z","backup":"nonce-1"\}$/,
        ) as unknown,
      },
    ],
  });
  expect(new Set(google.seen.map(({ headers }) => headers.authorization))).toEqual(new Set([`Bearer ${TOKEN}`]));
  expect(lines).toEqual([
    'the server "demo-store-erpnext" is asked for a last backup',
    expect.stringMatching(/socket hang up|ECONNRESET/),
    "the server has not taken up the request",
    // The stand-in's metadata never has it.
    "the request for a last backup was gone from the server's metadata and is put back",
    "the backup is running",
  ]);
  expect(
    new Set(door.seen.map(({ path, headers }) => `${path} ${headers.host ?? ""} ${headers.authorization ?? ""}`)),
  ).toEqual(new Set(["/healthz hooks.demo-store.example "]));
});

describe("what passes is tried again from the metadata, whose fingerprint may be another by then", () => {
  test.each<[string, Steps]>([
    ["a conflict", { write: [{ status: 412, body: { error: { message: "fingerprint" } } }] }],
    [
      "a conflict that shows in the operation",
      { write: [operation({ status: "DONE", error: { errors: [{ code: "CONDITION_NOT_MET" }] } })] },
    ],
    ["a server error", { write: [{ status: 503 }] }],
    ["a lost answer", { write: ["reset"] }],
    ["a full quota with its own pause", { write: [{ status: 429, headers: { "Retry-After": "0" } }] }],
  ])("%s", async (_title, steps) => {
    google.script(answerOf(steps));
    expect((await run()).set).toBe(SET);
    expect(asked()).toEqual([
      "GET instances/demo-store-erpnext",
      "POST instances/demo-store-erpnext/setMetadata",
      "GET instances/demo-store-erpnext",
      "POST instances/demo-store-erpnext/setMetadata",
      "GET instances/demo-store-erpnext",
    ]);
    expect(JSON.parse(google.seen[3]!.body)).toMatchObject({ fingerprint: "f2" });
  });

  test("a lost answer to the wait", async () => {
    google.script(answerOf({ write: [operation({ status: "RUNNING" })], wait: ["reset"] }));
    expect((await run()).set).toBe(SET);
    expect(asked().filter((line) => line.startsWith("GET"))).toHaveLength(3);
  });
});

describe("someone else's request", () => {
  const until = new Date(Date.now() + 600_000).toISOString();

  /** Google's metadata with another request in it, from the second look on where the first one meets a conflict. */
  function overtaken(steps: Steps = {}): void {
    const value = JSON.stringify({ name: "capture", nonce: "theirs", parameters: { seconds: 60 }, until });
    const metadata = { fingerprint: "theirs", items: [{ key: "erpnext-request", value }] };
    const read: StubAnswer = { status: 200, body: { name: "x", metadata } };
    google.script(answerOf({ ...steps, read: [...(steps.read ?? []), read] }));
  }

  const told = new Error(
    'another request ("capture") is still pending on the server; the last backup was not requested ' +
      `for customer "demo-store": try again in a minute; from ${until} on, that request can be replaced.`,
  );

  test("that the server has not seen is left alone, and the operator is told at once", async () => {
    overtaken();
    door.script(health([{ nonce: "older", state: "done" }]));
    await expect(run()).rejects.toThrow(told);
    expect(asked()).toEqual(["GET instances/demo-store-erpnext"]);
    expect(door.seen).toHaveLength(1);
  });

  test("that came between the look and the write is found by the conflict", async () => {
    const first: StubAnswer = { status: 200, body: { name: "x", metadata: { fingerprint: "f1" } } };
    overtaken({ read: [first], write: [{ status: 412, body: { error: { message: "fingerprint" } } }] });
    door.script(health([]));
    await expect(run()).rejects.toThrow(told);
    expect(asked().filter((line) => line.startsWith("POST"))).toHaveLength(1);
  });

  test.each(["running", "done"])("that is %s on the server is in no one's way", async (state) => {
    overtaken();
    door.script(
      health([
        { nonce: "theirs", state },
        { nonce: NONCE, state: "done", detail: SET },
      ]),
    );
    expect((await run()).set).toBe(SET);
  });
});

describe("what Google refuses ends it at once, with Google's words and without the token", () => {
  test.each<[string, Steps, string]>([
    [
      "a server that is gone",
      { read: [{ status: 404, body: { error: { message: "The resource was not found" } } }] },
      "HTTP 404, The resource was not found",
    ],
    [
      "a token without the permission, which Google shows",
      { write: [{ status: 403, body: { error: { message: `denied to ${TOKEN}` } } }] },
      "HTTP 403, denied to [secret]",
    ],
    [
      "a page that is not the API's",
      { read: [{ status: 200, body: "<html>" }] },
      "an answer that is not the Compute Engine API's (HTTP 200)",
    ],
    [
      "an operation that fails",
      {
        write: [
          operation({ status: "DONE", error: { errors: [{ code: "RESOURCE_NOT_READY", message: "not ready" }] } }),
        ],
      },
      "RESOURCE_NOT_READY, not ready",
    ],
  ])("%s", async (_title, steps, because) => {
    google.script(answerOf(steps));
    await expect(run()).rejects.toThrow(
      new Error(
        `the server "demo-store-erpnext" (project "demo-project", zone "europe-west3-a") could not be asked for a last backup (${because}) for customer "demo-store": ` +
          `run "pulumi destroy -s demo-store" again, or, if the server is gone for good, ${REMEDY} first.`,
      ),
    );
    expect(asked().length).toBeLessThan(3);
    expect(door.seen).toEqual([]);
  });
});

test("Google is given up after some tries", async () => {
  google.script(answerOf({ read: Array.from({ length: 99 }, () => ({ status: 503 })) }));
  await expect(run()).rejects.toThrow(/HTTP 503, given up after 8 tries in \d+\.\d s\) for customer "demo-store"/);
  expect(google.seen).toHaveLength(8);
});

test("a backup that fails on the server fails with its words", async () => {
  door.script(health([{ nonce: NONCE, state: "failed", detail: "manifest.json did not arrive in demo-backups" }]));
  await expect(run()).rejects.toThrow(
    new Error(
      'the last backup failed on the server with "manifest.json did not arrive in demo-backups" for customer "demo-store": ' +
        `fix that and run "pulumi destroy -s demo-store" again, or give the backup up with ${REMEDY}.`,
    ),
  );
});

test.each<[string, StubAnswer, RegExp]>([
  [
    "does not take it up",
    health([]),
    /last seen: the server has not taken up the request, given up after \d+ tries in \d\.\d s\)/,
  ],
  ["shows no report", { status: 502, body: "<html>" }, /last seen: HTTP 502 without a health report, given up/],
])("a server that %s is not waited for forever", async (_title, answer, words) => {
  door.script(answer);
  const started = Date.now();
  await expect(run({ timeoutMs: 300 })).rejects.toThrow(words);
  expect(Date.now() - started).toBeLessThan(3_000);
});

test("a Google that hangs does not hang the destroy", async () => {
  google.script("hang");
  const started = Date.now();
  await expect(run({ timeoutMs: 300 })).rejects.toThrow(/no answer within 0\.\d s, given up after/);
  expect(Date.now() - started).toBeLessThan(3_000);
});
