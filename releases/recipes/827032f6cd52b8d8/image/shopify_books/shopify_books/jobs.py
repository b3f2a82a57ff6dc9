"""What a delivery starts. The names and arguments are the connector's; its log is what says what became of each."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping
from typing import Any

import frappe
from ecommerce_integrations.shopify.utils import create_shopify_log

from shopify_books import reads, shopify
from shopify_books.settle import Outcome, one_at_a_time, settle

_ATTEMPTS = 3

EXISTS = "Sales order already exists, not synced"


def sync_sales_order(payload: Mapping[str, Any], request_id: str | None = None) -> None:
    """orders/create, and each order of a pulled history."""
    _run(payload, request_id, unchanged=EXISTS)


def prepare_sales_invoice(payload: Mapping[str, Any], request_id: str | None = None) -> None:
    """orders/paid."""
    _run(payload, request_id, paid_now=payload.get("financial_status") == "paid")


def prepare_delivery_note(payload: Mapping[str, Any], request_id: str | None = None) -> None:
    """orders/fulfilled and orders/partially_fulfilled."""
    _run(payload, request_id)


def cancel_order(payload: Mapping[str, Any], request_id: str | None = None) -> None:
    """orders/cancelled."""
    _run(payload, request_id)


def sync_refund(payload: Mapping[str, Any], request_id: str | None = None) -> None:
    """refunds/create: the refund alone says neither what was sold nor what else was paid back, so the order is read."""
    _run_read(payload.get("order_id"), request_id)


def sync_edited_order(payload: Mapping[str, Any], request_id: str | None = None) -> None:
    """orders/edited: it names what was added and removed, the order says what it is now."""
    edit = payload.get("order_edit") if isinstance(payload.get("order_edit"), Mapping) else payload
    _run_read(edit.get("order_id"), request_id)


def _run_read(order_id: object, request_id: str | None) -> None:
    _begin(request_id)
    try:
        order = shopify.order(str(order_id)) if order_id else None
    except Exception as error:
        create_shopify_log(
            status="Error", message=f"Order {order_id} could not be read from Shopify: {error!r}", rollback=True
        )
        return
    if order is None:
        create_shopify_log(status="Invalid", message=f"Order {order_id} is not to be seen in Shopify")
        return
    _run(order, request_id)


def _run(
    order: Mapping[str, Any], request_id: str | None, unchanged: str | None = None, paid_now: bool = False
) -> None:
    _begin(request_id)
    try:
        outcome = _settled(order, paid_now)
    except Exception as error:
        # As text: the connector reads .message of an exception object and stumbles over one that is empty.
        create_shopify_log(status="Error", exception=str(error) or repr(error), rollback=True)
        return
    said = "; ".join(outcome.notes)
    if outcome.faults:
        create_shopify_log(status="Error", message="; ".join((*outcome.faults, *outcome.notes)))
    elif outcome.skipped:
        create_shopify_log(status="Invalid", message=outcome.skipped)
    elif unchanged and not outcome.changed:
        create_shopify_log(status="Invalid", message=unchanged)
    else:
        create_shopify_log(status="Success", message=said or None)


def _settled(order: Mapping[str, Any], paid_now: bool) -> Outcome:
    """Settles the order in one transaction, and once more where the database gave a row, or a name, to someone else: says so."""
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            with one_at_a_time(order):
                with reads.once():
                    outcome = settle(order, paid_now)
                # Before the lock is given back, or the next delivery would not see it.
                frappe.db.commit()
                if attempt > 1:
                    outcome.notes.append(f"booked at attempt {attempt}: another order was at work on the same")
                return outcome
        except (frappe.QueryDeadlockError, frappe.QueryTimeoutError, frappe.DuplicateEntryError):
            # Frappe runs a job again after MariaDB's own error only, not after these, which its queries raise. A duplicate is a name that two
            # orders at once chose for a new document; the second attempt sees the first one's.
            if attempt == _ATTEMPTS:
                raise
            frappe.db.rollback()
            time.sleep(attempt * random.uniform(0.5, 1))
    raise AssertionError("the last attempt returns or raises")


def _begin(request_id: str | None) -> None:
    frappe.set_user("Administrator")
    frappe.flags.request_id = request_id
