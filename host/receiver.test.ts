import { MAX_DELIVERY_BYTES } from "../core/delivery-limit";
import { pythonPackages, REDIS_CLIENT } from "../tools/python-packages";
import { toolOnPath, type Answer, type Question, type RunningCaddy } from "./test/caddy";
import { HOOK, startDoor, WEBHOOK } from "./test/door";
import { converse } from "./test/raw-tls";
import { deliveryHeaders, Receiver } from "./test/receiver";

const hasTools = ["caddy", "python3", "redis-server"].every((tool) => toolOnPath(tool) !== undefined);
const packages = hasTools ? pythonPackages(REDIS_CLIENT) : { trouble: "caddy, python3 or redis-server is missing" };
if ("trouble" in packages) process.stderr.write(`SKIPPED the tests of the receiver at the door: ${packages.trouble}\n`);
const withReceiver = "trouble" in packages ? describe.skip : describe;

withReceiver("the door with the receiver behind it", () => {
  const receiver = new Receiver("directory" in packages ? packages.directory : "");
  let caddy: RunningCaddy;

  beforeAll(async () => {
    await receiver.start();
    caddy = await startDoor(`127.0.0.1:${receiver.port}`);
  }, 60_000);

  afterAll(async () => {
    await caddy.stop();
    receiver.stop();
  });

  beforeEach(() => {
    receiver.reset();
  });

  const post = (question: Partial<Question>): Promise<Answer> =>
    caddy.ask({ method: "POST", path: WEBHOOK, ...question });

  it.each([false, true])("keeps what Shopify signed (in chunks: %s)", async (chunked) => {
    const body = Buffer.from('{"id": 1,  "name":"#1001 ü \\u00fc"}\r\n');
    const answer = await post({ body, chunked, headers: deliveryHeaders(body) });
    expect([answer.status, receiver.kept()]).toEqual([200, 1]);
  });

  // Frappe runs the method that `cmd` in a form, multipart or JSON body names before it looks at the path: seen on Frappe 15.92.
  it.each([
    ["a form", { "Content-Type": "application/x-www-form-urlencoded" }, "cmd=ping"],
    ["a form in capitals", { "content-type": "APPLICATION/X-WWW-FORM-URLENCODED;charset=utf-8" }, "cmd=ping"],
    ["JSON", { "Content-Type": "application/json" }, '{"cmd":"login","usr":"Administrator","pwd":"x"}'],
    ["JSON of a vendor's", { "Content-Type": "application/vnd.api+json" }, '{"cmd":"ping"}'],
    ["multipart", { "Content-Type": "multipart/form-data; boundary=b" }, "--b\r\n…cmd…ping\r\n--b--\r\n"],
    ["text", { "Content-Type": "text/plain" }, "cmd=ping"],
    ["no type", {}, "cmd=ping"],
  ])("refuses a forged body that names a command of ERPNext: %s", async (_, type, text) => {
    const body = Buffer.from(text);
    const forged = deliveryHeaders(body, "guessed");
    const key = { Authorization: "token key:secret", Cookie: "sid=1; user_id=Administrator" };
    for (const headers of [type, { ...key, ...type }, { ...forged, ...type }]) {
      for (const chunked of [false, true]) {
        const answer = await post({ body, chunked, headers });
        expect([answer.status, answer.body]).toEqual([401, "401"]);
      }
    }
    expect(receiver.kept()).toBe(0);
  });

  it("refuses a request that names two types of body", async () => {
    const head = `POST ${WEBHOOK} HTTP/1.1\r\nHost: ${HOOK}\r\nConnection: close\r\nContent-Length: 8\r\n`;
    const types = "Content-Type: text/plain\r\nContent-Type: application/x-www-form-urlencoded\r\n";
    const ended = await converse({
      port: caddy.port,
      serverName: HOOK,
      pieces: [`${head}${types}\r\ncmd=ping`],
      pauseMs: 0,
    });
    expect(ended.text).toMatch(/^HTTP\/1\.1 401 /);
  });

  it("takes the largest delivery, and says of a larger one that it is too large", async () => {
    const sized = (bytes: number): Buffer => Buffer.from(`{"id":1,"note":"${"x".repeat(bytes - 18)}"}`);
    const [largest, larger] = [sized(MAX_DELIVERY_BYTES), sized(MAX_DELIVERY_BYTES + 1)];
    expect([largest.length, larger.length]).toEqual([MAX_DELIVERY_BYTES, MAX_DELIVERY_BYTES + 1]);
    for (const chunked of [false, true]) {
      expect((await post({ body: largest, headers: deliveryHeaders(largest), chunked })).status).toBe(200);
    }
    expect((await post({ body: larger, headers: deliveryHeaders(larger), chunked: true })).status).toBe(413);
    // Without the body, because Caddy hangs up on a caller who goes on sending.
    const headers = deliveryHeaders(Buffer.from("{}"));
    expect((await post({ announced: MAX_DELIVERY_BYTES + 1, headers })).status).toBe(413);
  }, 60_000);
});
