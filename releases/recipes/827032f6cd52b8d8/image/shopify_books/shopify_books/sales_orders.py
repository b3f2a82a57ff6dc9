"""The Sales Order of an order: made, amended while nothing is booked on it, cancelled or closed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import frappe
from ecommerce_integrations.utils.price_list import DUMMY_PRICE_LIST, get_dummy_price_list
from ecommerce_integrations.utils.taxation import get_dummy_tax_category
from frappe.utils import getdate

from shopify_books import fit
from shopify_books.customers import party_of
from shopify_books.decisions import is_same
from shopify_books.items import item_of
from shopify_books.money import Charge, Line, Sale
from shopify_books.settings import Settings

# ERPNext keeps rates with nine decimals where its Property Setters say so.
_RATE = Decimal("0.000000001")


def living(order_id: str):
    """The order's Sales Order that is not cancelled; None where there is none."""
    name = frappe.db.get_value("Sales Order", {"shopify_order_id": order_id, "docstatus": ("<", 2)}, "name")
    return frappe.get_doc("Sales Order", name) if name else None


def cancelled(order_id: str) -> str | None:
    """The name of a cancelled Sales Order: a person decided so, and no delivery makes it again."""
    return frappe.db.get_value("Sales Order", {"shopify_order_id": order_id, "docstatus": 2}, "name")


def make(order: Mapping[str, Any], sale: Sale, settings: Settings, amended_from: str | None = None):
    """Submitted; raises where ERPNext would book another total than Shopify charged."""
    party = party_of(order, settings)
    day = getdate(order.get("created_at"))
    document = frappe.get_doc(
        {
            "doctype": "Sales Order",
            "naming_series": settings.shopify.sales_order_series or "SO-Shopify-",
            "shopify_order_id": str(order["id"]),
            "shopify_order_number": order.get("name"),
            "shopify_order_status": order.get("financial_status"),
            "shopify_updated_at": order.get("updated_at"),
            "shopify_presentment": presentment(order),
            "customer": party.customer,
            "customer_address": party.billing,
            "shipping_address_name": party.shipping,
            "transaction_date": day,
            "delivery_date": day,
            "company": settings.company,
            "selling_price_list": get_dummy_price_list(),
            "ignore_pricing_rule": 1,
            "tax_category": get_dummy_tax_category(),
            "amended_from": amended_from,
            "items": _items(sale, settings, day),
            "taxes": tax_rows(sale, settings),
        }
    )
    # An Item Price in the connector's list would stand in for the rate of a free line; see Stock Settings.
    frappe.db.delete("Item Price", {"price_list": DUMMY_PRICE_LIST})
    document.flags.ignore_mandatory = True
    document.insert(ignore_permissions=True)
    without_instalments(document)
    equal_to_shopify(document, sale.total, settings)
    submit(document)
    for text in _comments(order, settings):
        document.add_comment(text=text)
    return document


def submit(document) -> None:
    """Past credit limits: they keep staff from selling on account, and what Shopify tells of is sold already."""
    # Only for this call: a Webhook of Frappe's pickles the document once the transaction is committed.
    document.check_credit_limit = lambda: None
    try:
        document.submit()
    finally:
        del document.check_credit_limit


def without_instalments(document) -> None:
    """Payment terms of the company or the customer would split what has been paid at once into several payments."""
    if document.payment_terms_template:
        document.payment_terms_template = None
        document.payment_schedule = []
        document.save(ignore_permissions=True)


def equal_to_shopify(document, total: Decimal, settings: Settings) -> None:
    """Books what rounding leaves, a cent a line, to the company's Round Off account; refuses any other difference."""
    left = total - Decimal(str(document.grand_total))
    if is_same(total, document.grand_total):
        return
    tolerance = Decimal("0.01") * max(1, len(document.items))
    account = frappe.get_cached_value("Company", document.company, "round_off_account")
    if abs(left) > tolerance or not account:
        frappe.throw(
            f"ERPNext would book {document.grand_total} for order {document.shopify_order_number}, Shopify has {total}: "
            "a setting of ERPNext changes prices or rounds; pulumi refresh shows which one has drifted."
        )
    document.append("taxes", _actual(account, "Rounding", left, settings))
    document.save(ignore_permissions=True)
    if not is_same(total, document.grand_total):
        frappe.throw(
            f"ERPNext books {document.grand_total} for order {document.shopify_order_number}, Shopify has {total}."
        )


def amend(document, order: Mapping[str, Any], sale: Sale, settings: Settings):
    """The order as an edit left it, in place of what nothing has been booked on."""
    document.flags.ignore_permissions = True
    document.cancel()
    return make(order, sale, settings, amended_from=document.name)


def pieces_of(document) -> dict[str, float] | None:
    """Pieces of each line; None for a document of a time before this app, whose rows carry no line's id."""
    found: dict[str, float] = {}
    for row in document.items:
        if not row.get("shopify_line_item_id"):
            return None
        found[row.shopify_line_item_id] = found.get(row.shopify_line_item_id, 0) + row.qty
    return found


def row_of(document, line_id: str, item_code: str | None = None):
    """The row of a line; rows of a time before this app are found by their item."""
    for row in document.items:
        if row.get("shopify_line_item_id") == line_id:
            return row
    return next(
        (row for row in document.items if not row.get("shopify_line_item_id") and row.item_code == item_code), None
    )


def tax_rows(sale: Sale, settings: Settings) -> list[dict[str, Any]]:
    """One row for each charge, and one for each account and rate of tax with what each item bears of it."""
    found = [
        _actual(settings.charge_account(one.kind, one.title), fit.text(one.title) or "Shipping", one.net, settings)
        for one in sale.charges
        if one.net
    ]
    taxes: dict[tuple[str, str], dict[str, Any]] = {}
    for one in (*sale.lines, *sale.charges):
        for tax in one.taxes:
            account = settings.tax_account(tax.title, tax.rate)
            description = settings.tax_description(tax.title, tax.rate)
            entry = taxes.setdefault((account, description), {"amount": Decimal(0), "items": {}})
            entry["amount"] += tax.amount
            if isinstance(one, Line):
                code = item_of(one, settings)
                before = entry["items"].get(code, [0, 0.0])[1]
                entry["items"][code] = [float(tax.rate), float(Decimal(str(before)) + tax.amount)]
    for (account, description), entry in taxes.items():
        row = _actual(account, description, entry["amount"], settings)
        found.append({**row, "item_wise_tax_detail": json.dumps(entry["items"]), "dont_recompute_tax": 1})
    return found


def rate_of(net: Decimal, quantity: int) -> float:
    """The rate of one piece, so fine that pieces times rate is the line's amount again."""
    return float((net / quantity).quantize(_RATE, ROUND_HALF_UP))


def presentment(order: Mapping[str, Any]) -> str | None:
    """What the customer saw and paid, where it was another currency than the shop's: "USD 51.20"."""
    foreign = (order.get("total_price_set") or {}).get("presentment_money") or {}
    currency = foreign.get("currency_code") or order.get("presentment_currency")
    if not currency or currency == order.get("currency"):
        return None
    return f"{currency} {foreign.get('amount') or ''}".strip()


def _items(sale: Sale, settings: Settings, day) -> list[dict[str, Any]]:
    return [
        {
            "item_code": item_of(line, settings),
            "item_name": fit.text(line.title) or None,
            "qty": line.quantity,
            "rate": rate_of(line.net, line.quantity),
            "delivery_date": day,
            "warehouse": settings.shopify.warehouse,
            "cost_center": settings.shopify.cost_center,
            "shopify_line_item_id": line.id,
        }
        for line in sale.lines
    ]


def _actual(account: str, description: str, amount: Decimal, settings: Settings) -> dict[str, Any]:
    return {
        "charge_type": "Actual",
        "account_head": account,
        "description": description,
        "tax_amount": float(amount),
        "cost_center": settings.shopify.cost_center,
        "included_in_print_rate": 0,
    }


def _comments(order: Mapping[str, Any], settings: Settings) -> list[str]:
    notes = [f"Order Note: {order['note']}"] if order.get("note") else []
    return [frappe.utils.escape_html(note) for note in (*notes, *settings.notes)]


def charge_row(charge: Charge, settings: Settings) -> dict[str, Any]:
    """A charge by itself, for a credit note."""
    return _actual(settings.charge_account(charge.kind, charge.title), fit.text(charge.title), charge.net, settings)
