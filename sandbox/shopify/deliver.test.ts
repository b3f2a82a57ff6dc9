import { createServer, type AddressInfo, type Server } from "node:net";
import type { Dial, ShopifyOptions } from "./index";
import { hookHost, startReceiver, type Receiver } from "./testing/receiver";
import { connectorUri, startWorld, subscribe, type World } from "./testing/world";

let world: World;
let receiver: Receiver;

async function start(options: Partial<ShopifyOptions> = {}): Promise<void> {
  world = await startWorld({ dial: receiver.dial, ...options });
}

beforeEach(async () => {
  receiver = await startReceiver();
});

afterEach(async () => {
  await world.stop();
  await receiver.close();
});

describe("a receiver that does not answer", () => {
  const quick = { connectTimeoutMs: 100, totalTimeoutMs: 200, failuresBeforeRemoval: 1 };

  async function errorOf(options: Partial<ShopifyOptions>, uri: string = connectorUri): Promise<string | undefined> {
    await start({ deliveryLimits: quick, ...options });
    await subscribe(world, "ORDERS_CREATE", { input: { uri } });
    world.shopify.shop().createOrder();
    await world.shopify.waitForDeliveries();
    const [attempt] = world.shopify.deliveries()[0]?.attempts ?? [];
    expect(attempt?.status).toBeUndefined();
    return attempt?.error;
  }

  it("in time has failed", async () => {
    receiver.answer(0);
    expect(await errorOf({})).toBe("no answer within 200 ms");
    expect(world.shopify.deliveries()[0]?.attempts[0]?.durationMs).toBeGreaterThanOrEqual(195);
  });

  it("because its name does not resolve has failed", async () => {
    expect(await errorOf({}, "https://nowhere.example/hook")).toBe("ENOTFOUND: getaddrinfo ENOTFOUND nowhere.example");
  });

  it("with a certificate to trust has failed", async () => {
    expect(await errorOf({ dial: receiver.distrustfulDial })).toMatch(/^DEPTH_ZERO_SELF_SIGNED_CERT: /);
  });

  it("with a certificate for its own name has failed", async () => {
    const misled: Dial = (_, port) => receiver.dial(hookHost, port);
    expect(await errorOf({ dial: misled }, "https://other.example/hook")).toMatch(/^ERR_TLS_CERT_ALTNAME_INVALID: /);
  });

  it("because nothing listens has failed", async () => {
    const closed: Server = createServer();
    await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    expect(await errorOf({ dial: () => Promise.resolve({ host: "127.0.0.1", port }) })).toMatch(/^ECONNREFUSED: /);
  });

  it("because no connection comes about has failed by the shorter limit", async () => {
    // 192.0.2.0/24 is reserved for documentation: nothing answers there, at best a router refuses.
    const error = await errorOf({ dial: () => Promise.resolve({ host: "192.0.2.1", port: 443 }) });
    expect(error).toMatch(/^(no connection within 100 ms$|ENETUNREACH|EHOSTUNREACH|ECONNREFUSED)/);
  });
});
