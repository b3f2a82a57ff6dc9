"""One order, brought to what a payload of Shopify's says, whichever delivery brought it and whatever came before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import frappe

from shopify_books import decisions, invoices, money, refunds, sales_orders, shopify, stock
from shopify_books.money import Sale
from shopify_books.settings import Settings

# An order is settled within the 300 seconds that its job has.
_LOCK_SECONDS = 120

# The server takes a delivery whose log row begins so for done (deliveries/forwarder.py); any other order that is not made it tries again.
_NOTHING_TO_BOOK = "Nothing to book"


class Outcome:
    """What became of a delivery: how many documents were made or changed, and what is to be said aloud."""

    def __init__(self) -> None:
        self.changed = 0
        self.skipped: str | None = None
        self.faults: list[str] = []
        self.notes: list[str] = []


def settle(order: Mapping[str, Any], paid_now: bool = False) -> Outcome:
    """Makes what is missing. Raises where the money cannot be booked as Shopify has it: then nothing of it stays."""
    outcome = Outcome()
    settings = Settings()
    outcome.notes = settings.notes
    order_id = str(order["id"])
    if order.get("test") and not settings.books.book_test_orders:
        outcome.skipped = f"{_NOTHING_TO_BOOK}: a test order"
        return outcome
    document = sales_orders.living(order_id)
    if document is None and (name := sales_orders.cancelled(order_id)):
        outcome.skipped = f"Sales order already exists, not synced: {name} is cancelled"
        return outcome
    _settle_documents(order, document, settings, outcome, paid_now)
    return outcome


@contextmanager
def one_at_a_time(order: Mapping[str, Any]):
    """Two deliveries of one order wait for each other, and the second one sees what the first has written. So do two orders of one customer, of which
    one is delivered and the other pulled with the history: both would make the customer."""
    customer = (order.get("customer") or {}).get("id")
    names = [f"shopify-order-{order['id']}", *([f"shopify-customer-{customer}"] if customer else [])]
    held: list[str] = []
    try:
        for name in names:
            got = frappe.db.sql("select get_lock(%s, %s)", (name, _LOCK_SECONDS))
            if not got or got[0][0] != 1:
                frappe.throw(f"Another delivery has held {name} for {_LOCK_SECONDS} seconds.")
            held.append(name)
        # The transaction may have begun before the other's was committed.
        frappe.db.commit()
        yield
    finally:
        for name in held:
            frappe.db.sql("select release_lock(%s)", (name,))


def _settle_documents(order: Mapping[str, Any], document, settings: Settings, outcome: Outcome, paid_now: bool) -> None:
    order_id = str(order["id"])
    invoice = invoices.invoice_of(order_id)
    bookable = _bookable(order, invoice, settings)
    seen = shopify.transactions(order, settings.note) if bookable else None
    paid_for = Decimal(str(invoice.grand_total)) if invoice is not None else decisions.received(order, seen)
    sale = money.sold(order, paid_for)
    if said := decisions.unexplained(order):
        settings.note(said)
    if document is None:
        if not sale.lines:
            outcome.skipped = f"{_NOTHING_TO_BOOK}: the order has no lines, or an edit removed them all before they were paid"
            return
        document = sales_orders.make(order, sale, settings)
        outcome.changed += 1
    elif _amendable(order, document, invoice, sale):
        document = sales_orders.amend(document, order, sale, settings)
        outcome.changed += 1
    elif _differs(document, sale) and not _older(order, document):
        settings.note(
            f"{document.name} is booked and differs from the edited order: "
            f"{document.grand_total} here, {sale.total} in Shopify."
        )
    if bookable and document.docstatus == 1:
        invoice = _book_money(order, document, invoice, sale, seen, paid_now, settings, outcome)
    if settings.shopify.sync_delivery_note and document.docstatus == 1:
        _apart("Delivery Note", order, outcome, lambda: stock.deliver(order, document, settings))
    _apart("Refund", order, outcome, lambda: refunds.settle_refunds(order, sale, invoice, settings))
    _end(order, document, invoice, settings, outcome)


def _bookable(order: Mapping[str, Any], invoice, settings: Settings) -> bool:
    """Whether there is money to book that is not booked yet."""
    if not settings.shopify.sync_sales_invoice or not decisions.has_money(order, settings.books.book_partial_payments):
        return False
    return invoice is None or (invoice.docstatus == 1 and invoice.outstanding_amount > 0)


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
    if document.status == "Closed" or _older(order, document):
        return False
    return _differs(document, sale)


def _differs(document, sale: Sale) -> bool:
    return decisions.differs(document.grand_total, sales_orders.pieces_of(document), sale)


def _older(order: Mapping[str, Any], document) -> bool:
    return decisions.is_older(order.get("updated_at"), document.get("shopify_updated_at"))


def _book_money(order, document, invoice, sale: Sale, seen, paid_now: bool, settings: Settings, outcome: Outcome):
    payments = decisions.payments_of(order, seen, sale.total, paid_now)
    if invoice is None:
        if document.per_billed:
            return None
        # A deposit does not date the invoice, the payment that completes it does.
        deposit = order.get("financial_status") == "partially_paid"
        day = decisions.day_of(order.get("processed_at"), order) if deposit or not payments else payments[-1].day
        invoice = invoices.make_invoice(order, sale, document, day, settings)
        outcome.changed += 1
    outcome.changed += invoices.pay(order, invoice, payments, settings)
    return invoice


def _apart(what: str, order: Mapping[str, Any], outcome: Outcome, make: Callable[[], int]) -> None:
    """What ERPNext refuses here, for want of stock say, is made not at all and said; it must not undo the money."""
    frappe.db.savepoint("apart")
    try:
        outcome.changed += make()
    except Exception as error:
        # Whatever it is that ERPNext stumbles over; but after a deadlock nothing is left of the transaction.
        if isinstance(error, (frappe.QueryDeadlockError, frappe.QueryTimeoutError)):
            raise
        frappe.db.rollback(save_point="apart")
        frappe.clear_messages()
        outcome.faults.append(
            f"{what} of order {order.get('name')}: {frappe.utils.strip_html(str(error) or repr(error))}"
        )


def _end(order: Mapping[str, Any], document, invoice, settings: Settings, outcome: Outcome) -> None:
    """Cancels the Sales Order of a cancelled order; closes it where something is booked on it, or all is done."""
    document.reload()
    if document.get("shopify_order_status") != order.get("financial_status"):
        document.db_set("shopify_order_status", order.get("financial_status"))
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
        and not outcome.faults
        and document.per_billed >= 100
        and decisions.nothing_to_ship(order)
    ):
        document.update_status("Closed")
        outcome.changed += 1
