import { spawn } from "node:child_process";
import { connect as connectHttp2, type IncomingHttpHeaders } from "node:http2";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

import { freePort } from "../sandbox/ports";
import { toolOnPath, type RunningCaddy } from "./test/caddy";
import { HOOK, SITE, startDoor, WEBHOOK } from "./test/door";
import { startFrontend, type Frontend } from "./test/frontend";
import { converse, type Ended } from "./test/raw-tls";
import { sendSlowly } from "./test/slow-callers";

/** Shown instead of the tests where Caddy is missing; `toolOnPath` makes that a failure in CI. */
const withCaddy = toolOnPath("caddy") === undefined ? describe.skip : describe;

withCaddy("the webhook door under attack", () => {
  let upstream: Frontend;
  let caddy: RunningCaddy;

  beforeAll(async () => {
    upstream = await startFrontend();
    caddy = await startDoor(`127.0.0.1:${upstream.port}`);
  }, 30_000);

  afterAll(async () => {
    await caddy.stop();
    upstream.stop();
  });

  beforeEach(() => {
    upstream.reset();
  });

  const deliver = (headers: Record<string, string> = {}): ReturnType<RunningCaddy["ask"]> =>
    caddy.ask({ method: "POST", path: WEBHOOK, body: Buffer.from('{"id":1,"note":"BODY-5"}'), headers });

  const say = (pieces: readonly string[], pauseMs = 0, serverName = HOOK): Promise<Ended> =>
    converse({ port: caddy.port, serverName, pieces, pauseMs });

  /** The log's line about the one request that carried `mark`; it is written after the answer. */
  const logged = async (mark: string): Promise<Record<string, unknown>> => {
    const deadline = Date.now() + 5_000;
    while (Date.now() < deadline) {
      await sleep(20);
      const found = caddy
        .output()
        .split("\n")
        .find((line) => line.includes("handled request") && line.includes(mark) && line.endsWith("}"));
      if (found !== undefined) return JSON.parse(found) as Record<string, unknown>;
    }
    throw new Error(`nothing was logged of ${mark}`);
  };

  it("refuses headers that are longer than any of Shopify's", async () => {
    const answer = await deliver({ "X-Long": "x".repeat(30_000) });
    expect(answer.status).toBe(431);
    expect(upstream.arrived).toEqual([]);
    expect((await deliver({ "X-Long": "x".repeat(8_000) })).status).toBe(200);
  });

  it.each(["other.example", SITE])("answers for its own name and not for %s", async (host) => {
    const request = `POST ${WEBHOOK} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}`;
    expect((await say([request])).text).toMatch(/^HTTP\/1\.1 421 /);
    expect(upstream.arrived).toEqual([]);
  });

  it("has no certificate for another name", async () => {
    await expect(say([], 0, "other.example")).rejects.toThrow(/alert|ssl/i);
  });

  it("sends plain HTTP for its own name to HTTPS, and no other name anywhere", async () => {
    const own = await caddy.askPlain({ path: "/healthz?x=1" });
    expect([own.status, own.headers.location]).toEqual([308, `https://${HOOK}/healthz?x=1`]);
    const other = await caddy.askPlain({ path: "/healthz", headers: { host: "other.example" } });
    expect([other.status, other.headers.location]).toEqual([404, undefined]);
    expect(upstream.arrived).toEqual([]);
  });

  it("speaks HTTP/1.0 and HTTP/2 as it speaks HTTP/1.1", async () => {
    const old = await say([`POST ${WEBHOOK} HTTP/1.0\r\nHost: ${HOOK}\r\nContent-Length: 2\r\n\r\n{}`]);
    expect(old.text).toMatch(/^HTTP\/1\.0 200 /);
    expect((await say([`GET / HTTP/1.0\r\n\r\n`])).text).toMatch(/^HTTP\/1\.0 (404|421) /);
    const client = connectHttp2(`https://${HOOK}:${caddy.port}`, {
      host: "127.0.0.1",
      servername: HOOK,
      rejectUnauthorized: false,
    });
    const ask = async (method: string, path: string): Promise<IncomingHttpHeaders> => {
      const stream = client.request({ ":method": method, ":path": path, ":authority": HOOK });
      stream.end(method === "POST" ? "{}" : undefined);
      const [headers] = (await once(stream, "response")) as [IncomingHttpHeaders];
      stream.close();
      return headers;
    };
    expect((await ask("POST", WEBHOOK))[":status"]).toBe(200);
    expect((await ask("POST", "/api/method/login"))[":status"]).toBe(404);
    client.close();
    expect(upstream.arrived.map(({ path, headers }) => [path, headers.host])).toEqual([
      [WEBHOOK, HOOK],
      [WEBHOOK, HOOK],
    ]);
  });

  it("names each request the same to the receiver, in the log and to the caller", async () => {
    const own = await deliver({ "X-Request-Id": "op-4711.a_b" });
    expect(own.headers["x-request-id"]).toBe("op-4711.a_b");
    expect(upstream.arrived[0]?.headers).toMatchObject({ "x-request-id": "op-4711.a_b" });
    expect((await logged("op-4711.a_b"))["resp_headers"]).toMatchObject({ "X-Request-Id": ["op-4711.a_b"] });
    for (const refused of ["short", "x".repeat(65), "a b c d e f g h", "{http.request.uuid}"]) {
      upstream.reset();
      const answer = await deliver({ "X-Request-Id": refused });
      expect(answer.headers["x-request-id"]).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
      expect(upstream.arrived[0]?.headers["x-request-id"]).toBe(answer.headers["x-request-id"]);
    }
  });

  it("logs what a delivery is found by, and no credential, signature, query or body", async () => {
    const shopify = {
      "X-Shopify-Topic": "orders/create",
      "X-Shopify-Shop-Domain": "acme.myshopify.com",
      "X-Shopify-Webhook-Id": "5bb0-webhook",
      "X-Shopify-Event-Id": "98ef-event",
      "X-Shopify-Triggered-At": "2026-11-26T10:00:00.123Z",
      "X-Shopify-Api-Version": "2026-10",
    };
    upstream.answer = { status: 200, headers: { "Set-Cookie": "sid=CANARY" }, delayMs: 0 };
    const secret = { "X-Shopify-Hmac-Sha256": "CANARY", "X-Shopify-Access-Token": "CANARY", "X-Api-Key": "CANARY" };
    const answer = await deliver({
      ...shopify,
      ...secret,
      Authorization: "token CANARY",
      "Proxy-Authorization": "CANARY",
      Cookie: "sid=CANARY",
      Referer: "https://x.example/?CANARY",
      "Cf-Access-Client-Secret": "CANARY",
    });
    expect(answer.headers["set-cookie"]).toBeUndefined();
    await caddy.ask({ path: "/login?token=CANARY" });
    const line = await logged("5bb0-webhook");
    expect(line["status"]).toBe(200);
    expect((line["request"] as { headers: object }).headers).toMatchObject(
      Object.fromEntries(Object.entries(shopify).map(([name, value]) => [name, [value]])),
    );
    expect((await logged('"/login?'))["request"]).toMatchObject({ uri: "/login?…" });
    expect(caddy.output()).not.toMatch(/CANARY|BODY-5/);
  });

  it("tells nothing of the answer but its status", async () => {
    const headers = {
      "Strict-Transport-Security": "max-age=63072000; includeSubDomains; preload",
      Server: "nginx",
      "Set-Cookie": "sid=CANARY",
      "X-Frappe-Error": "CANARY",
    };
    upstream.answer = { status: 500, headers, delayMs: 0, body: 'Traceback: File "/home/frappe/CANARY"' };
    const answer = await deliver();
    expect([answer.status, answer.body]).toEqual([500, "500"]);
    expect(JSON.stringify(answer.headers)).not.toMatch(/CANARY|max-age|nginx/);
  });

  it("lets no key and no session in", async () => {
    await deliver({ Authorization: "token key:secret", Cookie: "sid=1; user_id=Administrator" });
    const [{ headers }] = upstream.arrived as [Frontend["arrived"][number]];
    expect([headers.authorization, headers.cookie]).toEqual([undefined, undefined]);
  });

  it.each([401, 413, 400])("hands on the receiver's own %i", async (status) => {
    upstream.answer = { status, headers: {}, delayMs: 0 };
    expect((await deliver()).status).toBe(status);
  });

  it("hands on when Shopify should try again", async () => {
    upstream.answer = { status: 503, headers: { "Retry-After": "7" }, delayMs: 0 };
    const answer = await deliver();
    expect([answer.status, answer.headers["retry-after"]]).toEqual([503, "7"]);
  });
});

withCaddy("the webhook door before callers who are slow", () => {
  it("gives up on a client that sends headers or a body byte by byte, or nothing at all, at a tenth of its real patience", async () => {
    await sendSlowly({ timeouts: { read_header: "500ms", read_body: "1s" }, pauseMs: 100 });
  }, 60_000);
});

withCaddy("the webhook door before a host that does not answer", () => {
  it("says so before Shopify gives up", async () => {
    const port = await freePort();
    // A queue of none that is never taken from: the kernel drops new connections then, as a host does that is gone.
    const program = `import socket, time
s = socket.socket(); s.bind(("127.0.0.1", ${port})); s.listen(0)
waiting = [socket.socket() for _ in range(4)]
for w in waiting: w.setblocking(False); w.connect_ex(("127.0.0.1", ${port}))
print("full", flush=True); time.sleep(60)`;
    const full = spawn("python3", ["-c", program], { stdio: ["ignore", "pipe", "inherit"] });
    await once(full.stdout, "data");
    const caddy = await startDoor(`127.0.0.1:${port}`);
    try {
      const before = Date.now();
      const answer = await caddy.ask({ method: "POST", path: WEBHOOK, body: Buffer.from("{}") });
      expect([answer.status, answer.headers["retry-after"]]).toEqual([503, "5"]);
      const took = Date.now() - before;
      expect(took).toBeGreaterThan(2_500);
      expect(took).toBeLessThan(4_900);
    } finally {
      full.kill();
      await caddy.stop();
    }
  }, 30_000);
});
