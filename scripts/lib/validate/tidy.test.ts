import type { FrappeListOptions } from "../../../clients/frappe";
import type { Doc, Erpnext } from "./erpnext";
import { cancelDocuments, madeUpOrders } from "./tidy";

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

/** A Frappe with these Sales Orders, which applies a list's filters, order and length. */
function siteOf(orders: readonly Doc[]): Erpnext {
  const list = (_doctype: string, { filters = [], limit = 20 }: FrappeListOptions) => {
    const fits = (order: Doc) =>
      filters.every(([field, operator, value]) => {
        const [own, wanted] = [String(order[field]), String(value)];
        if (operator === "like") return new RegExp(`^${wanted.replaceAll("_", ".").replaceAll("%", ".*")}$`).test(own);
        return operator === "<" ? own < wanted : operator === ">" ? own > wanted : own === wanted;
      });
    const sorted = orders.toSorted((one, other) => (String(one["name"]) < String(other["name"]) ? -1 : 1));
    return Promise.resolve(sorted.filter(fits).slice(0, limit));
  };
  return { frappe: { list } } as unknown as Erpnext;
}

it("finds what an interrupted run left, drafts too, behind thousands of orders of a shop whose numbers begin alike", async () => {
  const merchants = Array.from({ length: 2_500 }, (_, index) => {
    const number = String(index).padStart(5, "0");
    return { name: `SO-${number}`, docstatus: 1, shopify_order_id: `55${number}`, shopify_order_number: `#M${number}` };
  });
  const made = (name: string, docstatus: number, id: string) => {
    return { name, docstatus, shopify_order_id: id, shopify_order_number: `#M${id}` };
  };
  const golden = { ...made("SO-T", 0, "9000000000000001"), shopify_order_number: "#T1" };
  const kinds = [made("SO-X1", 0, "71"), made("SO-X2", 1, "72"), made("SO-X3", 2, "73")];
  const orders = await madeUpOrders(siteOf([...merchants, golden, ...kinds]));
  expect(orders).toEqual(["9000000000000001", "71", "72"]);
});
