import { ConnectionError, type HttpRequest } from "../../../clients/http";
import { sign } from "../hmac/signature";
import { drainQueue, type Drain } from "./drain-queue";

const SUBSCRIPTION = "projects/acme-project/subscriptions/acme-deliveries";
const BODY = '{"id":1}';

interface Held {
  readonly ackId: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** A Pub/Sub with these messages, and a door that answers with these, the last one forever. */
function draining(held: readonly Held[], door: readonly (number | "away")[], options: Partial<Drain> = {}) {
  const left = new Map(held.map((one) => [one.ackId, one]));
  const taken: HttpRequest[] = [];
  const answers = [...door];
  const lines: string[] = [];
  const send = (request: HttpRequest) => {
    const { url } = request;
    if (url.host === "hooks.acme.example") {
      taken.push(request);
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      if (answer === "away" || answer === undefined) return Promise.reject(new ConnectionError("ECONNREFUSED", false));
      return Promise.resolve({ status: answer, headers: {}, text: "" });
    }
    const asked = JSON.parse(request.body ?? "{}") as { ackIds?: string[] };
    if (url.pathname.endsWith(":acknowledge")) for (const id of asked.ackIds ?? []) left.delete(id);
    const messages = [...left.values()].map(({ ackId, attributes }) => ({
      ackId,
      message: { messageId: ackId, data: Buffer.from(BODY).toString("base64"), attributes },
    }));
    const body = url.pathname.endsWith(":pull") && messages.length > 0 ? { receivedMessages: messages } : {};
    return Promise.resolve({ status: 200, headers: {}, text: JSON.stringify(body) });
  };
  const drain: Drain = {
    customer: "acme",
    subscription: SUBSCRIPTION,
    pubsubUrl: "https://pubsub.googleapis.com/v1/",
    token: "ya29.token",
    door: { url: new URL("https://hooks.acme.example/door"), host: "hooks.acme.example", anyCertificate: false },
    secret: "secret",
    send,
    quietMs: 20,
    timeoutMs: 60_000,
    intervalMs: 1,
    onProgress: (line) => lines.push(line),
    ...options,
  };
  return { run: () => drainQueue(drain), left, taken, lines };
}

const SIGNED = { "X-Shopify-Topic": "orders/create", "X-Shopify-Hmac-SHA256": "of Shopify", googclient: "no header" };

test("brings what is left to the door, with the headers that Shopify gave it", async () => {
  const { run, left, taken } = draining([{ ackId: "1", attributes: SIGNED }], [200]);
  expect(await run()).toEqual({ delivered: 1, refused: 0 });
  expect(left.size).toBe(0);
  expect(taken[0]).toMatchObject({ body: BODY, headers: { "X-Shopify-Hmac-SHA256": "of Shopify" } });
  expect(taken[0]?.headers).not.toHaveProperty("googclient");
});

test("signs what came without a signature", async () => {
  const { run, taken } = draining([{ ackId: "1", attributes: { "X-Shopify-Topic": "orders/create" } }], [200]);
  await run();
  expect(taken[0]?.headers["X-Shopify-Hmac-Sha256"]).toBe(sign(Buffer.from(BODY), "secret"));
});

test("acknowledges nothing that the door did not take, and tries again", async () => {
  const { run, left, taken } = draining([{ ackId: "1", attributes: SIGNED }], ["away", 503, 200]);
  expect(await run()).toEqual({ delivered: 1, refused: 0 });
  expect([left.size, taken.length]).toEqual([0, 3]);
});

test("does not wait for what the door never takes", async () => {
  const { run, left } = draining([{ ackId: "1", attributes: SIGNED }], [401]);
  expect(await run()).toEqual({ delivered: 0, refused: 1 });
  expect(left.size).toBe(0);
});

test("fails while the door takes nothing, so that nothing is deleted", async () => {
  const { run, left } = draining([{ ackId: "1", attributes: SIGNED }], [503], { timeoutMs: 30 });
  await expect(run()).rejects.toThrow(
    /still has deliveries.*hooks\.acme\.example answers 503.*nothing of it is deleted/,
  );
  expect(left.size).toBe(1);
});
