"""What a refund of Shopify's takes back: lines, shipping and what is left over. Imports no Frappe.

Source: Shopify's Admin REST API, resource Refund. The money is what the successful transactions of kind `refund` say;
lines and adjustments only say what it was for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from shopify_books import money
from shopify_books.money import ZERO, Charge, Line, Tax


@dataclass(frozen=True)
class Credit:
    """One credit note, amounts positive; `rest` is for nothing in particular, negative where some was withheld."""

    refund_id: str
    lines: tuple[Line, ...]
    shipping: Charge | None
    rest: Decimal
    total: Decimal


@dataclass(frozen=True)
class Return:
    """Pieces of a line that came back to the stock; `location_id` is Shopify's."""

    line_id: str
    quantity: int
    location_id: str | None


def credits_of(order: Mapping[str, Any], sale: money.Sale) -> list[Credit]:
    """A credit note for each refund that paid money back.

    Pieces that an edit took out after they were paid for are credited by the first refund that names no line.
    """
    unit = money.unit_of(order)
    pending = money.removed_by_edit(order) if sale.total == money.placed(order).total else {}
    found = []
    for refund in money.rows(order, "refunds"):
        paid_back = money.money_of(refund, order)
        if paid_back <= 0:
            continue
        lines = list(_lines(order, refund, sale))
        shipping = _shipping(order, refund, paid_back - _gross(lines))
        if not lines and pending:
            lines = [money.share(one, pending[one.id], unit) for one in sale.lines if one.id in pending]
            if _gross(lines) > paid_back:
                lines = []
            else:
                pending = {}
        rest = paid_back - _gross(lines) - _gross([shipping] if shipping else [])
        found.append(Credit(str(refund.get("id")), tuple(lines), shipping, rest, paid_back))
    return found


def returns_of(refund: Mapping[str, Any]) -> list[Return]:
    """What is back in the stock. `cancel` never left it, `no_restock` never comes back."""
    return [
        Return(
            money.line_id(row),
            int(money.amount(row.get("quantity"))),
            str(row["location_id"]) if row.get("location_id") else None,
        )
        for row in money.rows(refund, "refund_line_items")
        if row.get("restock_type") in ("return", "legacy_restock") and money.amount(row.get("quantity")) > 0
    ]


def _lines(order: Mapping[str, Any], refund: Mapping[str, Any], sale: money.Sale) -> Iterable[Line]:
    sold = {line.id: line for line in sale.lines}
    for row in money.rows(refund, "refund_line_items"):
        line = sold.get(money.line_id(row))
        quantity = int(money.amount(row.get("quantity")))
        if line is None or quantity <= 0:
            continue
        part = money.share(line, min(quantity, line.quantity), money.unit_of(order))
        yield _as_refunded(order, row, part)


def _as_refunded(order: Mapping[str, Any], row: Mapping[str, Any], part: Line) -> Line:
    """The part with Shopify's own figures; without them, its share of the line."""
    if row.get("subtotal") is None:
        return part
    tax = money.amount(row.get("total_tax")) if row.get("total_tax") is not None else money.taxes_of(part)
    net = money.amount(row.get("subtotal")) - (tax if order.get("taxes_included") else ZERO)
    return replace(part, net=net, taxes=tuple(_spread(part.taxes, tax, money.unit_of(order))))


def _spread(taxes: tuple[Tax, ...], total: Decimal, unit: Decimal) -> Iterable[Tax]:
    """The taxes so that they sum up to `total`: each by its weight, the last takes what rounding leaves."""
    weight = sum((tax.amount for tax in taxes), ZERO)
    left = total
    for index, tax in enumerate(taxes):
        last = index == len(taxes) - 1
        part = left if last or not weight else (total * tax.amount / weight).quantize(unit, ROUND_HALF_UP)
        left -= part
        yield replace(tax, amount=part)


def _shipping(order: Mapping[str, Any], refund: Mapping[str, Any], left: Decimal) -> Charge | None:
    """The refunded shipping; `left` is the money that the lines do not explain."""
    net = tax = ZERO
    for one in money.rows(refund, "order_adjustments"):
        if one.get("kind") == "shipping_refund":
            net += abs(money.shop_money(one.get("amount_set")) or money.amount(one.get("amount")))
            tax += abs(money.shop_money(one.get("tax_amount_set")) or money.amount(one.get("tax_amount")))
    if not net:
        for one in money.rows(refund, "refund_shipping_lines"):
            net += money.shop_money(one.get("subtotal_amount_set"))
            tax += money.shop_money(one.get("tax_amount_set"))
    if not net:
        return None
    # Shopify does not say whether the amount holds its tax: it does where the money says so.
    if order.get("taxes_included") and net + tax > left:
        net -= tax
    shipped = [one for one in money.placed(order).charges if one.kind == "shipping"]
    title = shipped[0].title if shipped else "Shipping"
    known = shipped[0].taxes if shipped else ()
    taxes = tuple(_spread(known or (Tax("Tax", ZERO, tax),), tax, money.unit_of(order))) if tax else ()
    return Charge("shipping", title, net, taxes)


def _gross(parts: Iterable[Line | Charge]) -> Decimal:
    return sum((one.net + money.taxes_of(one) for one in parts), ZERO)
