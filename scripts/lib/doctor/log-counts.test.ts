import type { FrappeClient } from "../../../clients/frappe";
import { buryStuck, countLog } from "./log-counts";

/** A site that keeps its times in India, and knows what it was asked. */
function site(timeZone: unknown) {
  const asked: unknown[] = [];
  const client = {
    get: () => Promise.resolve({ name: "System Settings", time_zone: timeZone }),
    call: (_method: string, { filters }: { filters: unknown[][] }) => {
      asked.push(filters.map((filter) => filter.slice(0, 3)));
      return Promise.resolve(asked.length);
    },
    list: (_doctype: string, { fields }: { fields: string[] }) =>
      Promise.resolve(
        fields.includes("message")
          ? [{ message: "No account for VAT\nTraceback", creation: "x" }]
          : [{ creation: "2026-11-26 15:29:00.000000" }],
      ),
  };
  return { client: client as unknown as FrappeClient, asked };
}

it("asks in the site's own time", async () => {
  const { client, asked } = site("Asia/Kolkata");
  const counts = await countLog(client, { now: new Date("2026-11-26T10:00:00Z"), timeZone: "Europe/Berlin" });
  expect(counts).toEqual({
    success: 1,
    error: 2,
    invalid: 3,
    stuck: 4,
    lastError: "No account for VAT",
  });
  expect(asked[0]).toEqual([
    ["integration", "=", "shopify"],
    ["status", "=", "Success"],
    ["creation", ">=", "2026-11-25 15:30:00"],
  ]);
  expect(asked[3]).toEqual([
    ["status", "=", "Queued"],
    ["method", "!=", "ecommerce_integrations.shopify.utils.migrate_from_old_connector"],
    ["creation", "<", "2026-11-26 15:15:00"],
  ]);
});

it("takes the customer's zone where the site names none", async () => {
  const { client, asked } = site("");
  await countLog(client, { now: new Date("2026-11-26T10:00:00Z"), timeZone: "Europe/Berlin" });
  expect(asked[3]).toContainEqual(["creation", "<", "2026-11-26 10:45:00"]);
});

it("marks stuck rows whose job is gone, and none whose job waits or runs", async () => {
  const updated: unknown[][] = [];
  const list = jest.fn().mockResolvedValue([{ name: "row1" }, { name: "row2" }]);
  const client = {
    get: () => Promise.resolve(undefined),
    list,
    update: (...change: unknown[]) => Promise.resolve(updated.push(change)),
  } as unknown as FrappeClient;
  const moment = { now: new Date("2026-11-26T10:00:00Z"), timeZone: "Europe/Berlin" };
  expect(await buryStuck(client, moment, [{ arguments: '{"request_id": "row2"}' }])).toBe(1);
  expect(updated).toEqual([["Ecommerce Integration Log", "row1", { status: "Error", message: "The job was lost." }]]);
  const { filters } = (list.mock.calls as [string, { filters: unknown }][])[0]![1];
  expect(filters).toContainEqual(["creation", "<", "2026-11-26 10:45:00"]);
});
