import type { ConnectorEvent } from "../../../core/connector";
import { decimal, minor, net, type Minor, type Rest } from "./amounts";
import { timeOf } from "./rest-order";
import type { Story, Transaction } from "./story";

/**
 * Lets one step of the kind's list happen. "repeats" is no step of the order's own.
 * @returns what Shopify announces it under; undefined where it announces it under no topic of a stack's
 */
export function happen(story: Story, step: string): ConnectorEvent | undefined {
  const [verb = "", ...rest] = step.split(" ");
  const said = rest.join(" ");
  switch (verb) {
    case "pays":
      return pay(story, said);
    case "authorizes":
      story.status = "authorized";
      return undefined;
    case "ships":
      return ship(story, said);
    case "cancels":
      if (said !== "shipment") return cancel(story);
      takeBack(story);
      return undefined;
    case "removes":
      return remove(story, Number(said) - 1);
    case "adds":
      story.add(Number(said) - 1);
      return edited(story);
    case "heals":
      return "orders/create";
    default:
      return refund(story, said);
  }
}

function pay(story: Story, said: string): ConnectorEvent | undefined {
  const [, sum, gateway = "manual"] = /^(\d+\.\d\d)?(?: ?by (\w+))?$/.exec(said) ?? [];
  const rounding = minor(story.kind.rounding ?? "0.00");
  const amount = sum === undefined ? story.due + rounding : minor(sum);
  story.transactions.push(transaction(story, { kind: "sale", amount, gateway }));
  story.received += amount - (sum === undefined ? rounding : 0);
  story.status = story.due > 0 ? "partially_paid" : "paid";
  return story.due > 0 ? undefined : "orders/paid";
}

function ship(story: Story, said: string): ConnectorEvent {
  const sent = story.lines.flatMap(({ line, index, of }) => {
    if (/^\d$/.test(said) && index !== Number(said) - 1) return [];
    const left = line.tip ? 0 : line.pieces - of.removed - of.refunded - of.shipped;
    const pieces = said === "one" ? Math.min(1, left) : left;
    of.shipped += pieces;
    return pieces > 0 ? [{ ...story.line(index), quantity: pieces }] : [];
  });
  story.fulfilments.push({
    id: story.id(500 + story.fulfilments.length),
    order_id: story.draft.id,
    status: "success",
    created_at: timeOf(story, story.told),
    location_id: 1,
    line_items: sent,
  });
  return said === "" ? "orders/fulfilled" : "orders/partially_fulfilled";
}

/** The last parcel never left: Shopify tells of it with the next delivery. */
function takeBack(story: Story): void {
  const last = story.fulfilments.at(-1);
  if (last === undefined) throw new Error(`${story.kind.kind}: nothing was shipped`);
  last["status"] = "cancelled";
  for (const sent of last["line_items"] as readonly Rest[]) {
    const found = story.lines.find(({ index }) => story.lineId(index) === sent["id"]);
    if (found !== undefined) found.of.shipped -= Number(sent["quantity"]);
  }
}

function cancel(story: Story): ConnectorEvent {
  if (story.received > story.refunded) refund(story, "all");
  else story.status = "voided";
  story.cancelled = true;
  return "orders/cancelled";
}

function remove(story: Story, index: number): ConnectorEvent {
  const line = story.kind.lines[index];
  const of = story.pieces[index];
  if (line === undefined || of === undefined) throw new Error(`${story.kind.kind} has no line ${index + 1}`);
  of.removed = line.pieces;
  return edited(story);
}

function edited(story: Story): ConnectorEvent {
  if (story.received > 0 && story.due > 0) story.status = "partially_paid";
  return "orders/edited";
}

/** "all", "shipping", an amount for no line, or a line with how many of its pieces; "less" keeps some of the money. */
function refund(story: Story, said: string): ConnectorEvent {
  const [, what = "", count, less = "0.00", restocked] =
    /^(all|shipping|\d+\.\d\d|\d)(?: x (\d+))?(?: less (\d+\.\d\d))?( restocked)?$/.exec(said) ?? [];
  const lines = what === "all" || /^\d$/.test(what) ? named(story, what, count) : [];
  const shipping = what === "all" || what === "shipping" ? story.shippingWorth() : 0;
  const goods = lines.reduce((sum, { index, pieces }) => sum + worth(story, index, pieces), 0);
  const goodwill = /\./.test(what) ? minor(what) : 0;
  const amount = Math.min(goods + shipping + goodwill - minor(less), story.received - story.refunded);
  const at = timeOf(story, story.told);
  story.refunds.push({
    id: story.id(700 + story.refunds.length),
    order_id: story.draft.id,
    created_at: at,
    processed_at: at,
    note: null,
    refund_line_items: lines.map(({ index, pieces }) =>
      refundLine(story, { index, pieces, restocked: restocked !== undefined }),
    ),
    order_adjustments: shipping > 0 ? [shippingRefund(story)] : [],
    transactions: [transaction(story, { kind: "refund", amount, gateway: gatewayOf(story) })],
  });
  story.refunded += amount;
  story.status = story.refunded >= story.received ? "refunded" : "partially_refunded";
  return "refunds/create";
}

function named(story: Story, what: string, count: string | undefined): readonly { index: number; pieces: number }[] {
  const lines = story.lines.filter(({ index }) => what === "all" || index === Number(what) - 1);
  return lines.map(({ line, index, of }) => {
    const left = line.pieces - of.removed - of.refunded;
    const pieces = count === undefined ? left : Number(count);
    of.refunded += pieces;
    return { index, pieces };
  });
}

function worth(story: Story, index: number, pieces: number): Minor {
  const line = story.kind.lines[index];
  return line === undefined ? 0 : story.prices.worth(line, pieces);
}

function refundLine(story: Story, of: { index: number; pieces: number; restocked: boolean }): Rest {
  const line = story.kind.lines[of.index];
  if (line === undefined) throw new Error(`${story.kind.kind} has no line ${of.index + 1}`);
  const share = Math.round((net(line) * of.pieces) / line.pieces);
  return {
    id: story.id(750 + story.refunds.length * 10 + of.index),
    line_item_id: story.lineId(of.index),
    quantity: of.pieces,
    subtotal: story.money(share),
    total_tax: story.money(story.prices.tax(share, line.vat)),
    restock_type: of.restocked ? "return" : "no_restock",
    location_id: of.restocked ? 1 : null,
  };
}

/** Shopify writes what leaves the shop as a negative amount, without its tax. */
function shippingRefund(story: Story): Rest {
  const { kind, prices, draft } = story;
  const kept = kind.shipping.filter(({ removed }) => !removed);
  const tax = kept.reduce((sum, one) => sum + prices.tax(minor(one.price) - minor(one.discount), one.vat), 0);
  const amount = story.shippingWorth() - tax;
  const negative = (value: Minor): string => `-${decimal(value, draft.decimals)}`;
  return { kind: "shipping_refund", amount: negative(amount), tax_amount: negative(tax) };
}

/** The money goes back the way that most of it came. */
function gatewayOf({ transactions }: Story): string {
  return transactions.at(-1)?.gateway ?? "manual";
}

function transaction(story: Story, of: { kind: "sale" | "refund"; amount: Minor; gateway: string }): Transaction {
  const { kind, amount, gateway } = of;
  const id = story.id((kind === "sale" ? 800 : 850) + story.transactions.length + story.refunds.length);
  const processed_at = timeOf(story, story.told);
  return { id, kind, status: "success", gateway, amount: story.money(amount), processed_at };
}
