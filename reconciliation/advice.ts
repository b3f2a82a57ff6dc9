import type { Reason } from "./finding";

/** What a finding means and what to do about it, for a merchant's bookkeeper as for an operator. */
export const ADVICE: Readonly<Record<Reason, string>> = {
  recent: "The order has just been placed, or waits in ERPNext's queue. It arrives by itself, usually within minutes.",
  cancelled: "The order was cancelled in Shopify before it came to ERPNext. There is nothing to do.",
  "test-order": "A test order of the shop. It is not booked; there is nothing to do.",
  "deleted-product":
    "A line's product no longer exists in Shopify, so the connector cannot make its item. If the order was paid, enter it in ERPNext by hand.",
  "line-without-product":
    "A line is a custom item or a tip, which the connector cannot book, so the whole order is missing. Enter it in ERPNext by hand.",
  error: "The connector tried and failed; its own words are shown. Correct the cause, then deliver the order again.",
  other: "Nothing explains why ERPNext does not have it; the delivery was probably lost. It can be delivered again.",
  duplicate: "ERPNext has the order more than once. Cancel those that are too many.",
  "not-submitted": "The Sales Order was made and not submitted. Open it and submit it, or see what keeps it from that.",
  "not-cancelled":
    "The order was cancelled in Shopify and lives on in ERPNext. Cancel its documents there, or make a credit note of its invoice.",
  "only-cancelled-here": "The Sales Order is cancelled, the order in Shopify is not. One of the two is wrong.",
  "test-booked": "A test order is booked as revenue. Cancel its documents in ERPNext.",
  currency: "A document is in another currency than the shop's. Cancel it and correct the customer's default currency.",
  edited:
    "The order was changed in Shopify after ERPNext had it. Amend the Sales Order, or book the difference where it is invoiced.",
  total:
    "The two sides have different amounts. What is known of the cause stands with the order; compare its lines, taxes and shipping.",
  charges:
    "The total is the same, but tax and shipping in it are not. Compare the taxes of both sides before the VAT return.",
  "no-invoice": "Shopify received money for it and ERPNext has no submitted Sales Invoice.",
  "invoice-total":
    "The Sales Invoices together do not come to the Sales Order. Cancel what is too much, or invoice the rest.",
  "no-payment": "Shopify has more money for it than ERPNext. Book the payment of the invoice.",
  "paid-only-here":
    "ERPNext has more money for it than Shopify. Cancel the Payment Entry, or see where the money came from.",
  "invoice-stands":
    "The payment was voided or has expired in Shopify. Cancel the Sales Invoice, or make a credit note.",
  "no-credit-note":
    "Money was refunded in Shopify. Make and submit a credit note of that amount, and book its payment.",
  "no-refund-payment": "The credit note is there; book the payment that Shopify made to the buyer.",
  "credited-only-here":
    "ERPNext has a credit note that Shopify refunded nothing for. Refund it, or cancel the credit note.",
  "no-delivery-note":
    "The order was fulfilled in Shopify and the Delivery Notes in ERPNext do not cover it, so the stock is wrong.",
  "delivered-only-here":
    "ERPNext delivered what Shopify has not fulfilled, or not any more, so the stock is wrong. Cancel or return the Delivery Note.",
  orphan: "ERPNext has a Sales Order of an order that Shopify no longer has.",
};
