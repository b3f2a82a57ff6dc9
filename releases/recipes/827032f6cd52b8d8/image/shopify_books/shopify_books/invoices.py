"""Sales Invoice and Payment Entries of an order whose money has arrived."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import frappe
from erpnext.accounts.doctype.payment_entry.payment_entry import get_payment_entry
from erpnext.selling.doctype.sales_order.sales_order import make_sales_invoice

from shopify_books.decisions import Payment, rounded_at_the_till
from shopify_books.money import Sale
from shopify_books.sales_orders import equal_to_shopify, submit, without_instalments
from shopify_books.settings import Settings


def invoice_of(order_id: str):
    """The order's Sales Invoice, credit notes aside. A cancelled one counts: a person decided so."""
    filters = {"shopify_order_id": order_id, "is_return": 0}
    name = frappe.db.get_value("Sales Invoice", filters, "name", order_by="docstatus asc, creation desc")
    return frappe.get_doc("Sales Invoice", name) if name else None


def make_invoice(order: Mapping[str, Any], sale: Sale, sales_order, day, settings: Settings):
    """Submitted, dated with the day of the money."""
    invoice = make_sales_invoice(sales_order.name, ignore_permissions=True)
    invoice.shopify_order_id = str(order["id"])
    invoice.shopify_order_number = order.get("name")
    invoice.shopify_order_status = order.get("financial_status")
    invoice.set_posting_time = 1
    invoice.posting_date = invoice.due_date = day
    invoice.naming_series = settings.shopify.sales_invoice_series or "SI-Shopify-"
    invoice.payment_terms_template = None
    invoice.payment_schedule = []
    # Advances of other orders of the customer's are not this one's money.
    invoice.allocate_advances_automatically = 0
    kinds = {line.id: line.kind for line in sale.lines}
    ids = {row.name: row.get("shopify_line_item_id") for row in sales_order.items}
    for row in invoice.items:
        row.cost_center = settings.shopify.cost_center
        row.income_account = settings.line_account(kinds.get(ids.get(row.so_detail), "product")) or row.income_account
    invoice.flags.ignore_mandatory = True
    invoice.insert(ignore_permissions=True, ignore_mandatory=True)
    without_instalments(invoice)
    equal_to_shopify(invoice, sale.total, settings)
    submit(invoice)
    return invoice


def pay(order: Mapping[str, Any], invoice, payments: list[Payment], settings: Settings) -> int:
    """Payment Entries for what is still open; returns how many were made."""
    made = 0
    for payment in payments:
        invoice.reload()
        left = Decimal(str(invoice.outstanding_amount))
        if left <= 0:
            break
        if frappe.db.exists("Payment Entry", {"shopify_transaction_id": payment.id}):
            continue
        written_off = rounded_at_the_till(order, left, payment.amount)
        entry = get_payment_entry("Sales Invoice", invoice.name, bank_account=settings.payment_account(payment.gateway))
        _fill(entry, order, payment, settings)
        allocated = min(left, payment.amount + written_off)
        entry.paid_amount = entry.received_amount = float(payment.amount)
        entry.references[0].allocated_amount = float(allocated)
        if written_off:
            account = frappe.get_cached_value("Company", invoice.company, "round_off_account")
            entry.append(
                "deductions",
                {"account": account, "cost_center": settings.shopify.cost_center, "amount": float(written_off)},
            )
        entry.insert(ignore_permissions=True)
        entry.submit()
        made += 1
    return made


def _fill(entry, order: Mapping[str, Any], payment: Payment, settings: Settings) -> None:
    entry.flags.ignore_mandatory = True
    entry.posting_date = entry.reference_date = payment.day
    entry.reference_no = payment.id
    entry.cost_center = entry.cost_center or settings.shopify.cost_center
    entry.shopify_order_id = str(order["id"])
    entry.shopify_transaction_id = payment.id
