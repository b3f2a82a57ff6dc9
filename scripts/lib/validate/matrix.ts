import { settling } from "../../../clients/frappe-payments";
import type { ConnectorEvent } from "../../../core/connector";
import type { Customer } from "../../../customers/schema";
import { catalogRow, type CatalogProduct } from "./catalog";
import type { Drive, DrivenOrder } from "./drive";
import { describe, text, type Doc, type Erpnext } from "./erpnext";
import { historyRow, type HistoryWindow } from "./history";
import { failed, ok, skipped, type Outcome, type RowPlan } from "./matrix-row";
import { stockFor } from "./stock";

/** What the matrix works with. */
export interface MatrixMeans {
  readonly erpnext: Erpnext;
  readonly drive: Drive;
  /** What the customer's file says of orders. */
  readonly customer: Pick<Customer, "accounting" | "company" | "sync"> & {
    readonly shopify: Pick<Customer["shopify"], "topics">;
  };
  /** The products that the catalog pull has to bring. */
  readonly products: readonly CatalogProduct[];
  readonly history: HistoryWindow;
}

/** An order together with the Sales Order that it became. */
interface Arrived {
  readonly order: DrivenOrder;
  readonly salesOrder: string;
}

/** A document that is waited for. */
interface Wanted {
  readonly doctype: string;
  readonly filters?: readonly (readonly [string, string, unknown])[];
  /** Fields that are read besides its name and state. */
  readonly fields?: readonly string[];
}

/** The golden matrix (playbook part 05), in the order in which a shop's life brings its rows. */
export class Matrix {
  /** Orders that were placed, whatever became of them. */
  readonly orders: DrivenOrder[] = [];
  /** Stock Entries that were made. */
  readonly stockEntries: string[] = [];
  #main: Arrived | undefined;
  #hasPaymentFailed = false;

  constructor(private readonly means: MatrixMeans) {}

  /** The rows, to be run in this order. */
  plan(): RowPlan[] {
    const { erpnext, products } = this.means;
    return [
      {
        id: "catalog",
        scenario: "Catalog pull",
        expected: "Products + variants → Items + Ecommerce Items",
        prove: () => catalogRow(erpnext, products),
      },
      this.row("orders/create", "Sales Order created, HMAC validates", () => this.created()),
      this.row("orders/paid", "Sales Invoice + Payment Entry into the leaf account", async () => {
        const outcome = await this.paid();
        this.#hasPaymentFailed = outcome.status === "failed";
        return outcome;
      }),
      this.row("orders/fulfilled", "Delivery Note", () => this.fulfilled()),
      this.row("orders/partially_fulfilled", "Delivery Note of a part", () => this.partlyFulfilled()),
      this.row("orders/cancelled", "Sales Order cancelled", () => this.cancelled()),
      {
        id: "history",
        scenario: "Historical pull",
        expected: "Archived orders too, via status=any",
        prove: () => this.history(),
      },
    ];
  }

  private row(event: ConnectorEvent, expected: string, prove: () => Promise<Outcome>): RowPlan {
    const { topics } = this.means.customer.shopify;
    const run = topics.includes(event)
      ? prove
      : () => Promise.resolve(skipped(`"shopify.topics" does not have ${event}`));
    return { id: event, scenario: `${event} webhook`, expected, prove: run };
  }

  private async created(): Promise<Outcome> {
    const { outcome, arrived } = await this.place(1);
    this.#main = arrived;
    return outcome;
  }

  private async paid(): Promise<Outcome> {
    const { drive, customer } = this.means;
    if (!customer.sync.salesInvoices) return skipped('"sync.salesInvoices" is false');
    if (this.#main === undefined) return NO_SALES_ORDER;
    const { order } = this.#main;
    await drive.pay(order);
    const invoice = await this.document("orders/paid", order, { doctype: "Sales Invoice" });
    if (invoice.value === undefined) return failed(invoice.because, drive.proof("orders/paid", order));
    const name = text(invoice.value["name"]);
    const [payment] = await this.means.erpnext.documents("Payment Entry", [settling([name])], ["paid_to"]);
    if (payment === undefined) return failed(name, "no Payment Entry", await this.logged("orders/paid", order));
    const paidTo = text(payment["paid_to"]);
    const evidence = [name, `${text(payment["name"])} into "${paidTo}"`, await this.logged("orders/paid", order)];
    const wanted = customer.accounting.cashBankAccount;
    return paidTo === wanted ? ok(...evidence) : failed(...evidence, `instead of "${wanted}"`);
  }

  private async fulfilled(): Promise<Outcome> {
    if (!this.means.customer.sync.deliveryNotes) return skipped('"sync.deliveryNotes" is false');
    if (this.#main === undefined) return NO_SALES_ORDER;
    if (!this.#hasPaymentFailed) return this.ship("orders/fulfilled", this.#main);
    // The server holds back what follows a failed event of an order until that has gone through.
    const { outcome, arrived } = await this.place(1);
    return arrived === undefined ? outcome : this.ship("orders/fulfilled", arrived);
  }

  private async partlyFulfilled(): Promise<Outcome> {
    if (!this.means.customer.sync.deliveryNotes) return skipped('"sync.deliveryNotes" is false');
    const { outcome, arrived } = await this.place(2);
    return arrived === undefined ? outcome : this.ship("orders/partially_fulfilled", arrived);
  }

  private async cancelled(): Promise<Outcome> {
    const { drive } = this.means;
    const { outcome, arrived } = await this.place(1);
    if (arrived === undefined) return outcome;
    const { order } = arrived;
    await drive.cancel(order);
    const cancelled = await this.document("orders/cancelled", order, {
      doctype: "Sales Order",
      filters: [["docstatus", "=", 2]],
    });
    const evidence = [arrived.salesOrder, drive.proof("orders/cancelled", order)];
    if (cancelled.value === undefined) return failed(cancelled.because, ...evidence);
    return ok(`${arrived.salesOrder} has docstatus 2`, await this.logged("orders/cancelled", order));
  }

  private async history(): Promise<Outcome> {
    const { drive, erpnext, history } = this.means;
    const order = await drive.archived(this.#main?.order);
    if (order === undefined) return skipped("the store has no archived order: archive one in Shopify's admin");
    return historyRow(erpnext, order, history);
  }

  /** An order and the Sales Order that has to come of it. */
  private async place(quantity: number): Promise<{ outcome: Outcome; arrived?: Arrived }> {
    const { drive } = this.means;
    const order = await drive.place(quantity);
    this.orders.push(order);
    const what = `Shopify order ${order.name} (${order.id})`;
    const seen = await this.document("orders/create", order, { doctype: "Sales Order" });
    if (seen.value === undefined) {
      return { outcome: failed(`${what}: no Sales Order`, seen.because, drive.proof("orders/create", order)) };
    }
    const salesOrder = text(seen.value["name"]);
    return { outcome: ok(what, salesOrder, await this.logged("orders/create", order)), arrived: { order, salesOrder } };
  }

  private async ship(event: ConnectorEvent, { order, salesOrder }: Arrived): Promise<Outcome> {
    const { drive, erpnext, customer } = this.means;
    const place = { company: customer.company.legalName, warehouse: customer.accounting.warehouse };
    const stock = await stockFor(erpnext, salesOrder, place);
    if (stock.entry !== undefined) this.stockEntries.push(stock.entry);
    await drive.ship(order, 1);
    const note = await this.document(event, order, { doctype: "Delivery Note", fields: ["total_qty"] });
    if (note.value === undefined) return failed(salesOrder, note.because, stock.evidence, drive.proof(event, order));
    const pieces = Number(note.value["total_qty"]);
    const evidence = [
      `${text(note.value["name"])} of ${pieces} piece`,
      stock.evidence,
      await this.logged(event, order),
    ];
    return pieces === 1 ? ok(...evidence) : failed(...evidence);
  }

  /** Waits for the document that an event of an order has to bring; the field that names the order is the same in all. */
  private document(event: ConnectorEvent, order: DrivenOrder, wanted: Wanted) {
    const { erpnext } = this.means;
    const filters = [["shopify_order_id", "=", order.id] as const, ...(wanted.filters ?? [])];
    const look = async (): Promise<Doc | undefined> =>
      (await erpnext.documents(wanted.doctype, filters, wanted.fields))[0];
    return erpnext.until(look, { name: event, orderId: order.id });
  }

  /** The HMAC's verdict with the log row that proves it, and what the sender saw. */
  private async logged(event: ConnectorEvent, order: DrivenOrder): Promise<string> {
    const log = await this.means.erpnext.logOf(event, order.id);
    const proof = this.means.drive.proof(event, order);
    return log === undefined ? `no log row, ${proof}` : `HMAC valid (${describe(log)}), ${proof}`;
  }
}

const NO_SALES_ORDER = skipped("there is no Sales Order that it could follow: see orders/create");
