import { decimalsOf } from "../../../components/shared/books-settings";
import { FrappeOrders } from "../../../clients/frappe-orders";
import type { ErpnextOrder, LogEntry, ShopifyOrder } from "../../../reconciliation/order";
import { Roles } from "../matrix/accounts";
import { eventsOf, type Event } from "../matrix/events";
import { judge, type Row } from "../matrix/judge";
import type { Kind } from "../matrix/kinds";
import { readBooks } from "../matrix/read-books";
import { firstId } from "../matrix/run";
import { makeCatalogue, send, type Books } from "../matrix/site";
import type { Erpnext } from "./erpnext";
import { lacking, type BookedBy } from "./kind-needs";
import { failed, ok, skipped, type Outcome, type RowPlan } from "./matrix-row";

export interface KindMeans {
  readonly books: Books;
  readonly erpnext: Pick<Erpnext, "until">;
  readonly customer: BookedBy;
  /** ISO 4217, the company's. */
  readonly currency: string;
  readonly now: Date;
}

/** What was seen of an order that has come to its end. */
interface Booked {
  readonly row: Row;
  readonly documents: string;
}

/**
 * The kinds of order of scripts/lib/matrix/orders.yaml as rows: each is delivered whole, as the server hands an order's events on in their
 * turn, and waited for by itself, so that one which never comes costs its own limit and no more.
 */
export class KindRows {
  /** Orders that were delivered, whatever became of them. */
  readonly orderIds: string[] = [];
  #catalogue: Promise<void> | undefined;

  constructor(private readonly means: KindMeans) {}

  plan(kinds: readonly Kind[]): RowPlan[] {
    const { customer, currency, now } = this.means;
    const first = firstId(now);
    return kinds.map((kind, index) => {
      const { wanted } = judge(kind, NOTHING, decimalsOf(currency));
      const prove = (): Promise<Outcome> => {
        const lack = lacking(kind, customer);
        return lack === undefined ? this.#prove(kind, first + index) : Promise.resolve(skipped(lack));
      };
      return { id: kind.kind, scenario: `${kind.kind}: ${kind.shop}`, expected: wanted, prove };
    });
  }

  async #prove(kind: Kind, id: number): Promise<Outcome> {
    const { books, erpnext, currency, now: at } = this.means;
    const lack = await this.#withoutAccount(kind);
    if (lack !== undefined) return skipped(lack);
    this.#catalogue ??= makeCatalogue(books);
    await this.#catalogue;
    const events = eventsOf(kind, { id, at, currency, decimals: decimalsOf(currency) });
    this.orderIds.push(String(id));
    for (const event of events) await send(books, event);
    let last: Booked | undefined;
    const { value, because } = await erpnext.until(async () => {
      const seen = await this.#look(kind, id, rowsOf(events));
      last = seen.booked;
      return seen.isOver ? seen.booked : undefined;
    });
    const seen = value ?? last;
    if (seen === undefined) return failed("ERPNext has logged no delivery of it", because);
    return seen.row.wrong === "" && value !== undefined
      ? ok(seen.documents)
      : failed(seen.row.wrong, seen.documents, because);
  }

  /** Over when all is booked and every delivery processed, or once the connector says that one failed. */
  async #look(kind: Kind, id: number, rows: number): Promise<{ booked: Booked | undefined; isOver: boolean }> {
    const { books, currency, now } = this.means;
    const orders = new FrappeOrders(books.site, { timeZone: books.timeZone });
    const asked = { id: String(id), createdAt: now.toISOString() } as ShopifyOrder;
    const logs = await orders.logs([asked]);
    const log = logs.get(String(id)) ?? [];
    if (log.length === 0) return { booked: undefined, isOver: false };
    const [found] = await readBooks(books, [{ kind, id }], logs);
    if (found === undefined) return { booked: undefined, isOver: false };
    const row = judge(kind, found, decimalsOf(currency));
    const ended = log.filter(({ status }) => status !== "Queued");
    const isWhole = row.wrong === "" && ended.length >= rows;
    const hasFailed = log.some(({ status }) => status === "Error");
    return { booked: { row, documents: evidenceOf(found.order, log) }, isOver: isWhole || hasFailed };
  }

  /** Balances are compared where each role has an account of its own. */
  async #withoutAccount({ booked: { accounts = {} } }: Kind): Promise<string | undefined> {
    const asked = Object.keys(accounts);
    const roles = asked.length === 0 ? undefined : await Roles.of(this.means.books.site);
    if (roles === undefined) return undefined;
    const named = new Map<string, string>();
    for (const role of asked) {
      const account = roles.find(role);
      if (account === undefined) return `the customer's file names no account for "${role}"`;
      const other = named.get(account);
      if (other !== undefined) return `"${role}" and "${other}" have one account, ${account}`;
      named.set(account, role);
    }
    return undefined;
  }
}

/** How many rows the connector's log has of it at least: the order is made once, by whichever delivery comes first. */
function rowsOf(events: readonly Event[]): number {
  return 1 + events.filter(({ topic }) => topic !== "orders/create").length;
}

const NOTHING = { order: undefined, log: [], accounts: {}, items: {}, customer: undefined };

/** Names of the documents, and where there are none what the log says last. */
function evidenceOf(order: ErpnextOrder | undefined, [newest]: readonly LogEntry[]): string {
  const documents = [...(order?.salesOrders ?? []), ...(order?.invoices ?? []), ...(order?.deliveryNotes ?? [])].map(
    ({ name }) => name,
  );
  if (documents.length > 0) return documents.join(", ");
  return newest === undefined ? "" : `log row ${newest.name}: ${newest.status} "${newest.message}"`;
}
