import type { ShopifyQueries } from "../../clients/shopify";
import { RECENT_TAXES } from "../../clients/shopify-shop";
import type { Customer } from "../../customers/schema";

/** What recent orders say of the shop. */
export interface RecentOrders {
  /** Each title once. */
  readonly taxes: readonly TaxSeen[];
  /** The same, each title and rate once. */
  readonly rates: readonly TaxSeen[];
  /** Payment gateways, each once. */
  readonly gateways: readonly string[];
  /** Currencies that buyers paid in, each once. */
  readonly buyersCurrencies: readonly string[];
}

export interface TaxSeen {
  readonly title: string;
  /** For example 0.19. */
  readonly rate: number | null;
}

/** What was seen of an account that is missing, and what to do. */
export interface AccountFault {
  readonly saw: string;
  readonly next: string;
}

type Accounting = Pick<Customer["accounting"], "taxAccounts" | "defaultTaxAccount" | "paymentAccounts"> &
  Pick<Customer["accounting"], "cashBankAccount" | "giftCardAccount">;

/** How many of the newest orders are checked: enough for every tax rate that is in use. */
const RECENT_ORDERS = 100;

/** @throws ShopifyError, also where the app may not see customers' data */
export async function readRecentOrders(shop: ShopifyQueries): Promise<RecentOrders> {
  const { orders } = await shop.query(RECENT_TAXES, { first: RECENT_ORDERS });
  const all = orders.nodes.flatMap(({ taxLines }) => taxLines);
  return {
    taxes: all.filter(({ title }, index) => all.findIndex((other) => other.title === title) === index),
    rates: [...new Map(all.map((tax) => [`${tax.rate ?? ""} ${tax.title}`, tax])).values()],
    gateways: [...new Set(orders.nodes.flatMap(({ paymentGatewayNames }) => paymentGatewayNames))],
    buyersCurrencies: [...new Set(orders.nodes.map(({ presentmentCurrencyCode }) => presentmentCurrencyCode))],
  };
}

/** Taxes of recent orders without an account of their own. */
export function taxFault(accounting: Accounting, seen: RecentOrders): AccountFault | undefined {
  const known = accounting.taxAccounts.map(({ shopifyTax }) => shopifyTax);
  const others = seen.taxes.map(({ title }) => title).filter((title) => !known.includes(title));
  if (others.length === 0) return rateFault(accounting, seen);
  return {
    saw: `recent orders have ${quoted(others)} too, not in "accounting.taxAccounts"`,
    next: `add them, or let them be booked to "${accounting.defaultTaxAccount}"`,
  };
}

/** One account for two rates makes the VAT return wrong, though every total is right. */
function rateFault({ taxAccounts }: Accounting, { rates }: RecentOrders): AccountFault | undefined {
  const mixed = rates.filter(
    ({ title, rate }) =>
      rates.some((other) => other.title === title && other.rate !== rate) &&
      !taxAccounts.some((row) => row.shopifyTax === title && isRate(row.rate, rate)),
  );
  if (mixed.length === 0) return undefined;
  const named = mixed.map(({ title, rate }) => `"${title}" of ${percent(rate)} %`).join(", ");
  return {
    saw: `recent orders have ${named} under titles of several rates, which go to one account`,
    next: 'give each a row with its "rate" in "accounting.taxAccounts", which needs "erpnext.booksApp"',
  };
}

function isRate(perCent: number | undefined, fraction: number | null): boolean {
  return perCent !== undefined && fraction !== null && Math.abs(perCent - fraction * 100) < 1e-6;
}

function percent(fraction: number | null): string {
  return fraction === null ? "?" : String(Number((fraction * 100).toFixed(4)));
}

/** Gateways of recent orders whose money is booked to one account. */
export function gatewayFault(accounting: Accounting, { gateways }: RecentOrders): AccountFault | undefined {
  const known = accounting.paymentAccounts.map(({ gateway }) => gateway);
  if (accounting.giftCardAccount !== undefined) known.push("gift_card");
  const others = gateways.filter((gateway) => !known.includes(gateway));
  if (gateways.length < 2 || others.length === 0) return undefined;
  const where = `${others.length === 1 ? "which goes" : "all of which go"} to "${accounting.cashBankAccount}"`;
  return {
    saw: `recent orders were paid by ${quoted(others)}, ${where}`,
    next: 'name their accounts in "accounting.paymentAccounts" where the money arrives elsewhere, which needs "erpnext.booksApp"',
  };
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(", ");
}
