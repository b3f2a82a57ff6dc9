import { CATALOGUES } from "../../core/messages";
import { join } from "node:path";

import { bundleConsole } from "../../console/build";
import { AUDIENCE, forgedToken, soundClaims, unsignedToken } from "./testing/access-issuer";
import { startWorker, type RunningWorker } from "./testing/running-worker";

jest.setTimeout(120_000);

/** In the language of its company, which is German. */
const REFUSED = [403, CATALOGUES.de["refusal.refused"]];
const UNREACHABLE = [503, CATALOGUES.de["refusal.unreachable"]];

let worker: RunningWorker;

beforeAll(async () => {
  worker = await startWorker({ script: await bundleConsole(), hosts: {} });
});
afterAll(() => worker.close());

async function answerTo(headers: Record<string, string>, path = "/api/status", of = worker): Promise<unknown[]> {
  const answer = await of.get(path, { headers });
  return [answer.status, await answer.text()];
}

function withToken(token: string): Record<string, string> {
  return { "Cf-Access-Jwt-Assertion": token };
}

test("a token of Access opens the console, in the header or in the cookie", async () => {
  const token = worker.issuer.token();
  expect((await answerTo(withToken(token)))[0]).toBe(200);
  expect((await answerTo({ Cookie: `other=1; CF_Authorization=${token}` }))[0]).toBe(200);
  expect((await answerTo(withToken(worker.issuer.token({ aud: AUDIENCE }))))[0]).toBe(200);
});

const now = Math.floor(Date.now() / 1000);

test.each<[string, () => Record<string, string>]>([
  ["no token", () => ({})],
  ["an empty token", () => withToken("")],
  ["what is no token", () => withToken("a.b.c")],
  ["a token signed by someone else", () => withToken(forgedToken())],
  ["one that names a key of Access", () => withToken(forgedToken({ kid: headerOf(worker.issuer.token())["kid"] }))],
  ["an unsigned one", () => withToken(unsignedToken())],
  ["another algorithm", () => withToken(worker.issuer.token({}, { alg: "HS256" }))],
  ["one that carries its own key", () => withToken(forgedToken({ jwk: { kty: "RSA" } }))],
  ["another application's", () => withToken(worker.issuer.token({ aud: ["b".repeat(64)] }))],
  ["another team's", () => withToken(worker.issuer.token({ iss: "https://evil.cloudflareaccess.com" }))],
  ["one that has expired", () => withToken(worker.issuer.token({ exp: now - 60 }))],
  ["one that is not good yet", () => withToken(worker.issuer.token({ nbf: now + 3600 }))],
  ["one without an end", () => withToken(worker.issuer.token({ exp: undefined }))],
  ["one that was changed", () => withToken(changed(worker.issuer.token()))],
  ["one of a size that none has", () => withToken(`${worker.issuer.token()}${"a".repeat(20_000)}`)],
  [
    "a bad one in the header beside a good cookie",
    () => ({
      ...withToken(forgedToken()),
      Cookie: `CF_Authorization=${worker.issuer.token()}`,
    }),
  ],
])("%s is refused", async (...[, headers]) => {
  expect(await answerTo(headers())).toEqual(REFUSED);
});

function headerOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split(".")[0] ?? "", "base64url").toString()) as Record<string, unknown>;
}

function changed(token: string): string {
  const [header, , signature] = token.split(".");
  const claims = Buffer.from(JSON.stringify({ ...soundClaims(), email: "me@evil.example" })).toString("base64url");
  return [header, claims, signature].join(".");
}

test.each(["/", "/gaps.csv", "/api/feed", "/api/status", "/assets/page.css", "/nothing"])(
  "%s shows nothing without a token",
  async (path) => {
    expect(await answerTo({}, path)).toEqual(REFUSED);
    expect((await worker.get(path, { method: "POST", headers: {} })).status).toBe(403);
  },
);

test("made-up keys have Access asked for its own no more often", async () => {
  await answerTo(withToken(worker.issuer.token()));
  const { asked } = worker.issuer;
  for (let tries = 0; tries < 30; tries += 1) {
    expect((await answerTo(withToken(forgedToken({ kid: `made-up-${tries}` }))))[0]).toBe(403);
  }
  expect(worker.issuer.asked - asked).toBeLessThanOrEqual(2);
});

test("every answer forbids what the page does not need, and only files are kept", async () => {
  const refusal = await worker.get("/", { headers: {} });
  const page = await worker.get("/");
  const style = /href="(\/assets\/[^"]+\.css)"/.exec(await page.text())?.[1] ?? "";
  const asset = await worker.get(style);
  expect([asset.status, asset.headers.get("content-type")]).toEqual([200, "text/css; charset=utf-8"]);
  for (const { headers } of [refusal, page, asset]) {
    expect(headers.get("content-security-policy")).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    );
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("strict-transport-security")).toBe("max-age=31536000");
  }
  const ages = [refusal, page, await worker.get("/api/status"), await worker.get("/gaps.csv"), asset];
  expect(ages.map(({ headers }) => headers.get("cache-control"))).toEqual([
    "no-store",
    "no-store",
    "no-store",
    "no-store",
    "public, max-age=31536000, immutable",
  ]);
});

test("there is nothing else, and nothing can be changed", async () => {
  expect((await worker.get("/admin")).status).toBe(404);
  expect((await worker.get("/assets/nothing.js")).status).toBe(404);
  const headers = withToken(worker.issuer.token());
  for (const method of ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
    const answer = await worker.get("/api/status", { method, headers });
    expect([answer.status, answer.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
  }
});

test("keys that are rotated or cannot be had", async () => {
  const eager = await startWorker({
    script: await bundleConsole({ entry: join(__dirname, "testing/eager-worker.ts") }),
    hosts: {},
  });
  try {
    const { issuer } = eager;
    const old = issuer.token();
    issuer.status = 500;
    expect(await answerTo(withToken(old), "/api/status", eager)).toEqual(UNREACHABLE);
    issuer.status = 200;
    expect((await answerTo(withToken(old), "/api/status", eager))[0]).toBe(200);
    issuer.rotate();
    expect((await answerTo(withToken(issuer.token()), "/api/status", eager))[0]).toBe(200);
    expect((await answerTo(withToken(old), "/api/status", eager))[0]).toBe(200);
    issuer.rotate();
    expect((await answerTo(withToken(issuer.token()), "/api/status", eager))[0]).toBe(200);
    expect((await answerTo(withToken(old), "/api/status", eager))[0]).toBe(403);
    issuer.status = 500;
    expect((await answerTo(withToken(issuer.token()), "/api/status", eager))[0]).toBe(200);
    issuer.rotate();
    expect(await answerTo(withToken(issuer.token()), "/api/status", eager)).toEqual(UNREACHABLE);
  } finally {
    await eager.close();
  }
});
