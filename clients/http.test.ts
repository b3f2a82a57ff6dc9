import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer as createHttpsServer } from "node:https";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer as createTlsServer } from "node:tls";
import { AttemptFailed, ConnectionError, persist, retryAfterMs, type HttpRequest } from "./http";
import { send } from "./node-http";
import { startStubServer, type StubServer } from "./testing/stub-server";

let server: StubServer;
beforeEach(async () => (server = await startStubServer({ status: 200, body: { ok: true } })));
afterEach(async () => server.close());

function get(overrides: Partial<HttpRequest> = {}): HttpRequest {
  return { method: "GET", url: new URL("/path", server.url), headers: {}, timeoutMs: 2_000, ...overrides };
}

async function failure(promise: Promise<unknown>): Promise<ConnectionError> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ConnectionError)) throw new Error(`no ConnectionError but ${String(error)}`);
  return error;
}

/** A key and a certificate that it signed itself. */
function selfSigned(): { key: string; cert: string } {
  const dir = mkdtempSync(join(tmpdir(), "self-signed-"));
  const [key, cert] = [join(dir, "key.pem"), join(dir, "cert.pem")];
  const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
  const files = ["-subj", "/CN=hooks.acme.example", "-keyout", key, "-out", cert];
  execFileSync("openssl", ["req", "-x509", ...kind, ...files], { stdio: "ignore" });
  const made = { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
  rmSync(dir, { recursive: true });
  return made;
}

describe("send", () => {
  test("asks for the given host wherever the connection goes", async () => {
    const answer = await send(get({ host: "erp.acme.example", method: "POST", body: "ö" }));
    expect(answer).toMatchObject({ status: 200, text: '{"ok":true}' });
    expect(server.seen).toHaveLength(1);
    expect(server.seen[0]).toMatchObject({ method: "POST", path: "/path", body: "ö" });
    expect(server.seen[0]!.headers).toMatchObject({ host: "erp.acme.example", "content-length": "2" });
  });

  test("asks for the given host in TLS too, without a port", async () => {
    const names: string[] = [];
    const tls = createTlsServer({
      SNICallback: (name, done) => {
        names.push(name);
        done(new Error("no certificate here"));
      },
    });
    tls.on("tlsClientError", () => undefined);
    await new Promise<void>((resolve) => tls.listen(0, "127.0.0.1", resolve));
    const url = new URL(`https://127.0.0.1:${(tls.address() as AddressInfo).port}/`);
    const error = await failure(send(get({ url, host: "demo.myshopify.com:8443" })));
    tls.close();
    expect(names).toEqual(["demo.myshopify.com"]);
    expect(error.sent).toBe(false);
  });

  test("refuses a certificate that no authority vouches for, unless told to take any", async () => {
    const tls = createHttpsServer(selfSigned(), (_request, response) => response.end("there"));
    await new Promise<void>((resolve) => tls.listen(0, "127.0.0.1", resolve));
    const url = new URL(`https://127.0.0.1:${(tls.address() as AddressInfo).port}/`);
    const refused = await failure(send(get({ url, host: "hooks.acme.example" })));
    const taken = await send(get({ url, host: "hooks.acme.example", anyCertificate: true }));
    tls.close();
    expect(refused.message).toMatch(/self-signed certificate/);
    expect([refused.sent, taken.text]).toEqual([false, "there"]);
  });

  test("does not follow a redirect", async () => {
    server.script({ status: 302, headers: { Location: `${server.url}/elsewhere` } });
    expect((await send(get())).status).toBe(302);
    expect(server.seen.map(({ path }) => path)).toEqual(["/path"]);
  });

  test("gives up after its time limit, knowing that the request was sent", async () => {
    server.script("hang");
    const error = await failure(send(get({ timeoutMs: 80 })));
    expect([error.message, error.sent]).toEqual(["no answer within 0.1 s", true]);
  });

  test("tells a connection that broke from one that never was", async () => {
    server.script("reset");
    expect((await failure(send(get()))).sent).toBe(true);
    const free = createServer();
    await new Promise<void>((resolve) => free.listen(0, "127.0.0.1", resolve));
    const { port } = free.address() as AddressInfo;
    await new Promise((resolve) => free.close(resolve));
    const error = await failure(send(get({ url: new URL(`http://127.0.0.1:${port}/`) })));
    expect([error.message, error.sent]).toEqual([`connect ECONNREFUSED 127.0.0.1:${port}`, false]);
  });

  test("reads no more than 32 MiB", async () => {
    server.script({ status: 200, body: "x".repeat(32 * 1024 * 1024 + 1) });
    const error = await failure(send(get({ timeoutMs: 20_000 })));
    expect(error.message).toBe("the answer is larger than 33554432 bytes");
  });
});

describe("persist", () => {
  const patience = { maxWaitMs: 1_000, tries: 3, firstDelayMs: 1 };
  const failing = (next: AttemptFailed["next"]) => new AttemptFailed(({ tries }) => new Error(`${tries} tries`), next);

  test("tries a repeatable failure as often as allowed and then concludes", async () => {
    const attempt = jest.fn(() => Promise.reject(failing({ repeat: true })));
    await expect(persist(patience, attempt)).rejects.toThrow("3 tries");
    expect(attempt).toHaveBeenCalledTimes(3);
  });

  test("does not repeat what may not be repeated", async () => {
    const attempt = jest.fn(() => Promise.reject(failing({ repeat: false })));
    await expect(persist(patience, attempt)).rejects.toThrow("1 tries");
    expect(attempt).toHaveBeenCalledTimes(1);
  });

  test("passes any other error on at once", async () => {
    const attempt = jest.fn(() => Promise.reject(new TypeError("a defect")));
    await expect(persist(patience, attempt)).rejects.toThrow(new TypeError("a defect"));
    expect(attempt).toHaveBeenCalledTimes(1);
  });

  test("waits as long as the server asked, which counts as no failure, and not beyond its patience", async () => {
    const waits = [60, 60, 60, 60, 5_000];
    const attempt = jest.fn(() => Promise.reject(failing({ repeat: true, waitMs: waits.shift() ?? 0 })));
    const started = performance.now();
    await expect(persist(patience, attempt)).rejects.toThrow("5 tries");
    const elapsed = performance.now() - started;
    expect(attempt).toHaveBeenCalledTimes(5);
    expect(elapsed).toBeGreaterThanOrEqual(235);
    expect(elapsed).toBeLessThan(1_000);
  });

  test("tells each attempt what is left", async () => {
    const left: number[] = [];
    const attempt = (remainingMs: number): Promise<string> => {
      left.push(remainingMs);
      return left.length === 2 ? Promise.resolve("done") : Promise.reject(failing({ repeat: true, waitMs: 100 }));
    };
    await expect(persist(patience, attempt)).resolves.toBe("done");
    expect(left[0]).toBeLessThanOrEqual(1_000);
    expect(left[0]! - left[1]!).toBeGreaterThanOrEqual(99);
  });
});

describe("retryAfterMs", () => {
  const now = new Date("2026-11-23T12:00:00Z");
  test.each([
    [{}, undefined],
    [{ "retry-after": "2.0" }, 2_000],
    [{ "retry-after": "Mon, 23 Nov 2026 12:00:05 GMT" }, 5_000],
    [{ "retry-after": "Mon, 23 Nov 2026 11:00:00 GMT" }, 0],
    [{ "retry-after": "soon" }, undefined],
  ])("%j is %j", (headers, expected) => {
    expect(retryAfterMs(headers, now)).toBe(expected);
  });
});
