import type { ArchivedOrder } from "./drive";
import type { Erpnext } from "./erpnext";
import { historyRow } from "./history";

const ORDER = { id: "5800000001007", name: "#1007", createdAt: new Date("2026-10-18T09:00:00Z") } as ArchivedOrder;
const BEFORE = { sync_old_orders: 0, sync_delivery_note: 1, old_orders_from: "2026-01-01 00:00:00" };

function siteWith({ events, call }: { events: unknown[]; call: jest.Mock }) {
  const update = jest.fn().mockResolvedValue({});
  const frappe = { get: jest.fn().mockResolvedValue(BEFORE), list: jest.fn().mockResolvedValue(events), update, call };
  return { update, erpnext: { frappe, logsOf: jest.fn().mockResolvedValue([]) } as unknown as Erpnext };
}

test("a pull that cannot be started leaves the setting as it was", async () => {
  const call = jest.fn().mockRejectedValue(new Error("refused"));
  const { update, erpnext } = siteWith({ events: [{ name: "to58dm7hf7", stopped: 0 }], call });
  await expect(historyRow(erpnext, ORDER, "around")).rejects.toThrow("refused");
  expect(call.mock.calls).toEqual([
    ["frappe.core.doctype.scheduled_job_type.scheduled_job_type.execute_event", { doc: '{"name":"to58dm7hf7"}' }],
  ]);
  expect(update.mock.calls.map(([, , fields]: unknown[]) => fields)).toEqual([
    {
      sync_old_orders: 1,
      old_orders_from: "2026-10-17 00:00:00",
      old_orders_to: "2026-10-20 00:00:00",
      sync_delivery_note: 0,
    },
    { sync_old_orders: 0, sync_delivery_note: 1 },
  ]);
});

test("a site without the hourly event is not touched", async () => {
  const { update, erpnext } = siteWith({ events: [], call: jest.fn() });
  expect(await historyRow(erpnext, ORDER, "around")).toMatchObject({
    status: "failed",
    evidence: "the site has no hourly event that pulls history: is the connector installed?",
  });
  expect(update).not.toHaveBeenCalled();
});
