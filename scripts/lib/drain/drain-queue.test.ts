import { ConnectionError, type HttpRequest } from "../../../clients/http";
import { sign } from "../hmac/signature";
import { drainQueue, type Drain } from "./drain-queue";

const SUBSCRIPTION = "projects/acme-project/subscriptions/acme-deliveries";
const BODY = '{"id":1}';
const SHOP = "acme.myshopify.com";

interface Held {
  readonly ackId: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly body?: string;
}

type Trouble = number | "away";

interface Given extends Partial<Drain> {
  /** What Pub/Sub answers first. */
  readonly troubles?: readonly Trouble[];
}

/** A Pub/Sub that gives these messages one by one, and a door that answers with these, the last one forever. */
function draining(held: readonly Held[], door: readonly Trouble[], { troubles = [], ...options }: Given = {}) {
  const left = new Map(held.map((one) => [one.ackId, one]));
  const taken: HttpRequest[] = [];
  const answers = [...door];
  const ahead = [...troubles];
  const leased = new Set<string>();
  const lines: string[] = [];
  const send = (request: HttpRequest) => {
    const { url } = request;
    if (url.host === "hooks.acme.example") {
      taken.push(request);
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      if (answer === "away" || answer === undefined) return Promise.reject(new ConnectionError("ECONNREFUSED", false));
      return Promise.resolve({ status: answer, headers: {}, text: "" });
    }
    const trouble = ahead.shift();
    if (trouble === "away") return Promise.reject(new ConnectionError("ETIMEDOUT", true));
    if (trouble !== undefined) {
      return Promise.resolve({ status: trouble, headers: {}, text: '{"error":{"message":"its words"}}' });
    }
    return Promise.resolve({ status: 200, headers: {}, text: JSON.stringify(pubsub(request)) });
  };
  const pubsub = ({ url, body = "" }: HttpRequest): object => {
    const { ackIds = [], ackDeadlineSeconds } = JSON.parse(body) as { ackIds?: string[]; ackDeadlineSeconds?: number };
    if (url.pathname.endsWith(":acknowledge")) for (const id of ackIds) left.delete(id);
    if (ackDeadlineSeconds === 0) for (const id of ackIds) leased.delete(id);
    if (!url.pathname.endsWith(":pull")) return {};
    const next = [...left.values()].find(({ ackId }) => !leased.has(ackId));
    if (next === undefined) return {};
    leased.add(next.ackId);
    const data = Buffer.from(next.body ?? BODY).toString("base64");
    return {
      receivedMessages: [{ ackId: next.ackId, message: { messageId: next.ackId, data, attributes: next.attributes } }],
    };
  };
  const drain: Drain = {
    customer: "acme",
    subscription: SUBSCRIPTION,
    pubsubUrl: "https://pubsub.googleapis.com/v1/",
    token: "ya29.token",
    door: { url: new URL("https://hooks.acme.example/door"), host: "hooks.acme.example", anyCertificate: false },
    shopDomain: SHOP,
    secret: "secret",
    send,
    quietMs: 20,
    timeoutMs: 60_000,
    intervalMs: 1,
    onProgress: (line) => lines.push(line),
    ...options,
  };
  return { run: () => drainQueue(drain), left, leased, taken, lines };
}

const UNSIGNED = { "X-Shopify-Topic": "orders/create", "X-Shopify-Shop-Domain": SHOP, googclient: "no header" };
const SIGNED = { ...UNSIGNED, "X-Shopify-Hmac-SHA256": "of Shopify" };

test("brings what is left to the door, with the headers that Shopify gave it", async () => {
  const { run, left, taken } = draining([{ ackId: "1", attributes: SIGNED }], [200]);
  expect(await run()).toEqual({ delivered: 1, refused: 0 });
  expect(left.size).toBe(0);
  expect(taken[0]).toMatchObject({ body: BODY, headers: { "x-shopify-hmac-sha256": "of Shopify" } });
  expect(taken[0]?.headers).not.toHaveProperty("googclient");
});

test("signs what came without a signature", async () => {
  const { run, taken } = draining([{ ackId: "1", attributes: UNSIGNED }], [200]);
  await run();
  expect(taken[0]?.headers["x-shopify-hmac-sha256"]).toBe(sign(Buffer.from(BODY), "secret"));
});

test("acknowledges nothing that the door did not take, and tries again", async () => {
  const { run, left, taken } = draining([{ ackId: "1", attributes: SIGNED }], ["away", 503, 200]);
  expect(await run()).toEqual({ delivered: 1, refused: 0 });
  expect([left.size, taken.length]).toEqual([0, 3]);
});

test.each([400, 413])("does not wait for what the door never takes (%d)", async (status) => {
  const { run, left } = draining([{ ackId: "1", attributes: SIGNED }], [status]);
  expect(await run()).toEqual({ delivered: 0, refused: 1 });
  expect(left.size).toBe(0);
});

test("drops what is of another shop, which the door need not be asked for", async () => {
  const foreign = { ...SIGNED, "X-Shopify-Shop-Domain": "other.myshopify.com" };
  const { run, left, taken } = draining([{ ackId: "1", attributes: foreign }], [401]);
  expect(await run()).toEqual({ delivered: 0, refused: 1 });
  expect([left.size, taken.length]).toEqual([0, 0]);
});

test("loses nothing to a wrong secret: its door takes no signature of Shopify's", async () => {
  const { run, left, leased } = draining([{ ackId: "1", attributes: SIGNED }], [401], { timeoutMs: 100 });
  await expect(run()).rejects.toThrow(/answers 401.*not of the server's secret.*stack hmac acme --capture/);
  // Given back, so that the next drain gets it.
  expect([left.size, leased.size]).toEqual([1, 0]);
});

test("brings what cancels an order after what makes it, however Pub/Sub gives them", async () => {
  const at = (topic: string, second: number) => ({
    ...SIGNED,
    "X-Shopify-Topic": topic,
    "X-Shopify-Triggered-At": `2026-11-30T20:00:0${second}.123456789Z`,
  });
  const messages = [
    { ackId: "1", attributes: at("orders/cancelled", 4) },
    { ackId: "2", attributes: at("refunds/create", 3), body: '{"id":9,"order_id":1}' },
    { ackId: "3", attributes: at("orders/edited", 2), body: '{"order_edit":{"order_id":1}}' },
    { ackId: "4", attributes: at("orders/create", 1) },
  ];
  // The door is away for the first one: nothing overtakes it.
  const { run, taken } = draining(messages, [503, 200]);
  expect(await run()).toEqual({ delivered: 4, refused: 0 });
  expect(taken.map(({ headers }) => headers["x-shopify-topic"])).toEqual([
    "orders/create",
    "orders/create",
    "orders/edited",
    "refunds/create",
    "orders/cancelled",
  ]);
});

test("asks Pub/Sub again after what passes", async () => {
  const { run } = draining([{ ackId: "1", attributes: SIGNED }], [200], { troubles: [429, 503, "away"] });
  expect(await run()).toEqual({ delivered: 1, refused: 0 });
}, 30_000);

test.each([
  [[403], /answers 403 to pull.*its words.*roles\/pubsub\.editor/],
  [[400], /^(?!.*editor).*answers 400 to pull.*nothing of it is deleted/],
  [Array<Trouble>(99).fill(503), /^(?!.*editor).*answers 503 to pull.*given up.*nothing of it is deleted/],
  [Array<Trouble>(99).fill("away"), /^(?!.*editor).*ETIMEDOUT.*given up.*nothing of it is deleted/],
])("says what helps when Pub/Sub answers %j", async (troubles, words) => {
  const { run } = draining([{ ackId: "1", attributes: SIGNED }], [200], { troubles, timeoutMs: 200 });
  await expect(run()).rejects.toThrow(words);
});

test("fails while the door takes nothing, so that nothing is deleted", async () => {
  const { run, left } = draining([{ ackId: "1", attributes: SIGNED }], [503], { timeoutMs: 100 });
  await expect(run()).rejects.toThrow(
    /still has deliveries.*hooks\.acme\.example answers 503.*nothing of it is deleted/,
  );
  expect(left.size).toBe(1);
});
