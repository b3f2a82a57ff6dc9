"""Delivery Notes: what was shipped, what came back, and what was never shipped after all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import frappe
from erpnext.selling.doctype.sales_order.sales_order import make_delivery_note
from erpnext.stock.doctype.delivery_note.delivery_note import make_sales_return
from frappe.utils import getdate

from shopify_books import money
from shopify_books.decisions import NOT_SHIPPED
from shopify_books.items import known_item
from shopify_books.payback import Return
from shopify_books.sales_orders import row_of, submit
from shopify_books.settings import Settings


def notes_of(fulfilment_id: str) -> list[str]:
    """Delivery Notes of a fulfilment, cancelled ones too, returns aside."""
    return frappe.get_all("Delivery Note", {"shopify_fulfillment_id": fulfilment_id, "is_return": 0}, pluck="name")


def deliver(order: Mapping[str, Any], sales_order, settings: Settings) -> int:
    """Makes missing notes, takes back those of cancelled fulfilments; returns how many documents changed."""
    changed = 0
    fulfilments = money.rows(order, "fulfillments")
    shipped = [one for one in fulfilments if one.get("status") not in NOT_SHIPPED]
    for one in fulfilments:
        if one.get("status") in NOT_SHIPPED:
            for name in notes_of(str(one.get("id"))):
                note = frappe.get_doc("Delivery Note", name)
                note.flags.ignore_permissions = True
                if note.docstatus == 2:
                    continue
                if note.docstatus == 1:
                    note.cancel()
                else:
                    note.delete()
                changed += 1
    everything = order.get("fulfillment_status") == "fulfilled"
    for one in shipped:
        if not notes_of(str(one.get("id"))):
            last = everything and one is shipped[-1]
            changed += _make_note(order, one, sales_order, settings, last)
    return changed


def take_back(order: Mapping[str, Any], refund_id: str, returns: list[Return], settings: Settings, submitted: bool) -> int:
    """Return notes for pieces that came back, against the notes that they went out with."""
    if frappe.db.exists("Delivery Note", {"shopify_refund_id": refund_id}):
        return 0
    names = frappe.get_all(
        "Delivery Note",
        {"shopify_order_id": str(order["id"]), "is_return": 0, "docstatus": 1},
        pluck="name",
        order_by="creation",
    )
    left = {one.line_id: one.quantity for one in returns}
    places = {one.line_id: one.location_id for one in returns}
    made = 0
    for name in names:
        note = frappe.get_doc("Delivery Note", name)
        back = make_sales_return(name)
        kept = []
        for row in back.items:
            line = _line_of(note, row)
            pieces = min(left.get(line, 0), -row.qty)
            if pieces > 0:
                left[line] -= pieces
                row.qty = row.stock_qty = -pieces
                if places.get(line):
                    row.warehouse = settings.warehouse(places[line])
                kept.append(row)
        if kept:
            back.items = kept
            back.naming_series = note.naming_series
            back.shopify_order_id = str(order["id"])
            back.shopify_order_number = order.get("name")
            back.shopify_fulfillment_id = None
            back.shopify_refund_id = refund_id
            _save(back, submitted)
            made += 1
    return made


def _make_note(
    order: Mapping[str, Any], fulfilment: Mapping[str, Any], sales_order, settings: Settings, last: bool
) -> int:
    note = make_delivery_note(sales_order.name)
    open_rows = {row.so_detail: row for row in note.items}
    warehouse = settings.warehouse(fulfilment.get("location_id"))
    kept = []
    for line in money.rows(fulfilment, "line_items"):
        product, variant = line.get("product_id"), line.get("variant_id")
        code = known_item(str(product), str(variant) if variant else None) if product else None
        ordered = row_of(sales_order, str(line.get("id")), code)
        row = open_rows.pop(ordered.name, None) if ordered else None
        pieces = min(int(money.amount(line.get("quantity"))), row.qty if row else 0)
        if row and pieces > 0:
            row.qty = row.stock_qty = pieces
            row.warehouse = warehouse
            kept.append(row)
    if last:
        # Tips and the like are in no fulfilment: they are done when all else is.
        kept += [
            row for row in open_rows.values() if not frappe.get_cached_value("Item", row.item_code, "is_stock_item")
        ]
    if not kept:
        return 0
    note.items = kept
    note.shopify_order_id = str(order["id"])
    note.shopify_order_number = order.get("name")
    note.shopify_fulfillment_id = str(fulfilment.get("id"))
    note.set_posting_time = 1
    note.posting_date = getdate(fulfilment.get("created_at") or order.get("created_at"))
    note.naming_series = settings.shopify.delivery_note_series or "DN-Shopify-"
    _save(note, submitted=True)
    return 1


def _save(note, submitted: bool) -> None:
    for index, row in enumerate(note.items, 1):
        row.idx = index
    note.flags.ignore_mandatory = True
    note.insert(ignore_permissions=True)
    if submitted:
        submit(note)


def _line_of(note, back_row) -> str | None:
    out = next((row for row in note.items if row.name == back_row.dn_detail), None)
    return frappe.db.get_value("Sales Order Item", out.so_detail, "shopify_line_item_id") if out else None
