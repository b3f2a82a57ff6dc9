"""What a payload asks for: which payments, whether to book money, whether an order is over. Imports no Frappe."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from shopify_books import money
from shopify_books.money import ZERO, Sale

# A fulfilment with one of these never left the house.
NOT_SHIPPED = ("cancelled", "error", "failure")

# ERPNext keeps amounts as floats: two that differ by less are one.
_SAME = Decimal("0.0005")


class PaymentsUnknown(Exception):
    """An order was paid by several gateways, and Shopify does not show how much by which."""


@dataclass(frozen=True)
class Payment:
    """Money that arrived; `id` is the transaction's, or "order-<id>" where the transaction cannot be seen."""

    id: str
    gateway: str | None
    amount: Decimal
    day: date


def payments_of(
    order: Mapping[str, Any], seen: list[dict[str, Any]] | None, total: Decimal, paid_now: bool = False
) -> list[Payment]:
    """Each successful payment, oldest first; one payment of `total` where transactions cannot be read (`seen` is None).

    `paid_now`: the delivery is the very one that tells of the payment, so its time is the money's.
    """
    if seen is not None:
        found = [
            Payment(str(one["id"]), one.get("gateway"), money.settled(one, order), _day(one, order))
            for one in money.successful(seen, ("sale", "capture"))
            if money.settled(one, order) > 0
        ]
        if found or order.get("financial_status") not in money.PAID:
            return sorted(found, key=lambda one: one.day)
    if total <= 0:
        return []
    gateways = list(dict.fromkeys(order.get("payment_gateway_names") or []))
    if len(gateways) > 1:
        raise PaymentsUnknown(
            f"Order {order.get('name')} was paid by {' and '.join(gateways)}, and Shopify shows no transactions: "
            "give the app the scope read_orders, then run npm run heal."
        )
    told = order.get("updated_at") if paid_now else order.get("processed_at")
    return [Payment(f"order-{order['id']}", gateways[0] if gateways else None, total, day_of(told, order))]


def has_money(order: Mapping[str, Any], partial: bool) -> bool:
    """Whether an invoice is due; `partial`: the customer books deposits too."""
    status = order.get("financial_status")
    return status in money.PAID or (partial and status == "partially_paid")


def received(order: Mapping[str, Any], seen: Iterable[Mapping[str, Any]] | None) -> Decimal | None:
    """The sum of the successful payments; None where there are none to be seen."""
    paid = money.successful(seen or [], ("sale", "capture"))
    return sum((money.settled(one, order) for one in paid), ZERO) if paid else None


def rounded_at_the_till(order: Mapping[str, Any], left: Decimal, paid: Decimal) -> Decimal:
    """What is neither owed nor paid, since cash is paid in coins that exist; negative where more was paid."""
    adjustment = money.shop_money(order.get("total_cash_rounding_payment_adjustment_set"))
    return -adjustment if adjustment and left - paid == -adjustment else ZERO


def is_same(one: object, other: object) -> bool:
    """Whether two amounts are one, of which ERPNext's is a float."""
    return abs(Decimal(str(one)) - Decimal(str(other))) < _SAME


def differs(total: object, pieces: Mapping[str, float] | None, sale: Sale) -> bool:
    """Whether a booked order is not what it is now; `pieces` of each line, None for one that names no lines."""
    if not is_same(total, sale.total):
        return True
    return pieces is not None and dict(pieces) != {line.id: line.quantity for line in sale.lines}


def is_older(told: str | None, booked: str | None) -> bool:
    """Whether a payload tells of a time before what was booked last: deliveries repeat and overtake."""
    return bool(told and booked) and _time(told) < _time(booked)


def nothing_to_ship(order: Mapping[str, Any]) -> bool:
    """Pieces were refunded or removed, and all others are shipped: the Sales Order would wait for them forever."""
    gone = money.refunded_quantities(order)
    if not gone:
        return False
    shipped: dict[str, int] = {}
    for one in money.rows(order, "fulfillments"):
        if one.get("status") not in NOT_SHIPPED:
            for line in money.rows(one, "line_items"):
                key = str(line.get("id"))
                shipped[key] = shipped.get(key, 0) + int(money.amount(line.get("quantity")))
    return all(
        line.quantity - gone.get(line.id, 0) - shipped.get(line.id, 0) <= 0
        for line in money.placed(order).lines
        if line.kind != "tip"
    )


def unexplained(order: Mapping[str, Any]) -> str | None:
    """Shopify's own total is not the sum of what it lists: one sentence, or None."""
    keys = ("total_price", "current_total_price")
    totals = [money.amount(order[key]) for key in keys if order.get(key) not in (None, "")]
    sums = [money.placed(order).total, money.sold(order).total]
    if not totals or any(abs(total - one) <= Decimal("0.01") for total in totals for one in sums):
        return None
    return f"Shopify's total of {totals[0]} is not the sum of what it lists, {sums[0]}."


def day_of(told: object, order: Mapping[str, Any]) -> date:
    """The day by the shop's clock, which is the offset that Shopify writes; of the order where nothing is told."""
    return _time(str(told or order.get("created_at"))).date()


def _day(transaction: Mapping[str, Any], order: Mapping[str, Any]) -> date:
    return day_of(transaction.get("processed_at") or transaction.get("created_at") or order.get("processed_at"), order)


def _time(text: str) -> datetime:
    # Python 3.10 does not read the Z.
    return datetime.fromisoformat(text.replace("Z", "+00:00"))
