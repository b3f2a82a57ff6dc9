import type { Doc, Erpnext } from "./erpnext";
import { cancelDocuments } from "./tidy";

/** What our app leaves of an order that was refunded: a payment by Shopify's number, a draft of a credit note, a closed order. */
const DOCUMENTS: Readonly<Record<string, readonly Doc[]>> = {
  "Sales Invoice": [
    { name: "SI-1", docstatus: 1, is_return: 0 },
    { name: "SI-2", docstatus: 1, is_return: 1 },
    { name: "SI-3", docstatus: 0, is_return: 1 },
  ],
  "Payment Entry": [
    { name: "PAY-1", docstatus: 1, reference_no: "9000800" },
    { name: "PAY-1", docstatus: 1, reference_no: "9000800" },
  ],
  "Delivery Note": [{ name: "DN-1", docstatus: 1, is_return: 0 }],
  "Sales Order": [{ name: "SO-1", docstatus: 1, status: "Closed" }],
};

function site(refused = "") {
  const asked: unknown[][] = [];
  const note = (...call: unknown[]) => {
    asked.push(call);
    return call.includes(refused) ? Promise.reject(new Error("no permission")) : Promise.resolve({});
  };
  const documents = (doctype: string, filters: unknown[]) => {
    if (doctype === "Payment Entry") asked.push([doctype, filters]);
    return Promise.resolve(DOCUMENTS[doctype]);
  };
  const frappe = {
    call: (_method: string, params: object) => note("call", params),
    update: (_doctype: string, name: string, fields: object) => note("update", name, fields),
    delete: (_doctype: string, name: string) => note("delete", name),
  };
  return { asked, erpnext: { frappe, documents } as unknown as Erpnext };
}

it("undoes what our app made of an order, each document before those that it holds", async () => {
  const { asked, erpnext } = site();
  const { left } = await cancelDocuments(erpnext, { orderIds: ["1", "1"], stockEntries: ["STE-1"] });
  const cancel = { docstatus: 2 };
  expect(left).toEqual([]);
  expect(asked).toEqual([
    [
      "Payment Entry",
      [
        ["Payment Entry Reference", "reference_name", "in", ["SI-2", "SI-3", "SI-1"]],
        ["docstatus", "<", 2],
      ],
    ],
    ["update", "PAY-1", cancel],
    ["update", "SI-2", cancel],
    ["delete", "SI-3"],
    ["update", "SI-1", cancel],
    ["update", "DN-1", cancel],
    ["call", { status: "Draft", name: "SO-1" }],
    ["update", "SO-1", cancel],
    ["update", "STE-1", cancel],
  ]);
});

it("says what it could not undo, and goes on", async () => {
  const { erpnext } = site("SI-2");
  const { done, left } = await cancelDocuments(erpnext, { orderIds: ["1"], stockEntries: [] });
  expect(left).toEqual(["Sales Invoice SI-2: cancel it in ERPNext (no permission)"]);
  expect(done).toContain("SO-1 cancelled");
});
