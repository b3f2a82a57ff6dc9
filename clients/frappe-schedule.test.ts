import type { FrappeApi } from "./frappe-api";
import { historyEvent } from "./frappe-schedule";

const siteWith = (rows: Record<string, unknown>[]) => ({
  list: jest.fn<ReturnType<FrappeApi["list"]>, Parameters<FrappeApi["list"]>>().mockResolvedValue(rows),
});

test.each([
  [
    "version 15",
    { name: "order.sync_old_orders", stopped: 0, last_execution: "2026-11-26 10:00:00.000000" },
    { name: "order.sync_old_orders", stopped: false, lastExecution: "2026-11-26 10:00:00.000000" },
  ],
  [
    "version 16",
    { name: "to58dm7hf7", stopped: 1, last_execution: null },
    { name: "to58dm7hf7", stopped: true, lastExecution: undefined },
  ],
])("the hourly event is found by what it runs, in %s", async (_version, row, event) => {
  const site = siteWith([row]);
  expect(await historyEvent(site)).toEqual(event);
  expect(site.list.mock.calls).toEqual([
    [
      "Scheduled Job Type",
      {
        fields: ["name", "stopped", "last_execution"],
        filters: [["method", "=", "ecommerce_integrations.shopify.order.sync_old_orders"]],
        limit: 1,
      },
    ],
  ]);
});

test("a site without the connector has none", async () => {
  expect(await historyEvent(siteWith([]))).toBeUndefined();
});
