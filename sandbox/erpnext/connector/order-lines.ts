import { amount, dateOf, type Doc, type Fields, isSet, money, rows, text } from "../frappe/document";
import { mappedItem } from "./ecommerce-items";
import { builtin, validationError } from "../frappe/exceptions";
import { itemName } from "./products";
import type { Work } from "../site";

/** How many decimals a Float field keeps. */
const FLOAT_DECIMALS = 3;

/** What a Shopify order's money part becomes in ERPNext. */
export interface OrderMoney {
  readonly items: Fields[];
  readonly taxes: Fields[];
}

/** The lines and the charges of a Sales Order. No line is left when every product is gone. */
export function orderMoney(work: Work, order: Fields, setting: Doc): OrderMoney {
  const items = orderItems(work, order, setting);
  if (items.length === 0) return { items, taxes: [] };
  const taxes = rows(order["line_items"]).flatMap((line) =>
    rows(line["tax_lines"]).map((tax) => salesTax(setting, tax)),
  );
  if (!Array.isArray(order["shipping_lines"])) throw builtin("TypeError", "'NoneType' object is not iterable");
  for (const shipping of rows(order["shipping_lines"])) addShipping({ items, taxes }, { order, shipping, setting });
  return { items, taxes: isSet(setting["consolidate_taxes"]) ? consolidated(taxes) : taxes };
}

/** The Item of an order line; the connector looks at the SKU first, then at product and variant. */
export function itemCodeOf(work: Work, line: Fields): string | undefined {
  return mappedItem(work.tx, { product: line["product_id"], variant: line["variant_id"], sku: line["sku"] })?.name;
}

/**
 * A line whose product is gone from Shopify but still mapped here is dropped without a word, and every line that comes after
 * it empties the list again: so the order keeps the lines before it, or, when another line follows, none.
 */
function orderItems(work: Work, order: Fields, setting: Doc): Fields[] {
  let items: Fields[] = [];
  let doAllExist = true;
  for (const line of rows(order["line_items"])) {
    if (line["product_exists"] !== true) {
      doAllExist = false;
    } else if (doAllExist) {
      items.push(orderItem(work, line, { order, setting }));
    } else {
      items = [];
    }
  }
  return items;
}

function orderItem(work: Work, line: Fields, of: { order: Fields; setting: Doc }): Fields {
  const quantity = amount(line["quantity"]);
  const discount = sum(line, "discount_allocations", "amount");
  const included = isSet(of.order["taxes_included"]) ? sum(line, "tax_lines", "price") : 0;
  return {
    item_code: itemCodeOf(work, line),
    item_name: itemName(work, line["name"]),
    rate: amount(line["price"]) - (included + discount) / quantity,
    qty: quantity,
    delivery_date: dateOf(of.order["created_at"], work.site.options.clock.now()),
    warehouse: of.setting["warehouse"],
    shopify_item_discount: Number((discount / quantity).toFixed(FLOAT_DECIMALS)),
  };
}

function addShipping(into: OrderMoney, of: { order: Fields; shipping: Fields; setting: Doc }): void {
  const { shipping, setting } = of;
  if (text(shipping["price"]) !== "") {
    const taxes = isSet(of.order["taxes_included"]) ? sum(shipping, "tax_lines", "price") : 0;
    const charge = money(amount(shipping["price"]) - sum(shipping, "discount_allocations", "amount") - taxes);
    const item = text(setting["shipping_item"]);
    if (isSet(setting["add_shipping_as_item"]) && item !== "") {
      into.items.push({ item_code: item, rate: charge, qty: 1, warehouse: setting["warehouse"] });
    } else {
      const account = accountOf(setting, shipping, "default_shipping_charges_account");
      into.taxes.push(chargeRow(setting, { account, description: text(shipping["title"]), amount: charge }));
    }
  }
  for (const tax of rows(shipping["tax_lines"])) into.taxes.push(salesTax(setting, tax));
}

function salesTax(setting: Doc, tax: Fields): Fields {
  const account = accountOf(setting, tax, "default_sales_tax_account");
  const description = `${text(tax["title"])} - ${(amount(tax["rate"]) * 100).toFixed(2)}%`;
  return chargeRow(setting, { account, description, amount: amount(tax["price"]) });
}

interface Account {
  readonly head: string;
  readonly description: string;
}

/** The account of a Shopify tax or shipping title: the mapped one, else the default, else the order ends in Error. */
function accountOf(
  setting: Doc,
  of: Fields,
  fallback: "default_sales_tax_account" | "default_shipping_charges_account",
): Account {
  const mapped = rows(setting["taxes"]).find((row) => row["shopify_tax"] === of["title"]);
  const head = text(mapped?.["tax_account"]) || text(setting[fallback]);
  if (head === "") throw validationError(`Tax Account not specified for Shopify Tax ${text(of["title"])}`);
  return { head, description: text(mapped?.["tax_description"]) };
}

function chargeRow(setting: Doc, of: { account: Account; description: string; amount: number }): Fields {
  return {
    charge_type: "Actual",
    account_head: of.account.head,
    description: of.account.description || of.description,
    tax_amount: of.amount,
    cost_center: setting["cost_center"],
    included_in_print_rate: 0,
  };
}

function consolidated(taxes: Fields[]): Fields[] {
  const byAccount = new Map<string, Fields>();
  for (const tax of taxes) {
    const account = text(tax["account_head"]);
    const before = byAccount.get(account);
    const total = money(amount(before?.["tax_amount"]) + amount(tax["tax_amount"]));
    byAccount.set(account, { ...(before ?? tax), tax_amount: total });
  }
  return [...byAccount.values()];
}

function sum(of: Fields, list: string, column: string): number {
  return rows(of[list]).reduce((total, row) => total + amount(row[column]), 0);
}
