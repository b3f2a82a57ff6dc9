"""Refunds: credit note, payment out and returned stock."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import frappe
from erpnext.accounts.doctype.payment_entry.payment_entry import get_payment_entry
from erpnext.accounts.doctype.sales_invoice.sales_invoice import make_sales_return
from frappe.utils import getdate

from shopify_books import money, payback
from shopify_books.decisions import day_of, is_same
from shopify_books.install import make_item
from shopify_books.money import ZERO, Sale
from shopify_books.payback import Credit
from shopify_books.sales_orders import charge_row, rate_of, tax_rows
from shopify_books.settings import Settings
from shopify_books.stock import take_back


def settle_refunds(order: Mapping[str, Any], sale: Sale, invoice, settings: Settings) -> int:
    """Makes what is missing, as drafts or submitted as the setting says; returns how many documents were made."""
    rule = settings.books.refunds or "draft"
    if rule == "off":
        return 0
    made = 0
    refunds = {str(one.get("id")): one for one in money.rows(order, "refunds")}
    if invoice is not None and invoice.docstatus == 1:
        for credit in payback.credits_of(order, sale):
            if not frappe.db.exists("Sales Invoice", {"shopify_refund_id": credit.refund_id}):
                _credit_note(order, refunds[credit.refund_id], credit, sale, invoice, settings, rule == "submit")
                made += 1
    for refund_id, refund in refunds.items():
        if returned := payback.returns_of(refund):
            made += take_back(order, refund_id, returned, settings, rule == "submit")
    return made


def pay_back(document, method=None) -> None:
    """Hook of Sales Invoice, on_submit: the money of a refund's credit note leaves the account of its gateway."""
    if not document.get("shopify_refund_id") or not document.is_return:
        return
    settings = Settings()
    for one in json.loads(document.get("shopify_refund_transactions") or "[]"):
        if frappe.db.exists("Payment Entry", {"shopify_transaction_id": one["id"]}):
            continue
        entry = get_payment_entry("Sales Invoice", document.name, bank_account=settings.payment_account(one["gateway"]))
        entry.flags.ignore_mandatory = True
        entry.posting_date = entry.reference_date = one["day"]
        entry.reference_no = one["id"]
        entry.shopify_order_id = document.shopify_order_id
        entry.shopify_transaction_id = one["id"]
        entry.paid_amount = entry.received_amount = float(one["amount"])
        entry.references[0].allocated_amount = -float(one["amount"])
        entry.insert(ignore_permissions=True)
        entry.submit()


def _credit_note(
    order: Mapping[str, Any],
    refund: Mapping[str, Any],
    credit: Credit,
    sale: Sale,
    invoice,
    settings: Settings,
    submit: bool,
) -> None:
    note = make_sales_return(invoice.name)
    day = day_of(refund.get("processed_at") or refund.get("created_at"), order)
    note.naming_series = invoice.naming_series
    note.set_posting_time = 1
    # A credit note before its invoice is refused, also by the time of day, which is when ERPNext made each of them.
    note.posting_date = note.due_date = max(day, getdate(invoice.posting_date))
    if note.posting_date == getdate(invoice.posting_date):
        note.posting_time = invoice.posting_time
    note.shopify_order_id = str(order["id"])
    note.shopify_order_number = order.get("name")
    note.shopify_refund_id = credit.refund_id
    note.shopify_refund_transactions = json.dumps(_transactions(order, refund))
    note.update_outstanding_for_self = 1
    note.update_stock = 0
    note.payment_schedule = []
    capped = _reduce_items(note, credit, invoice, money.unit_of(order))
    _append_taxes(note, replace(credit, rest=credit.rest + capped), sale, settings)
    note.flags.ignore_mandatory = True
    note.insert(ignore_permissions=True)
    _equal_to_refund(note, credit)
    if refund.get("note"):
        note.add_comment(text=frappe.utils.escape_html(f"Refund Note: {refund['note']}"))
    if submit:
        note.submit()


def _reduce_items(note, credit: Credit, invoice, unit: Decimal) -> Decimal:
    """Leaves the invoice's rows that the refund names, with its figures; returns what their rates cannot hold.

    ERPNext refuses a rate above the invoice's; the share of a rounded tax makes one that is a fraction of a cent above.
    """
    booked = {row.name: row for row in invoice.items}
    lines = {line.id: line for line in credit.lines}
    kept, capped = [], ZERO
    for row in note.items:
        out = booked.get(row.sales_invoice_item)
        line_id = out and frappe.db.get_value("Sales Order Item", out.so_detail, "shopify_line_item_id")
        line = lines.get(line_id)
        if line is None:
            continue
        row.qty = row.stock_qty = -line.quantity
        row.price_list_rate = 0
        row.rate = min(rate_of(line.net, line.quantity), out.rate)
        capped += line.net - (Decimal(str(row.rate)) * line.quantity).quantize(unit, ROUND_HALF_UP)
        kept.append(row)
    note.items = kept
    return capped


def _append_taxes(note, credit: Credit, sale: Sale, settings: Settings) -> None:
    """Taxes and shipping of the refund, negative; what it pays back beyond is taken from the income account."""
    note.taxes = []
    booked = {row.get("item_code") for row in note.items}
    charges = (credit.shipping,) if credit.shipping else ()
    rest = credit.rest
    if not booked:
        # A credit note has a row of an item: what is paid back for no line is one.
        charge = credit.shipping
        net = charge.net if charge else rest
        account = settings.charge_account(charge.kind, charge.title) if charge else settings.income_account()
        _append_refund_item(note, net, account, charge.title if charge else "Refund", settings)
        if charge:
            charges = (money.Charge(charge.kind, charge.title, Decimal(0), charge.taxes),)
        else:
            rest = Decimal(0)
    for row in tax_rows(Sale(credit.lines, charges), settings):
        note.append("taxes", {**row, "tax_amount": -row["tax_amount"], "item_wise_tax_detail": _negative(row)})
    if rest:
        adjustment = charge_row(money.Charge("fee", "Refund adjustment", -rest), settings)
        note.append("taxes", {**adjustment, "account_head": settings.income_account()})


def _append_refund_item(note, net: Decimal, account: str, title: str, settings: Settings) -> None:
    note.append(
        "items",
        {
            "item_code": make_item("SHOPIFY-REFUND"),
            "item_name": title,
            "description": title,
            "uom": "Nos",
            "conversion_factor": 1,
            "qty": -1,
            "rate": float(net),
            "income_account": account,
            "cost_center": settings.shopify.cost_center,
        },
    )


def _negative(row: Mapping[str, Any]) -> str:
    shares = json.loads(row.get("item_wise_tax_detail") or "{}")
    return json.dumps({code: [rate, -amount] for code, (rate, amount) in shares.items()})


def _equal_to_refund(note, credit: Credit) -> None:
    if not is_same(note.grand_total, -credit.total):
        frappe.throw(
            f"ERPNext would credit {note.grand_total} for refund {credit.refund_id} of order "
            f"{note.shopify_order_number}, Shopify paid back {credit.total}: a setting of ERPNext changes prices or rounds; "
            "pulumi refresh shows which one has drifted."
        )


def _transactions(order: Mapping[str, Any], refund: Mapping[str, Any]) -> list[dict[str, str]]:
    told = refund.get("processed_at") or refund.get("created_at")
    return [
        {
            "id": str(one.get("id")),
            "gateway": one.get("gateway") or "",
            "amount": str(money.settled(one, order)),
            "day": str(day_of(one.get("processed_at") or one.get("created_at") or told, order)),
        }
        for one in money.successful(money.rows(refund, "transactions"), ("refund",))
    ]
