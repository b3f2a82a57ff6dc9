import { amount, dateOf, type Doc, type Fields, isSet, rows, text, without } from "../frappe/document";
import { ADMINISTRATOR, insert } from "../frappe/documents";
import type { Work } from "../site";

const SAVING = { user: ADMINISTRATOR, ignoreMandatory: true } as const;

/** What all documents that follow from an order are made of. */
export interface FromOrder {
  readonly order: Fields;
  readonly setting: Doc;
  readonly salesOrder: Doc;
}

/** Makes the Sales Invoice of an order, and the Payment Entry that settles it, once and only where the setting wants them. */
export function createSalesInvoice(work: Work, from: FromOrder): void {
  const { order, setting, salesOrder } = from;
  const exists = work.tx.find("Sales Invoice", { shopify_order_id: order["id"] }) !== undefined;
  const isOpen = salesOrder["docstatus"] === 1 && amount(salesOrder["per_billed"]) === 0;
  if (exists || !isOpen || !isSet(setting["sync_sales_invoice"])) return;
  const company = work.tx.get("Company", text(salesOrder["company"]));
  const postingDate = dateOf(order["created_at"], work.site.options.clock.now());
  const items = rows(salesOrder["items"]).map((line) => ({
    item_code: line["item_code"],
    item_name: line["item_name"],
    qty: line["qty"],
    rate: line["rate"],
    warehouse: line["warehouse"],
    cost_center: setting["cost_center"],
    income_account: company?.["default_income_account"],
    sales_order: salesOrder.name,
    so_detail: line["name"],
  }));
  const invoice = insert(
    work.tx,
    {
      ...copied(salesOrder),
      doctype: "Sales Invoice",
      naming_series: text(setting["sales_invoice_series"]) || "SI-Shopify-",
      shopify_order_id: text(order["id"]),
      shopify_order_number: text(order["name"]),
      posting_date: postingDate,
      due_date: postingDate,
      debit_to: company?.["default_receivable_account"],
      items,
      docstatus: 1,
    },
    SAVING,
  );
  if (amount(invoice["grand_total"]) > 0) pay(work, { invoice, company, setting });
}

/** The part of an order that ERPNext copies into the documents made from it. */
export function copied(salesOrder: Doc): Fields {
  const { company, customer, currency, selling_price_list, taxes } = salesOrder;
  return { company, customer, currency, selling_price_list, taxes: rows(taxes).map((tax) => without(tax, "name")) };
}

/** The connector books every paid order into the one cash_bank_account; without one ERPNext takes the company's default. */
function pay(work: Work, of: { invoice: Doc; company: Doc | undefined; setting: Doc }): void {
  const { invoice, company, setting } = of;
  const account =
    text(setting["cash_bank_account"]) ||
    text(company?.["default_bank_account"]) ||
    text(company?.["default_cash_account"]);
  insert(
    work.tx,
    {
      doctype: "Payment Entry",
      payment_type: "Receive",
      company: invoice["company"],
      party_type: "Customer",
      party: invoice["customer"],
      paid_from: invoice["debit_to"],
      paid_to: account,
      paid_amount: invoice["outstanding_amount"],
      received_amount: invoice["outstanding_amount"],
      reference_no: invoice.name,
      reference_date: invoice["posting_date"],
      posting_date: invoice["posting_date"],
      references: [
        {
          reference_doctype: "Sales Invoice",
          reference_name: invoice.name,
          total_amount: invoice["outstanding_amount"],
          allocated_amount: invoice["outstanding_amount"],
        },
      ],
      docstatus: 1,
    },
    SAVING,
  );
}
