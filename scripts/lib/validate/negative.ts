import { AttemptFailed, ConnectionError, persist, type HttpAnswer } from "../../../clients/http";
import { send } from "../../../clients/node-http";
import type { ConnectorEvent } from "../../../core/connector";
import { MAX_DELIVERY_BYTES } from "../../../core/delivery-limit";
import type { Door } from "../cli/open-customer";
import { deliver } from "../signed-delivery";
import { describe, namesOf, text, type Erpnext } from "./erpnext";
import { failed, ok, type Outcome, type RowPlan } from "./matrix-row";
import { paidOrder, placedOrder, testIds, type OrderPayload, type Saleable, type ShopFacts } from "./order-payload";

export interface NegativeMeans {
  readonly erpnext: Erpnext;
  readonly door: Door;
  readonly secret: string;
  readonly shopDomain: string;
  readonly facts: ShopFacts & { readonly product: Saleable };
  /** Whether paid orders become Sales Invoices for this customer. */
  readonly salesInvoices: boolean;
  readonly now: Date;
}

const TOO_LARGE = MAX_DELIVERY_BYTES + 1;

/** Far from any run's other ids, so that both kinds of rows can run from the same millisecond on. */
const ID_OFFSET_MS = 1_000;

const TIMEOUT_MS = 15_000;

/** What has to fail, and how. All by deliveries of its own, whatever drives the golden matrix. */
export class Negative {
  /** Ids of the orders that may have come of it. */
  readonly orderIds: string[] = [];
  readonly #nextId: () => number;

  constructor(private readonly means: NegativeMeans) {
    this.#nextId = testIds(new Date(means.now.getTime() - ID_OFFSET_MS));
  }

  plan(): RowPlan[] {
    const row = (id: string, heading: readonly [string, string], prove: () => Promise<Outcome>): RowPlan => ({
      id,
      scenario: heading[0],
      expected: heading[1],
      prove,
    });
    return [
      row("wrong-hmac", ["Wrong HMAC", "401, and no trace in ERPNext"], () => this.forged()),
      row("replay", ["orders/create twice", "One Sales Order, Invalid never"], () => this.replayed()),
      row("unmapped-topic", ["A topic outside the five", "400"], () => this.unmapped()),
      row("oversized", ["A body of more than 5 MB", "413 at the door"], () => this.oversized()),
      row("paid-first", ["orders/paid before orders/create", "The order is made first, Invalid never"], () =>
        this.paidFirst(),
      ),
      row("elsewhere", ["Any other path or method", "404 at the door"], () => this.elsewhere()),
    ];
  }

  private async forged(): Promise<Outcome> {
    const order = this.order();
    const { status } = await this.deliver("orders/create", order, "the secret of another app");
    // A job that was queued after all would have its log row by the time that a later, good delivery is through.
    const good = this.order();
    await this.deliver("orders/create", good);
    const seen = await this.arrived(good);
    if (seen === undefined) return failed(`HTTP ${status}`, "a good delivery after it did not arrive either");
    const log = await this.means.erpnext.logOf("orders/create", String(order.id));
    const trace = log === undefined ? "no log row" : describe(log);
    return status === 401 && log === undefined ? ok(`HTTP ${status}`, trace) : failed(`HTTP ${status}`, trace);
  }

  private async replayed(): Promise<Outcome> {
    const { erpnext } = this.means;
    const order = this.order();
    const id = String(order.id);
    const answers = [await this.deliver("orders/create", order)];
    const first = await this.arrived(order);
    answers.push(await this.deliver("orders/create", order));
    // Deliveries are forwarded in their turn: with a later one through, this one is.
    const later = this.order();
    await this.deliver("orders/create", later);
    await this.arrived(later);
    const [orders, logs] = [
      await erpnext.documents("Sales Order", [["shopify_order_id", "=", id]]),
      await erpnext.logsOf("orders/create", id),
    ];
    const evidence = [answers.map(({ status }) => `HTTP ${status}`).join(", "), namesOf(orders), ...logs.map(describe)];
    const held =
      first !== undefined &&
      orders.length === 1 &&
      logs.every(({ status }) => status === "Success") &&
      answers.every(({ status }) => status === 200);
    return held ? ok(...evidence) : failed(...evidence);
  }

  private async unmapped(): Promise<Outcome> {
    const { status } = await this.deliver("orders/updated", this.order());
    return status === 400 ? ok(`HTTP ${status}`) : failed(`HTTP ${status}`);
  }

  private async oversized(): Promise<Outcome> {
    const order = { ...this.order(), note: "x".repeat(TOO_LARGE) };
    const status = await this.statusOf(order);
    const [made] = await this.means.erpnext.documents("Sales Order", [["shopify_order_id", "=", String(order.id)]]);
    return status === 413 && made === undefined ? ok(`HTTP ${status}`) : failed(`HTTP ${status}`, text(made?.["name"]));
  }

  /** The door answers before it has read it all, and may hang up on the rest. */
  private async statusOf(order: OrderPayload): Promise<number> {
    const patience = { maxWaitMs: TIMEOUT_MS, tries: 8, firstDelayMs: 200 };
    return persist(patience, async () => {
      try {
        return (await this.deliver("orders/create", order)).status;
      } catch (error) {
        if (!(error instanceof ConnectionError)) throw error;
        throw new AttemptFailed(() => error, { repeat: true });
      }
    });
  }

  /** Shopify promises no order of deliveries; every one of them holds the whole order. */
  private async paidFirst(): Promise<Outcome> {
    const { erpnext, salesInvoices } = this.means;
    const order = paidOrder(this.order(), new Date());
    const id = String(order.id);
    await this.deliver("orders/paid", order);
    const paid = await erpnext.until(async () => {
      const log = await erpnext.logOf("orders/paid", id);
      return log?.status === "Queued" ? undefined : log;
    });
    if (paid.value?.status !== "Success") return failed("not logged as Success", paid.value && describe(paid.value));
    const salesOrder = await this.arrived(order);
    if (salesOrder === undefined) return failed(describe(paid.value), "no Sales Order");
    if (!salesInvoices) return ok(describe(paid.value), salesOrder);
    const [invoice] = await erpnext.documents("Sales Invoice", [["shopify_order_id", "=", id]]);
    return invoice === undefined
      ? failed(describe(paid.value), salesOrder, "no Sales Invoice")
      : ok(describe(paid.value), salesOrder, text(invoice["name"]));
  }

  private async elsewhere(): Promise<Outcome> {
    const { url } = this.means.door;
    const tries = [
      ["GET", "/"],
      ["GET", "/login"],
      ["GET", "/api/resource/User"],
      ["GET", url.pathname],
      ["POST", `${url.pathname}/`],
      ["POST", "/api/method/login"],
    ] as const;
    const answers = await Promise.all(
      tries.map(async ([method, path]) => [method, path, await this.ask(method, path)]),
    );
    const wrong = answers.filter(([, , status]) => status !== 404);
    return wrong.length === 0
      ? ok(`404 for ${answers.length} of ${answers.length} addresses`)
      : failed(...wrong.map(([method, path, status]) => `${method} ${path}: ${status}`));
  }

  private order(): OrderPayload {
    const order = placedOrder(this.means.facts, { nextId: this.#nextId, quantity: 1, at: new Date() });
    this.orderIds.push(String(order.id));
    return order;
  }

  private deliver(topic: string, order: OrderPayload, secret = this.means.secret): Promise<HttpAnswer> {
    const { door, shopDomain } = this.means;
    return deliver(door, { topic, body: JSON.stringify(order), secret, shopDomain });
  }

  /** The name of the Sales Order that came of an order. */
  private async arrived({ id }: OrderPayload): Promise<string | undefined> {
    const { erpnext } = this.means;
    const event: ConnectorEvent = "orders/create";
    const look = async () => (await erpnext.documents("Sales Order", [["shopify_order_id", "=", String(id)]]))[0];
    const { value } = await erpnext.until(look, { name: event, orderId: String(id) });
    return value === undefined ? undefined : text(value["name"]);
  }

  private async ask(method: "GET" | "POST", path: string): Promise<number> {
    const { door } = this.means;
    const body = method === "POST" ? { body: "{}" } : {};
    const url = new URL(path, door.url);
    const answer = await send({ method, ...door, url, headers: {}, ...body, timeoutMs: TIMEOUT_MS });
    return answer.status;
  }
}
