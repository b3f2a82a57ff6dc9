import {
  startStubServer,
  type SeenRequest,
  type StubAnswer,
  type StubServer,
} from "../../../clients/testing/stub-server";
import { askServer, type Asking } from "./index";

const INSTANCE = "/compute/v1/projects/demo-project/zones/europe-west3-a/instances/demo-store-erpnext";

type Items = Readonly<Record<string, string>>;

let google: StubServer;
let door: StubServer;
/** The server's metadata, as Google has it. */
let items: Items;
/** Looks at the server, counted from 1. */
let looks: number;
/** Changes the world before a look is answered. */
let onLook: (look: number) => void;
/** What the server says of requests, by nonce. */
let reported: Record<string, "running" | "done" | "failed">;
let isSilent: boolean;

beforeEach(async () => {
  items = { "erpnext-files": "1" };
  looks = 0;
  reported = {};
  isSilent = false;
  onLook = () => undefined;
  google = await startStubServer(metadataApi);
  door = await startStubServer(() => {
    looks += 1;
    onLook(looks);
    if (isSilent) return "reset";
    const requests = Object.entries(reported).map(([nonce, state]) => ({ nonce, state, detail: `${nonce}'s end` }));
    const report = { customer: "demo-store", digest: "sha256:a", state: "ready", steps: [], requests };
    return { status: 200, body: report };
  });
});

afterEach(async () => {
  await google.close();
  await door.close();
});

function metadataApi({ method, path, body }: SeenRequest): StubAnswer {
  if (method === "GET" && path === INSTANCE) {
    const listed = Object.entries(items).map(([key, value]) => ({ key, value }));
    return { status: 200, body: { metadata: { fingerprint: JSON.stringify(items), items: listed } } };
  }
  const wanted = JSON.parse(body) as { fingerprint: string; items: { key: string; value: string }[] };
  if (wanted.fingerprint !== JSON.stringify(items)) return { status: 412, body: { error: { message: "fingerprint" } } };
  items = Object.fromEntries(wanted.items.map(({ key, value }) => [key, value]));
  return { status: 200, body: { name: "operation-1", status: "DONE" } };
}

/** What an update of the stack does to the metadata: it sends what its plan and its state say. */
function update(request?: string): void {
  items = { "erpnext-files": "2", ...(request === undefined ? {} : { "erpnext-request": request }) };
}

function standing(): string | undefined {
  const value = items["erpnext-request"];
  return value === undefined ? undefined : (JSON.parse(value) as { nonce: string }).nonce;
}

function request(nonce: string, until = new Date(Date.now() + 60_000)): string {
  return JSON.stringify({ name: "capture", nonce, parameters: {}, until: until.toISOString() });
}

/** The server sees what stands in the metadata, and answers it. */
function takeUp(): void {
  const nonce = standing();
  if (nonce !== undefined) reported[nonce] = "done";
}

async function ask(nonce: string, overrides: Partial<Asking> = {}): Promise<{ words: string; lines: string[] }> {
  const lines: string[] = [];
  const words = await askServer({
    customer: "demo-store",
    project: "demo-project",
    zone: "europe-west3-a",
    instance: "demo-store-erpnext",
    computeUrl: new URL("/compute/v1/", google.url),
    token: "canary-google-token",
    request: { name: "capture", nonce },
    subject: "capture",
    next: { refused: "look", failed: "try again" },
    health: { url: new URL("/healthz", door.url), host: "hooks.demo-store.example", anyCertificate: false },
    timeoutMs: 10_000,
    intervalMs: 2,
    onProgress: (line) => lines.push(line),
    ...overrides,
  });
  return { words, lines };
}

const PUT_BACK = "the request for a capture was gone from the server's metadata and is put back";

test("a request that an update takes away is put back until the server has seen it, with what the update wrote", async () => {
  onLook = (look) => {
    if (look === 1 || look === 3) update();
    if (look === 5) takeUp();
  };
  const { words, lines } = await ask("own");
  expect(words).toBe("own's end");
  expect(lines.filter((line) => line === PUT_BACK)).toHaveLength(2);
  expect(items).toEqual({ "erpnext-files": "2" });
});

test("an older request that an update puts over it has no turn any more", async () => {
  reported["old"] = "done";
  onLook = (look) => {
    if (look === 1) update(request("old"));
    if (look === 4) takeUp();
  };
  expect((await ask("own")).words).toBe("own's end");
  expect(items).toEqual({ "erpnext-files": "2" });
});

test("someone else's request that stands in its place has its turn first, also while the server is silent", async () => {
  const seen: (string | undefined)[] = [];
  onLook = (look) => {
    seen.push(standing());
    isSilent = look < 4;
    if (look === 1) update(request("theirs"));
    if (look === 5 || look === 7) takeUp();
  };
  expect((await ask("own")).words).toBe("own's end");
  expect(seen.filter((nonce, index) => nonce !== seen[index - 1])).toEqual(["own", "theirs", "own"]);
  expect(reported).toEqual({ theirs: "done", own: "done" });
});

test("what is put back has its time again: nothing overtakes it", async () => {
  const until = (): number => Date.parse((JSON.parse(items["erpnext-request"] ?? "{}") as { until: string }).until);
  const times: number[] = [];
  onLook = (look) => {
    times.push(until());
    if (look === 1) update();
    if (look === 3) takeUp();
  };
  await ask("own");
  expect(times.at(-1)).toBeGreaterThan(times[0] ?? 0);
});

test("a request that the server has begun is not put back", async () => {
  onLook = (look) => {
    if (look === 1) reported["own"] = "running";
    if (look === 2) update();
    if (look === 5) reported["own"] = "done";
  };
  const { lines } = await ask("own");
  expect(lines).not.toContain(PUT_BACK);
});

test.each(["done", "failed"] as const)("a request that is %s goes; the rest of the metadata stays", async (state) => {
  onLook = () => (reported["own"] = state);
  const outcome = await ask("own").then(
    ({ words }) => words,
    (error: unknown) => String(error),
  );
  expect(outcome).toContain("own's end");
  expect(items).toEqual({ "erpnext-files": "1" });
});

test("another request that came after the answered one stays", async () => {
  onLook = () => {
    reported["own"] = "done";
    items = { ...items, "erpnext-request": request("theirs") };
  };
  await ask("own");
  expect(standing()).toBe("theirs");
});

test("Google's failure to take the answered request away is told, and the answer stands", async () => {
  onLook = () => {
    reported["own"] = "done";
    google.script({ status: 403, body: { error: { message: "Quota exceeded" } } });
  };
  const { words, lines } = await ask("own");
  expect(words).toBe("own's end");
  expect(lines.at(-1)).toBe(
    "the answered request stays in the server's metadata (HTTP 403, Quota exceeded), which does no harm",
  );
});

test("a Google that fails while the request is waited for ends no wait", async () => {
  onLook = (look) => {
    if (look === 1) google.script({ status: 403, body: { error: { message: "denied" } } });
    if (look === 5) reported["own"] = "done";
  };
  const { words, lines } = await ask("own");
  expect(words).toBe("own's end");
  expect(lines.filter((line) => line.includes("HTTP 403, denied"))).toHaveLength(2);
});
