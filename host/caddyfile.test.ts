import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { freePort, startCaddy, toolOnPath, type RunningCaddy } from "./test/caddy";
import { startFrontend, type Frontend } from "./test/frontend";

const HOOK = "hooks.acme.example";
const SITE = "erp.acme.example";
const WEBHOOK = "/api/method/ecommerce_integrations.shopify.connection.store_request_data";

/** Shown instead of the tests where Caddy is missing; `toolOnPath` makes that a failure in CI. */
const withCaddy = toolOnPath("caddy") === undefined ? describe.skip : describe;

withCaddy("the webhook door", () => {
  let upstream: Frontend;
  let caddy: RunningCaddy;

  beforeAll(async () => {
    upstream = await startFrontend();
    caddy = await startCaddy("Caddyfile", {
      CADDY_GLOBAL: "local_certs\nskip_install_trust",
      HOOK_HOST: HOOK,
      SITE_NAME: SITE,
      FRONTEND: `127.0.0.1:${upstream.port}`,
      HEALTH: `127.0.0.1:${upstream.port}`,
    });
  }, 30_000);

  afterAll(async () => {
    await caddy.stop();
    upstream.stop();
  });

  beforeEach(() => {
    upstream.reset();
  });

  it("hands a delivery to the site under the site's name, byte for byte", async () => {
    const body = Buffer.concat([Buffer.from('{"id": 1,  "name":"#1001 ü \\u00fc"}\r\n'), randomBytes(300_000)]);
    const headers = { "X-Shopify-Hmac-Sha256": "c2lnbmF0dXJl", "X-Shopify-Topic": "orders/create" };
    const answer = await caddy.ask({ method: "POST", path: WEBHOOK, body, headers });
    expect([answer.status, answer.body]).toEqual([200, "200"]);
    expect(upstream.arrived).toHaveLength(1);
    const [delivery] = upstream.arrived;
    expect(delivery?.path).toBe(WEBHOOK);
    expect(delivery?.sha256).toBe(createHash("sha256").update(body).digest("hex"));
    expect(delivery?.headers).toMatchObject({
      host: SITE,
      "x-shopify-hmac-sha256": "c2lnbmF0dXJl",
      "x-shopify-topic": "orders/create",
      "x-forwarded-proto": "https",
      "x-forwarded-host": HOOK,
    });
  });

  it.each([
    ["GET", WEBHOOK],
    ["PUT", WEBHOOK],
    ["POST", `${WEBHOOK}/`],
    ["POST", `${WEBHOOK}?x=1`],
    ["POST", `/${WEBHOOK}`],
    ["POST", WEBHOOK.replace("connection", "%63onnection")],
    ["POST", WEBHOOK.replace("/method/", "/x/../method/")],
    ["POST", WEBHOOK.toUpperCase()],
    ["POST", "/api/method/login"],
    ["POST", "/healthz"],
    ["GET", "/"],
    ["GET", "/app"],
    ["GET", "/healthz/"],
  ])("answers %s %s with 404 and asks nobody", async (method, path) => {
    const answer = await caddy.ask({ method, path, ...(method === "GET" ? {} : { body: Buffer.from("{}") }) });
    expect(answer.status).toBe(404);
    expect(upstream.arrived).toEqual([]);
  });

  it("asks the status server for /healthz", async () => {
    const answer = await caddy.ask({ path: "/healthz" });
    expect([answer.status, upstream.arrived.map(({ path }) => path)]).toEqual([200, ["/healthz"]]);
  });

  it("refuses more than 5 MB, announced or not, for good", async () => {
    const body = Buffer.alloc(5_000_001, "x");
    const announced = await caddy.ask({ method: "POST", path: WEBHOOK, announced: 5_000_000 });
    const chunked = await caddy.ask({
      method: "POST",
      path: WEBHOOK,
      body,
      chunked: true,
    });
    expect([announced.status, chunked.status]).toEqual([413, 413]);
    expect(upstream.arrived).toEqual([]);
    expect((await caddy.ask({ method: "POST", path: WEBHOOK, body: body.subarray(2) })).status).toBe(200);
  });

  it("sends plain HTTP to HTTPS", async () => {
    const answer = await caddy.askPlain({ path: "/healthz" });
    expect([answer.status, answer.headers.location]).toEqual([308, `https://${HOOK}/healthz`]);
    expect(upstream.arrived).toEqual([]);
  });

  it("tells Shopify to try again when the site is too slow", async () => {
    upstream.answer = { status: 200, headers: {}, delayMs: 60_000 };
    const before = Date.now();
    const answer = await caddy.ask({ method: "POST", path: WEBHOOK, body: Buffer.from("{}") });
    expect([answer.status, answer.headers["retry-after"]]).toEqual([503, "5"]);
    // Shopify hangs up after five.
    expect(Date.now() - before).toBeLessThan(4_900);
  }, 20_000);
});

withCaddy("the webhook door without a site behind it", () => {
  it("tells Shopify at once to try again", async () => {
    const nobody = `127.0.0.1:${await freePort()}`;
    const caddy = await startCaddy("Caddyfile", {
      CADDY_GLOBAL: "local_certs\nskip_install_trust",
      HOOK_HOST: HOOK,
      SITE_NAME: SITE,
      FRONTEND: nobody,
      HEALTH: nobody,
    });
    try {
      const before = Date.now();
      const answer = await caddy.ask({ method: "POST", path: WEBHOOK, body: Buffer.from("{}") });
      expect([answer.status, answer.headers["retry-after"]]).toEqual([503, "5"]);
      expect(Date.now() - before).toBeLessThan(1_000);
      expect((await caddy.ask({ path: "/healthz" })).status).toBe(503);
      expect((await caddy.ask({ path: "/" })).status).toBe(404);
    } finally {
      await caddy.stop();
    }
  }, 30_000);
});

withCaddy("the status server", () => {
  it("serves the status, with 503 while it is also there as failed.json, and nothing else", async () => {
    const dir = mkdtempSync(join(tmpdir(), "status-"));
    writeFileSync(join(dir, ".secret"), "hidden");
    const caddy = await startCaddy("health.caddy", { STATUS_DIR: dir });
    try {
      expect((await caddy.ask({ path: "/healthz" })).status).toBe(404);
      writeFileSync(join(dir, "status.json"), '{"state":"ready"}');
      const ready = await caddy.ask({ path: "/healthz" });
      expect([ready.status, ready.body, ready.headers["content-type"]]).toEqual([
        200,
        '{"state":"ready"}',
        "application/json",
      ]);
      writeFileSync(join(dir, "failed.json"), '{"state":"failed"}');
      const failed = await caddy.ask({ path: "/healthz" });
      expect([failed.status, failed.body, failed.headers["content-type"]]).toEqual([
        503,
        '{"state":"failed"}',
        "application/json",
      ]);
      rmSync(join(dir, "failed.json"));
      expect((await caddy.ask({ path: "/healthz" })).status).toBe(200);
      for (const path of ["/status.json", "/.secret", "/", "/healthz/../.secret"]) {
        expect((await caddy.ask({ path })).status).toBe(404);
      }
    } finally {
      await caddy.stop();
      rmSync(dir, { recursive: true });
    }
  }, 30_000);
});
