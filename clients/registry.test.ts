import { createHash } from "node:crypto";

import { send } from "./node-http";
import { digestOfTag } from "./registry";
import { startStubServer, type StubAnswer, type StubServer } from "./testing/stub-server";

const INDEX = JSON.stringify({
  schemaVersion: 2,
  mediaType: "application/vnd.oci.image.index.v1+json",
  manifests: [
    { platform: { os: "linux", architecture: "arm64" } },
    { platform: { os: "linux", architecture: "amd64" } },
  ],
});
const DIGEST = `sha256:${createHash("sha256").update(INDEX).digest("hex")}`;
const FOUND: StubAnswer = { status: 200, headers: { "Docker-Content-Digest": DIGEST }, body: INDEX };
const IMAGE = { repository: "frappe/build", tag: "version-15" };
const PATIENCE = { maxWaitMs: 2_000, tries: 3, firstDelayMs: 1 };

let registry: StubServer;
let host: string;
let name: string;

beforeEach(async () => {
  registry = await startStubServer(FOUND);
  host = new URL(registry.url).host;
  name = `${host}/frappe/build:version-15`;
});

afterEach(() => registry.close());

const digest = (patience = PATIENCE) => digestOfTag(IMAGE, { url: new URL(registry.url), send, patience });
const refusal = (patience = PATIENCE) => digest(patience).then(String, (error: unknown) => (error as Error).message);

/** What a registry with token authentication answers to those who bring none. */
const challenge = (realm = `${registry.url}/token`): StubAnswer => ({
  status: 401,
  headers: {
    "WWW-Authenticate": `Bearer realm="${realm}",service="the registry",scope="repository:frappe/build:pull"`,
  },
});

test("the digest is that of the list of platforms, asked for without credentials", async () => {
  expect(await digest()).toBe(DIGEST);
  expect(registry.seen.map(({ method, path }) => [method, path])).toEqual([
    ["GET", "/v2/frappe/build/manifests/version-15"],
  ]);
  expect(registry.seen[0]?.headers.authorization).toBeUndefined();
  expect(registry.seen[0]?.headers.accept?.split(", ")).toEqual([
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
  ]);
});

test("a single image without a list of platforms is taken as it is, and without the header", async () => {
  const manifest = '{"schemaVersion":2,"config":{}}';
  registry.script({ status: 200, body: manifest });
  expect(await digest()).toBe(`sha256:${createHash("sha256").update(manifest).digest("hex")}`);
});

test.each(["token", "access_token"])("a registry that wants a token even of strangers gets its %s", async (field) => {
  registry.script(challenge(), { status: 200, body: { [field]: "stranger" } }, FOUND);
  expect(await digest()).toBe(DIGEST);
  expect(registry.seen.map(({ path }) => path)).toEqual([
    "/v2/frappe/build/manifests/version-15",
    "/token?service=the+registry&scope=repository%3Afrappe%2Fbuild%3Apull",
    "/v2/frappe/build/manifests/version-15",
  ]);
  expect(registry.seen.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined, "Bearer stranger"]);
});

test.each([
  ["no answer in time, then one", "hang"],
  ["a closed connection", "reset"],
  ["a gateway's failure", { status: 503 }],
  ["a throttle", { status: 429, headers: { "Retry-After": "0" } }],
] as const)("%s is asked again", async (_, first) => {
  registry.script(first, FOUND);
  const patient = digestOfTag(IMAGE, {
    url: new URL(registry.url),
    send: (request) => send({ ...request, timeoutMs: 200 }),
    patience: PATIENCE,
  });
  expect(await patient).toBe(DIGEST);
  expect(registry.seen).toHaveLength(2);
});

test("what stays away is given up, and the sentence says how much was tried", async () => {
  registry.script({ status: 502 });
  expect(await refusal()).toMatch(
    /^127\.0\.0\.1:\d+ gives no answer \(HTTP 502\), given up after 3 tries in \d\.\d s: check the network and run the command again\.$/,
  );
  registry.script({ status: 429, headers: { "Retry-After": "21600" } });
  expect(await refusal()).toMatch(/gives no answer \(HTTP 429\), given up after 1 try in 0\.\d s/);
});

const answers: readonly (readonly [what: string, answers: () => readonly StubAnswer[], sentence: () => string])[] = [
  [
    "a tag that is not there",
    () => [{ status: 404 }],
    () => `there is no image frappe/build:version-15 at ${host} (HTTP 404): check it, or name another registry.`,
  ],
  [
    "a private image",
    () => [challenge(), { status: 200, body: { token: "stranger" } }, challenge()],
    () =>
      `${host} shows the image frappe/build:version-15 only with an account (HTTP 401): name a registry that has it.`,
  ],
  [
    "a registry that wants passwords",
    () => [{ status: 401, headers: { "WWW-Authenticate": 'Basic realm="x"' } }],
    () =>
      `${host} asks for a login of a kind that public registries do not have (Basic realm="x"): name a registry that lets everyone read.`,
  ],
  [
    "a realm that is no address of the web",
    () => [challenge("file:///etc/passwd")],
    () =>
      `${host} asks for a login of a kind that public registries do not have (Bearer realm="file:///etc/passwd",service="the registry",scope="repository:frappe/build:pull"): name a registry that lets everyone read.`,
  ],
  [
    "a token server that refuses",
    () => [challenge(), { status: 403 }],
    () => `${host} grants no token (HTTP 403): run the command again later.`,
  ],
  [
    "a header that lies",
    () => [{ ...FOUND, headers: { "Docker-Content-Digest": `sha256:${"0".repeat(64)}` } }],
    () =>
      `what ${name} holds has the digest ${DIGEST}, but its registry says sha256:${"0".repeat(64)}: run the command again, and do not build on that image while they differ.`,
  ],
  [
    "another platform",
    () => [{ status: 200, body: '{"manifests":[{"platform":{"os":"linux","architecture":"arm64"}},{}]}' }],
    () => `${name} is for linux/arm64, ?/? and not for linux/amd64: name another branch.`,
  ],
  [
    "a page",
    () => [{ status: 200, body: "<html>" }],
    () => `the registry's answer about ${name} is no manifest: check the registry's address.`,
  ],
  [
    "a redirect, which is not followed",
    () => [{ status: 307, headers: { Location: "http://127.0.0.1:1/" } }],
    () =>
      `${host} refuses the image frappe/build:version-15 (HTTP 307): look at the registry and run the command again.`,
  ],
];

test.each(answers)("%s ends it, in one sentence", async (_, script, sentence) => {
  registry.script(...script());
  expect(await refusal()).toBe(sentence());
});
