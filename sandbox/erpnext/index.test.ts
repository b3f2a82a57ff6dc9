import { request } from "node:http";
import { startErpnext } from "./index";
import { orderOf, plainProduct } from "./testing/orders";
import { DOOR, GOOD_SETTING, SETTING, SITE, startConfiguredSite, startTestSite, type TestSite } from "./testing/site";

describe("the stand-in", () => {
  let site: TestSite;
  beforeEach(async () => {
    site = await startConfiguredSite();
    site.shopify.products = [plainProduct(100)];
  });
  afterEach(() => site.close());

  test("keeps documents, secrets and numbers over a restart, on the same port, and loses queued jobs", async () => {
    await site.process("orders/create", orderOf(1));
    site.erpnext.workers.stall();
    await site.deliver("orders/create", orderOf(2));
    await site.erpnext.stop();
    await expect(site.call("GET /api/method/ping")).rejects.toThrow("ECONNREFUSED");
    await site.erpnext.start();
    expect((await site.call("GET /api/method/ping")).status).toBe(200);
    expect(site.erpnext.jobs()).toEqual([]);
    expect(site.erpnext.logs().map((log) => log["status"])).toEqual(["Success", "Queued"]);
    await site.process("orders/create", orderOf(3));
    expect(site.erpnext.documents("Sales Order").map(({ name }) => name)).toEqual([
      "SO-Shopify-00001",
      "SO-Shopify-00002",
    ]);
  });

  test("is the same site for another process on the same directory", async () => {
    await site.erpnext.stop();
    const again = await startErpnext(site.options);
    expect(again.documents("Shopify Setting")[0]!["shopify_url"]).toBe(GOOD_SETTING["shopify_url"]);
    expect(again.documents("Company")).toHaveLength(1);
    await again.close();
  });

  test("with an append-only file keeps queued jobs over restarts of redis and of the containers", async () => {
    await site.close();
    site = await startConfiguredSite({ appendOnly: true });
    site.shopify.products = [plainProduct(100)];
    site.erpnext.workers.stall();
    await site.deliver("orders/create", orderOf(1));
    site.erpnext.restartRedis();
    expect(site.erpnext.jobs()).toHaveLength(1);
    await site.erpnext.stop();
    await site.erpnext.start();
    await site.erpnext.settled();
    expect(site.erpnext.logs().map((log) => log["status"])).toEqual(["Success"]);
  });

  test("without one loses them when redis restarts: the row says Queued forever", async () => {
    site.erpnext.workers.stall();
    await site.deliver("orders/create", orderOf(1));
    site.erpnext.restartRedis();
    site.erpnext.workers.resume();
    await site.erpnext.settled();
    expect([site.erpnext.jobs(), site.erpnext.logs()[0]!["status"]]).toEqual([[], "Queued"]);
  });

  test("shows stalled workers by a heartbeat that stands still", async () => {
    site.erpnext.workers.stall();
    const [before] = site.erpnext.workers.list();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(site.erpnext.workers.list()[0]!.lastHeartbeat).toBe(before!.lastHeartbeat);
    await site.deliver("orders/create", orderOf(1));
    expect(site.erpnext.jobs()[0]!.status).toBe("queued");
    site.erpnext.workers.resume();
    await site.erpnext.settled();
    expect(site.erpnext.documents("Sales Order")).toHaveLength(1);
  });

  test("abandons what a killed worker ran, with nothing written, and goes on with new workers", async () => {
    site.shopify.delayMs = 200;
    await site.deliver("orders/create", orderOf(1));
    site.erpnext.workers.kill();
    await site.erpnext.settled();
    expect(site.erpnext.jobs()[0]).toMatchObject({
      status: "failed",
      excInfo: expect.stringContaining("AbandonedJobError") as string,
    });
    expect([site.erpnext.documents("Customer"), site.erpnext.logs()[0]!["status"]]).toEqual([[], "Queued"]);
    // Frappe lists what waits, and not what runs, until a worker has buried it.
    const listed = async (status: string): Promise<[number, unknown]> => {
      const filters = JSON.stringify([["RQ Job", "status", "=", status]]);
      const answer = await site.call(`GET /api/resource/RQ Job?order_by=creation asc&filters=${filters}`);
      return [answer.status, answer.body["exc_type"]];
    };
    expect([await listed("queued"), await listed("started")]).toEqual([
      [200, undefined],
      [500, "ValueError"],
    ]);
    site.shopify.delayMs = 0;
    await site.deliver("orders/create", orderOf(2));
    expect(site.erpnext.jobs()[1]!.status).toBe("queued");
    site.erpnext.workers.start();
    await site.erpnext.settled();
    expect(site.erpnext.documents("Sales Order")).toHaveLength(1);
  });

  test("lets a job be taken out of the queue through RQ Job", async () => {
    site.erpnext.workers.stall();
    await site.deliver("orders/create", orderOf(1));
    const [job] = site.erpnext.jobs();
    expect((await site.call(`DELETE /api/resource/RQ Job/${job!.id}`)).status).toBe(202);
    expect(site.erpnext.jobs()).toEqual([]);
  });

  test.each([
    ["500", 500],
    ["502", 502],
  ] as const)("fails the next matching requests with %s, as often as it was told", async (kind, status) => {
    site.erpnext.failNext({ match: "GET /api/method/ping", times: 2, kind });
    expect((await site.call("GET /api/method/frappe.auth.get_logged_user")).status).toBe(200);
    expect((await site.call("GET /api/method/ping")).status).toBe(status);
    expect((await site.call("GET /api/method/ping")).status).toBe(status);
    expect((await site.call("GET /api/method/ping")).status).toBe(200);
  });

  test("says in maintenance that it has stopped: a page to a browser, the exception to a caller", async () => {
    await site.close();
    site = await startTestSite({ door: () => "maintenance" });
    const api = await site.call("GET /api/method/ping");
    expect([api.status, api.body["exc_type"], api.body["exception"]]).toEqual([
      503,
      "SessionStopped",
      "frappe.exceptions.SessionStopped: Session Stopped",
    ]);
    expect((await site.call("GET /app")).text).toBe("<h1>Updating</h1>");
  });

  test("drops the connection on demand", async () => {
    site.erpnext.failNext({ match: /Shopify Setting/, kind: "reset" });
    await expect(site.call(`GET ${SETTING}`)).rejects.toThrow(/socket hang up|ECONNRESET/);
  });

  test("hangs on demand until the caller gives up, and closes all the same", async () => {
    site.erpnext.failNext({ match: DOOR, kind: "hang" });
    const signal = AbortSignal.timeout(100);
    const outcome = new Promise((resolve) => {
      request(`${site.erpnext.url}${DOOR}`, { method: "POST", headers: { Host: SITE }, signal })
        .on("error", (error) => {
          resolve(error.name);
        })
        .end("{}");
    });
    expect(await outcome).toBe("AbortError");
  });

  test("records every request, telling those that can write", async () => {
    site.log.clear();
    await site.call('GET /api/resource/Item?fields=["name"]');
    await site.call(`PUT ${SETTING}`, {});
    await site.callAsGuest(`POST ${DOOR}`, "{}", { Host: "other.invalid" });
    expect(site.log.entries).toEqual([
      { service: "erpnext", method: "GET", path: "/api/resource/Item", write: false, status: 200 },
      {
        service: "erpnext",
        method: "PUT",
        path: "/api/resource/Shopify%20Setting/Shopify%20Setting",
        write: true,
        status: 200,
      },
      { service: "erpnext", method: "POST", path: DOOR, write: true, status: 404 },
    ]);
  });
});
