"""One order, brought to what a payload of Shopify's says, whichever delivery brought it and whatever came before."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import frappe

from shopify_books import invoices, money, refunds, sales_orders, shopify, stock
from shopify_books.money import Sale
from shopify_books.settings import Settings

# An order is settled within the 300 seconds that its job has.
_LOCK_SECONDS = 120


class Outcome:
    """What became of a delivery: how many documents were made or changed, and what is to be said aloud."""

    def __init__(self) -> None:
        self.changed = 0
        self.skipped: str | None = None
        self.fault: str | None = None
        self.notes: list[str] = []


def settle(order: Mapping[str, Any], paid_now: bool = False) -> Outcome:
    """Makes what is missing. Raises where the money cannot be booked as Shopify has it: then nothing of it stays."""
    outcome = Outcome()
    settings = Settings()
    outcome.notes = settings.notes
    order_id = str(order["id"])
    if order.get("test") and not settings.books.book_test_orders:
        outcome.skipped = "Test order, not booked"
        return outcome
    document = sales_orders.living(order_id)
    if document is None and (name := sales_orders.cancelled(order_id)):
        outcome.skipped = f"Sales order already exists, not synced: {name} is cancelled"
        return outcome
    _settle_documents(order, document, settings, outcome, paid_now)
    return outcome


@contextmanager
def one_at_a_time(order_id: str):
    """Two deliveries of one order wait for each other, and the second one sees what the first has written."""
    name = f"shopify-order-{order_id}"
    got = frappe.db.sql("select get_lock(%s, %s)", (name, _LOCK_SECONDS))
    if not got or got[0][0] != 1:
        frappe.throw(f"Another delivery of order {order_id} has been at work for {_LOCK_SECONDS} seconds.")
    try:
        # The transaction may have begun before the other's was committed.
        frappe.db.commit()
        yield
    finally:
        frappe.db.sql("select release_lock(%s)", (name,))


def _settle_documents(order: Mapping[str, Any], document, settings: Settings, outcome: Outcome, paid_now: bool) -> None:
    order_id = str(order["id"])
    invoice = invoices.invoice_of(order_id)
    bookable = _bookable(order, invoice, settings)
    seen = shopify.transactions(order) if bookable else None
    sale = money.sold(order, _received(invoice, seen))
    _say_differences(order, settings)
    if document is None:
        if not sale.lines and not sale.charges:
            outcome.skipped = "Every line was removed from the order before it was paid: nothing to book"
            return
        document = sales_orders.make(order, sale if sale.lines else money.placed(order), settings)
        outcome.changed += 1
    elif _amendable(order, document, invoice, sale):
        document = sales_orders.amend(document, order, sale, settings)
        outcome.changed += 1
    elif sales_orders.differs(document, sale) and not sales_orders.older(order, document):
        settings.note(
            f"{document.name} is booked and differs from the edited order: {document.grand_total} here, {sale.total} in Shopify."
        )
    if bookable and document.docstatus == 1:
        invoice = _book_money(order, document, invoice, sale, seen, paid_now, settings, outcome)
    _settle_goods(order, document, settings, outcome)
    outcome.changed += refunds.settle_refunds(order, sale, invoice, settings)
    _end(order, document, invoice, settings, outcome)


def _bookable(order: Mapping[str, Any], invoice, settings: Settings) -> bool:
    """Whether there is money to book that is not booked yet."""
    if not settings.shopify.sync_sales_invoice:
        return False
    status = order.get("financial_status")
    if status not in money.PAID and not (status == "partially_paid" and settings.books.book_partial_payments):
        return False
    return invoice is None or Decimal(str(invoice.outstanding_amount)) > 0


def _received(invoice, seen: list[dict[str, Any]] | None) -> Decimal | None:
    """What was paid for: the booked invoice, or the successful payments."""
    if invoice is not None:
        return Decimal(str(invoice.grand_total))
    paid = money.successful(seen or [], ("sale", "capture"))
    return sum((money.amount(one.get("amount")) for one in paid), Decimal(0)) if paid else None


def _amendable(order: Mapping[str, Any], document, invoice, sale: Sale) -> bool:
    """An edit may replace what nothing has been booked on; a delivery of an earlier time may not."""
    if (
        invoice is not None
        or document.docstatus != 1
        or not sale.lines
        or document.per_billed
        or document.per_delivered
    ):
        return False
    if document.status == "Closed" or sales_orders.older(order, document):
        return False
    return sales_orders.differs(document, sale)


def _book_money(order, document, invoice, sale: Sale, seen, paid_now: bool, settings: Settings, outcome: Outcome):
    payments = invoices.payments_of(order, seen, sale.total, paid_now)
    if invoice is None:
        if document.per_billed:
            return None
        full = order.get("financial_status") != "partially_paid"
        dated = (
            payments[-1].day
            if payments and full
            else frappe.utils.getdate(order.get("processed_at") or order.get("created_at"))
        )
        invoice = invoices.make_invoice(order, sale, document, dated, settings)
        outcome.changed += 1
    outcome.changed += invoices.pay(order, invoice, payments, settings)
    return invoice


def _settle_goods(order: Mapping[str, Any], document, settings: Settings, outcome: Outcome) -> None:
    """Missing stock must not undo the money: the notes are made by themselves, or not at all and said so."""
    if not settings.shopify.sync_delivery_note or document.docstatus != 1:
        return
    frappe.db.savepoint("goods")
    try:
        outcome.changed += stock.deliver(order, document, settings)
    except frappe.ValidationError as error:
        frappe.db.rollback(save_point="goods")
        frappe.clear_messages()
        outcome.fault = f"Delivery Note of order {order.get('name')}: {frappe.utils.strip_html(str(error))}"


def _end(order: Mapping[str, Any], document, invoice, settings: Settings, outcome: Outcome) -> None:
    """A cancelled order's Sales Order is cancelled, or closed where something is booked on it; so is one that is over."""
    document.reload()
    if document.docstatus != 1 or document.status in ("Closed", "Completed"):
        return
    if order.get("cancelled_at"):
        notes = frappe.db.exists("Delivery Note", {"shopify_order_id": document.shopify_order_id, "docstatus": 1})
        if invoice is None and not notes:
            document.flags.ignore_permissions = True
            document.cancel()
        else:
            document.update_status("Closed")
        outcome.changed += 1
    elif (
        settings.shopify.sync_delivery_note
        and not outcome.fault
        and document.per_billed >= 100
        and _nothing_to_ship(order)
    ):
        document.update_status("Closed")
        outcome.changed += 1
    frappe.db.set_value("Sales Order", document.name, "shopify_order_status", order.get("financial_status"))


def _nothing_to_ship(order: Mapping[str, Any]) -> bool:
    """Pieces were refunded or removed, and all others are shipped: the Sales Order would wait for them for ever."""
    gone = money.refunded_quantities(order)
    if not gone:
        return False
    shipped: dict[str, int] = {}
    for one in money.rows(order, "fulfillments"):
        if one.get("status") not in ("cancelled", "error", "failure"):
            for line in money.rows(one, "line_items"):
                key = str(line.get("id"))
                shipped[key] = shipped.get(key, 0) + int(money.amount(line.get("quantity")))
    return all(
        line.quantity - gone.get(line.id, 0) - shipped.get(line.id, 0) <= 0
        for line in money.placed(order).lines
        if line.kind != "tip"
    )


def _say_differences(order: Mapping[str, Any], settings: Settings) -> None:
    """Shopify's own total is not the sum of what it lists: booked as listed, and said aloud."""
    totals = [
        money.amount(order[key]) for key in ("total_price", "current_total_price") if order.get(key) not in (None, "")
    ]
    sums = [money.placed(order).total, money.sold(order).total]
    if totals and all(abs(total - one) > Decimal("0.01") for total in totals for one in sums):
        settings.note(f"Shopify's total of {totals[0]} is not the sum of what it lists, {sums[0]}.")
