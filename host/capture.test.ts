import { spawn } from "node:child_process";
import { createHash, createHmac, randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { freePort, startCaddy, toolOnPath, type Answer, type Question, type RunningCaddy } from "./test/caddy";
import { startFrontend, type Frontend } from "./test/frontend";
import { Sandbox } from "./test/sandbox";

const WEBHOOK = "/api/method/ecommerce_integrations.shopify.connection.store_request_data";
const SECRET = "secret-of-the-app";

/** Shown instead of the tests where one is missing; `toolOnPath` makes that a failure in CI. */
const withTools = ["caddy", "python3"].every((tool) => toolOnPath(tool) !== undefined) ? describe : describe.skip;

interface Listener {
  /** Its last line, parsed. */
  readonly report: Promise<Record<string, unknown>>;
  readonly printed: () => string;
}

withTools("a capture at the door", () => {
  const dir = mkdtempSync(join(tmpdir(), "capture-"));
  const open = join(dir, "open");
  let upstream: Frontend;
  let caddy: RunningCaddy;
  let port: number;

  beforeAll(async () => {
    upstream = await startFrontend();
    port = await freePort();
    caddy = await startCaddy("Caddyfile", {
      CADDY_GLOBAL: "local_certs\nskip_install_trust",
      HOOK_HOST: "hooks.acme.example",
      SITE_NAME: "erp.acme.example",
      FRONTEND: `127.0.0.1:${upstream.port}`,
      HEALTH: `127.0.0.1:${upstream.port}`,
      CAPTURE: `127.0.0.1:${port}`,
      CAPTURE_DIR: dir,
    });
  }, 30_000);

  afterAll(async () => {
    await caddy.stop();
    upstream.stop();
    rmSync(dir, { recursive: true });
  });

  beforeEach(() => {
    upstream.reset();
    rmSync(open, { force: true });
  });

  /** The listener as requests/capture.sh runs it: the door is told when it listens, and when there is a report. */
  async function listen(seconds: number): Promise<Listener> {
    const child = spawn("python3", [join(__dirname, "bench/capture.py")], {
      env: {
        PATH: process.env["PATH"] ?? "",
        SECONDS: String(seconds),
        LISTEN: `127.0.0.1:${port}`,
        FORWARD: `127.0.0.1:${upstream.port}`,
      },
      stdio: ["pipe", "pipe", "pipe"],
    });
    let printed = "";
    child.stdin.end(JSON.stringify({ shopify_api_secret: SECRET }));
    child.stderr.on("data", (chunk: Buffer) => (printed += chunk.toString()));
    const listening = new Promise<void>((resolve) => {
      child.stdout.on("data", (chunk: Buffer) => {
        printed += chunk.toString();
        if (printed.includes("captured")) rmSync(open, { force: true });
        resolve();
      });
    });
    const report = new Promise<Record<string, unknown>>((resolve, reject) => {
      child.once("close", () => {
        try {
          resolve(JSON.parse(printed.trim().split("\n").at(-1) ?? "") as Record<string, unknown>);
        } catch {
          reject(new Error(`capture.py printed ${printed}`));
        }
      });
    });
    await listening;
    writeFileSync(open, "");
    return { report, printed: () => printed };
  }

  function deliver(body: Buffer, more: Partial<Question> & { secret?: string; topic?: string } = {}): Promise<Answer> {
    const { secret = SECRET, topic = "orders/create", ...question } = more;
    const signature = createHmac("sha256", secret).update(body).digest("base64");
    const headers = { "X-Shopify-Hmac-Sha256": signature, "X-Shopify-Topic": topic, "X-Shopify-Webhook-Id": "w-1" };
    return caddy.ask({ method: "POST", path: WEBHOOK, body, headers, ...question });
  }

  function arrived(): string[] {
    return upstream.arrived.map(({ sha256 }) => sha256);
  }

  function digest(body: Buffer): string {
    return createHash("sha256").update(body).digest("hex");
  }

  it("hands the delivery on byte for byte, and tells of it what is no content", async () => {
    const body = Buffer.concat([Buffer.from('{"email":"anna@mail.example"}\r\n'), randomBytes(300_000)]);
    const listener = await listen(20);
    const answer = await deliver(body);
    expect([answer.status, answer.body]).toEqual([200, "200"]);
    expect(arrived()).toEqual([digest(body)]);
    expect(upstream.arrived[0]?.headers).toMatchObject({
      host: "erp.acme.example",
      "x-shopify-topic": "orders/create",
    });
    expect(await listener.report).toEqual({
      captured: true,
      matches: true,
      bytes: body.length,
      fingerprint: digest(body).slice(0, 16),
      encoding: null,
      headers: { "x-shopify-topic": "orders/create", "x-shopify-webhook-id": "w-1" },
    });
    expect(listener.printed()).not.toMatch(/anna@mail|secret-of-the-app/);
  }, 30_000);

  it("tells a delivery that another secret signed, and hands it on all the same", async () => {
    const listener = await listen(20);
    await deliver(Buffer.from("{}"), { secret: "of another app" });
    expect(await listener.report).toMatchObject({ captured: true, matches: false, bytes: 2 });
    expect(upstream.arrived).toHaveLength(1);
  }, 30_000);

  it("reads a body that comes in chunks", async () => {
    const listener = await listen(20);
    await deliver(Buffer.from('{"id":1}'), { chunked: true });
    expect(await listener.report).toMatchObject({ captured: true, matches: true, bytes: 8 });
  }, 30_000);

  it("waits for Shopify's own delivery when this project sends one of its own", async () => {
    const listener = await listen(20);
    await deliver(Buffer.from("{}"), { topic: "erpnext-stack/self-test" });
    await deliver(Buffer.from("[]"));
    expect(await listener.report).toMatchObject({ fingerprint: digest(Buffer.from("[]")).slice(0, 16) });
    expect(upstream.arrived).toHaveLength(2);
  }, 30_000);

  it("ends by itself when nothing comes", async () => {
    const listener = await listen(1);
    expect(await listener.report).toEqual({ captured: false });
  }, 30_000);

  it("says 503, after which Shopify tries again, when the listener is gone and the file is still there", async () => {
    writeFileSync(open, "");
    expect((await deliver(Buffer.from("{}"))).status).toBe(503);
    rmSync(open);
    expect((await deliver(Buffer.from("{}"))).status).toBe(200);
  }, 30_000);

  it("loses none that is under way when the next one is what it waited for", async () => {
    upstream.answer = { status: 200, headers: {}, delayMs: 1_500 };
    const listener = await listen(20);
    const answers = await Promise.all([deliver(Buffer.from("[1]")), deliver(Buffer.from("[2]"))]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(await listener.report).toMatchObject({ captured: true });
  }, 30_000);

  it("says 503 when ERPNext is down, as without a capture", async () => {
    const listener = await listen(2);
    upstream.answer = { status: 502, headers: {}, delayMs: 0 };
    expect((await deliver(Buffer.from("{}"))).status).toBe(503);
    await listener.report;
  }, 30_000);

  it("is asked nothing while the file is not there", async () => {
    const listener = await listen(1);
    rmSync(open);
    expect((await deliver(Buffer.from("{}"))).status).toBe(200);
    expect(await listener.report).toEqual({ captured: false });
    expect(existsSync(open)).toBe(false);
  }, 30_000);
});

describe("the request for a capture", () => {
  let sandbox: Sandbox;

  beforeEach(() => {
    sandbox = new Sandbox();
    sandbox.install();
    sandbox.write("run/erpnext/secrets/shopify-api-secret", SECRET);
    sandbox.write("opt/frappe_docker/.env", "");
  });

  afterEach(() => {
    sandbox.remove();
  });

  /** The container's part: what it was given, whether the door was told when it listened, and its last words. */
  function container(words: string): void {
    const open = sandbox.path("var/lib/erpnext/capture/open");
    const look = `for _ in $(seq 100); do [[ -e ${open} ]] && break; sleep 0.05; done; [[ -e ${open} ]] && echo told >>told`;
    sandbox.program(
      "docker",
      `cat >given; printf '%s\n' "$*" >arguments; echo listening; cd ${sandbox.root}; ${look}; ${words}`,
    );
  }

  async function capture(parameters: object): Promise<{ code: number | null; output: string }> {
    const script = `printf '%s' '${JSON.stringify(parameters)}' | opt/erpnext/requests/capture.sh`;
    return sandbox.run(["bash", "-c", `cd ${sandbox.root}; ${script}`]);
  }

  it("opens the way while somebody listens, closes it after, and ends with the report", async () => {
    container(`echo '{"captured": false}'`);
    expect(await capture({ seconds: 5 })).toEqual({ code: 0, output: '{"captured": false}\n' });
    expect(sandbox.read("told")).toBe("told\n");
    expect(sandbox.has("var/lib/erpnext/capture/open")).toBe(false);
  });

  it("closes the way when the listener falls over", async () => {
    container("exit 3");
    expect((await capture({ seconds: 5 })).code).toBe(3);
    expect(sandbox.has("var/lib/erpnext/capture/open")).toBe(false);
  });

  it.each([[{}], [{ seconds: 0 }], [{ seconds: 541 }], [{ seconds: "5; rm" }]])(
    "does not begin with %j",
    async (parameters) => {
      container("true");
      expect(await capture(parameters)).toEqual({ code: 1, output: '"seconds" is a whole number from 1 to 540\n' });
      expect(sandbox.has("told")).toBe(false);
    },
  );
});
