import type { StatusAnswer } from "../../console/page/api";
import { speededClock } from "../clock";
import type { Fields } from "../erpnext";
import { startConfiguredSite, type TestSite } from "../erpnext/testing/site";
import { demoCredentials } from "../shopify";
import { startWorld, type World } from "../shopify/testing/world";
import { bundleConsole } from "../../console/build";
import { startWorker, type RunningWorker } from "./testing/running-worker";
import { forwardTo } from "./testing/stand-ins";

jest.setTimeout(120_000);

const HOUR = 60 * 60 * 1000;

let world: World;
let site: TestSite;
let worker: RunningWorker;

beforeAll(async () => {
  const clock = speededClock(1);
  world = await startWorld({ clock });
  const means = { clock, timeZone: "Europe/Berlin", productMs: 0, shopifyUrl: () => world.shopify.url };
  const taxes = [{ shopify_tax: "VAT", tax_account: "Umsatzsteuer 19 % - DSG" }];
  site = await startConfiguredSite(means, { password: demoCredentials.custom.token, taxes, sync_delivery_note: 0 });
  worker = await startWorker({
    script: await bundleConsole(),
    env: { SHOPIFY_ADMIN_TOKEN: demoCredentials.custom.token },
    hosts: {
      "demo-store.myshopify.com": forwardTo(() => world.shopify.url),
      "erp.demo.invalid": forwardTo(() => site.erpnext.url),
    },
  });
});
afterAll(async () => {
  await worker.close();
  await site.close();
  await world.stop();
});

test("one minute makes a whole scan of a small shop, and the page shows it", async () => {
  const order = world.shopify.shop().createOrder({ createdAt: new Date(Date.now() - HOUR) });
  await site.process("orders/create", order as unknown as Fields);
  await worker.tick();
  const status = await worker.json<StatusAnswer>("/api/status");
  expect(status.scan).toMatchObject({ complete: true, running: null, trouble: null, visibleSince: null });
  expect(status.gapCounts).toEqual({ cancelled: 3, "deleted-product": 2, other: 13 });
  const page = await worker.get("/");
  expect([page.status, await page.text()]).toEqual([200, expect.stringContaining("Acme &amp; Söhne GmbH")]);
});
