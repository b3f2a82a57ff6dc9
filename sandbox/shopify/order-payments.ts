import { moneySet, parseMoney, type Cents } from "./money";
import type { RestFinancialStatus, RestMoneySet, RestOrder } from "./rest-types";

/** Statuses of an order for which no money ever came. */
const NEVER_PAID: ReadonlySet<RestFinancialStatus> = new Set(["pending", "authorized", "voided", "expired"]);

/** What was captured and what of it was paid back. What is neither outstanding nor given up was received. */
export function paymentsOf(order: RestOrder): { readonly received: Cents; readonly refunded: Cents } {
  const isPaid = !NEVER_PAID.has(order.financial_status);
  const received = isPaid ? parseMoney(order.total_price) - parseMoney(order.total_outstanding) : 0;
  const transactions = order.refunds.flatMap(({ transactions: some }) => some);
  return { received, refunded: transactions.reduce((sum, { amount }) => sum + parseMoney(amount), 0) };
}

/** The total at the time of order creation: an edit changes `total_price`, and not what the lines were ordered at. */
export function placedTotal(order: RestOrder): RestMoneySet {
  const goods = parseMoney(order.total_line_items_price) - parseMoney(order.total_discounts);
  const shipping = parseMoney(order.total_shipping_price_set.shop_money.amount);
  const tax = order.taxes_included ? 0 : parseMoney(order.total_tax);
  return moneySet(goods + shipping + tax, order.currency);
}
