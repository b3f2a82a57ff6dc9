"""What an order of Shopify's is worth: lines, charges and taxes in the shop's currency. Imports no Frappe.

Source of the shapes: Shopify's Admin REST API, resource Order. Amounts are decimal strings of the shop's currency, and the
`rate` of a tax line is a fraction (0.19). With `taxes_included` prices, discounts and refunded subtotals hold their taxes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

ZERO = Decimal(0)

# ISO 4217: currencies whose minor unit is not a hundredth.
_WITHOUT_DECIMALS = frozenset("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split())
_WITH_THREE = frozenset("BHD IQD JOD KWD LYD OMR TND".split())

# Statuses under which the money has arrived: a later refund does not undo that it did.
PAID = frozenset(("paid", "partially_refunded", "refunded"))


@dataclass(frozen=True)
class Tax:
    """One tax of a line or charge; `rate` in per cent."""

    title: str
    rate: Decimal
    amount: Decimal


@dataclass(frozen=True)
class Line:
    """One line of the order; `net` is the whole line's amount without taxes and after its discounts."""

    id: str
    kind: str
    title: str
    quantity: int
    net: Decimal
    taxes: tuple[Tax, ...]
    product_id: str | None
    variant_id: str | None


@dataclass(frozen=True)
class Charge:
    """What is charged beside the lines: shipping, duty or fee."""

    kind: str
    title: str
    net: Decimal
    taxes: tuple[Tax, ...] = ()


@dataclass(frozen=True)
class Sale:
    """Lines and charges that belong into one Sales Order."""

    lines: tuple[Line, ...]
    charges: tuple[Charge, ...]

    @property
    def total(self) -> Decimal:
        """All of it with taxes."""
        return sum((one.net + taxes_of(one) for one in (*self.lines, *self.charges)), ZERO)


def taxes_of(one: Line | Charge) -> Decimal:
    """The sum of its taxes."""
    return sum((tax.amount for tax in one.taxes), ZERO)


def amount(value: object) -> Decimal:
    """A money string; None, empty and what is no number are 0."""
    try:
        found = Decimal(str(value)) if value not in (None, "") else ZERO
    except InvalidOperation:
        return ZERO
    return found if found.is_finite() else ZERO


def shop_money(money_set: object) -> Decimal:
    """The shop's side of a `…_set`; absent is 0."""
    inner = money_set.get("shop_money") if isinstance(money_set, Mapping) else None
    return amount(inner.get("amount")) if isinstance(inner, Mapping) else ZERO


def refunded_quantities(order: Mapping[str, Any]) -> dict[str, int]:
    """Pieces of each line that any refund names, those without money too: Shopify writes an edit's removals so."""
    found: dict[str, int] = {}
    for refund in rows(order, "refunds"):
        for line, quantity in quantities_of(refund).items():
            found[line] = found.get(line, 0) + quantity
    return found


def quantities_of(refund: Mapping[str, Any]) -> dict[str, int]:
    """Pieces of each line that one refund names."""
    found: dict[str, int] = {}
    for row in rows(refund, "refund_line_items"):
        found[line_id(row)] = found.get(line_id(row), 0) + int(amount(row.get("quantity")))
    return found


def money_of(refund: Mapping[str, Any], order: Mapping[str, Any]) -> Decimal:
    """What a refund paid back."""
    paid = successful(rows(refund, "transactions"), ("refund",))
    return sum((settled(one, order) for one in paid), ZERO)


def settled(transaction: Mapping[str, Any], order: Mapping[str, Any]) -> Decimal:
    """A transaction's amount in the shop's currency.

    Shopify writes a transaction in the customer's currency unless it is asked for `in_shop_currency` (Admin REST API,
    resource Transaction), which a payload never is: such an amount is its share of the order's total.
    """
    if shop := shop_money(transaction.get("amount_set")):
        return shop
    paid = amount(transaction.get("amount"))
    total = order.get("total_price_set") or {}
    foreign = total.get("presentment_money") or {}
    currency = transaction.get("currency")
    if not currency or currency == order.get("currency") or currency != foreign.get("currency_code"):
        return paid
    whole = amount(foreign.get("amount"))
    return (paid * shop_money(total) / whole).quantize(unit_of(order), ROUND_HALF_UP) if whole else paid


def successful(transactions: Iterable[Mapping[str, Any]], kinds: tuple[str, ...]) -> list[Mapping[str, Any]]:
    """Those of the kinds that moved money; a pending or failed one did not."""
    return [one for one in transactions if one.get("kind") in kinds and one.get("status", "success") == "success"]


def removed_by_edit(order: Mapping[str, Any]) -> dict[str, int]:
    """Pieces of each line that are gone without a refund of money: an edit took them out."""
    removed: dict[str, int] = {}
    for refund in rows(order, "refunds"):
        if money_of(refund, order) == 0:
            for line, quantity in quantities_of(refund).items():
                removed[line] = removed.get(line, 0) + quantity
    named = refunded_quantities(order)
    for raw in rows(order, "line_items"):
        line = str(raw.get("id"))
        if raw.get("current_quantity") is not None:
            silent = _quantity(raw) - named.get(line, 0) - int(amount(raw.get("current_quantity")))
            if silent > 0:
                removed[line] = removed.get(line, 0) + silent
    return removed


def placed(order: Mapping[str, Any]) -> Sale:
    """The order with all of its lines, whatever became of them."""
    return _sale(order, {})


def sold(order: Mapping[str, Any], received: Decimal | None = None) -> Sale:
    """What was sold, and what an invoice is about. Refunds of money do not change it, they are credit notes.

    Pieces that went without money are left out. They stay in when they were paid for: `received`, the sum of the
    successful payments, is then the whole order's total, or money was paid back for no line in particular.
    """
    removed = removed_by_edit(order)
    whole = placed(order)
    if not removed or whole.total == received:
        return whole
    rest = _sale(order, removed)
    lineless = [
        refund for refund in rows(order, "refunds") if money_of(refund, order) > 0 and not quantities_of(refund)
    ]
    paid_back = sum((money_of(refund, order) for refund in lineless), ZERO)
    if received is None and lineless and paid_back >= whole.total - rest.total:
        return whole
    return rest


def share(line: Line, quantity: int, unit: Decimal) -> Line:
    """The part of a line that `quantity` of its pieces is, in whole units of the currency."""
    if quantity >= line.quantity:
        return line

    def part(whole: Decimal) -> Decimal:
        return (whole * quantity / line.quantity).quantize(unit, ROUND_HALF_UP)

    taxes = tuple(replace(tax, amount=part(tax.amount)) for tax in line.taxes)
    gross = part(line.net + taxes_of(line))
    return replace(line, quantity=quantity, net=gross - sum((tax.amount for tax in taxes), ZERO), taxes=taxes)


def unit_of(order: Mapping[str, Any]) -> Decimal:
    """The smallest amount of the shop's currency."""
    currency = str(order.get("currency") or "").upper()
    if currency in _WITHOUT_DECIMALS:
        return Decimal(1)
    return Decimal("0.001") if currency in _WITH_THREE else Decimal("0.01")


def rows(parent: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """A list of the payload's; absent and null are empty."""
    return [one for one in parent.get(key) or [] if isinstance(one, Mapping)]


def tax_lines(parent: Mapping[str, Any]) -> tuple[Tax, ...]:
    """The taxes of a line, a shipping line or a fee."""
    taxes = (
        Tax(str(tax.get("title") or "Tax"), amount(tax.get("rate")) * 100, amount(tax.get("price")))
        for tax in rows(parent, "tax_lines")
    )
    return tuple(tax for tax in taxes if tax.amount)


def line_id(row: Mapping[str, Any]) -> str:
    """The order's line that a line of a refund is about."""
    return str(row.get("line_item_id") or (row.get("line_item") or {}).get("id"))


def _sale(order: Mapping[str, Any], removed: Mapping[str, int]) -> Sale:
    included = bool(order.get("taxes_included"))
    lines = [_line(order, raw, included) for raw in rows(order, "line_items")]
    if included:
        lines = _spread(lines, unit_of(order))
    kept = [
        share(line, line.quantity - removed.get(line.id, 0), unit_of(order))
        for line in lines
        if line.quantity > max(0, removed.get(line.id, 0))
    ]
    return Sale(tuple(kept), tuple(_charges(order, included)))


def _spread(lines: list[Line], unit: Decimal) -> list[Line]:
    """Gives each line its part of a tax that Shopify wrote at one line for all of them.

    Seen in public reports (ecommerce_integrations#398): prices with taxes in them, the whole order's tax at the first line,
    none at the others. By its own rate such a tax fits all the lines together, and not the line that it stands at.
    """
    bearing = [one for one in lines if one.taxes]
    if len(bearing) != 1 or len(lines) < 2:
        return lines
    [bearer] = bearing
    rate = sum((tax.rate for tax in bearer.taxes), ZERO)
    gross = [one.net + taxes_of(one) for one in lines]
    whole = sum(gross, ZERO)
    tolerance = unit * len(lines)

    def fits(amount: Decimal) -> bool:
        return abs(amount * rate / (100 + rate) - taxes_of(bearer)) <= tolerance

    if not fits(whole) or fits(bearer.net + taxes_of(bearer)):
        return lines
    left = [tax.amount for tax in bearer.taxes]
    spread = []
    for line, part in zip(lines, gross, strict=True):
        taxes = []
        for index, tax in enumerate(bearer.taxes):
            mine = (left[index] * part / whole).quantize(unit, ROUND_HALF_UP) if whole else ZERO
            left[index] -= mine
            taxes.append(replace(tax, amount=mine))
        whole -= part
        spread.append(replace(line, net=part - sum((one.amount for one in taxes), ZERO), taxes=tuple(taxes)))
    return spread


def _line(order: Mapping[str, Any], raw: Mapping[str, Any], included: bool) -> Line:
    quantity = _quantity(raw)
    taxes = tax_lines(raw)
    net = amount(raw.get("price")) * quantity - _discount(raw)
    if included:
        net -= sum((tax.amount for tax in taxes), ZERO)
    return Line(
        id=str(raw.get("id")),
        kind=_kind(order, raw),
        title=str(raw.get("name") or raw.get("title") or ""),
        quantity=quantity,
        net=net,
        taxes=taxes,
        product_id=_id(raw.get("product_id")),
        variant_id=_id(raw.get("variant_id")),
    )


def _kind(order: Mapping[str, Any], raw: Mapping[str, Any]) -> str:
    if raw.get("gift_card"):
        return "gift_card"
    if _id(raw.get("product_id")):
        return "product"
    tip = amount(order.get("total_tip_received"))
    # REST has a tip as a line without product, and says elsewhere how much it was.
    if raw.get("tip") or (tip > 0 and amount(raw.get("price")) == tip and not raw.get("tax_lines")):
        return "tip"
    return "custom"


def _charges(order: Mapping[str, Any], included: bool) -> Iterable[Charge]:
    for raw in rows(order, "shipping_lines"):
        if raw.get("is_removed"):
            continue
        taxes = tax_lines(raw)
        net = amount(raw.get("price")) - _discount(raw)
        if included:
            net -= sum((tax.amount for tax in taxes), ZERO)
        if net or taxes:
            yield Charge("shipping", str(raw.get("title") or "Shipping"), net, taxes)
    duties = [duty for line in rows(order, "line_items") for duty in rows(line, "duties")]
    yield from _duties(order, duties, included)
    yield from _fees(order, included)


def _duties(order: Mapping[str, Any], duties: list[Mapping[str, Any]], included: bool) -> Iterable[Charge]:
    itemised = []
    for duty in duties:
        taxes = tax_lines(duty)
        net = shop_money(duty.get("price_set")) or shop_money(duty)
        if included:
            net -= sum((tax.amount for tax in taxes), ZERO)
        itemised.append(Charge("duty", "Duties", net, taxes))
    total = shop_money(order.get("original_total_duties_set")) or shop_money(order.get("current_total_duties_set"))
    if sum((one.net for one in itemised), ZERO):
        yield from (one for one in itemised if one.net or one.taxes)
    elif total:
        yield Charge("duty", "Duties", total)


def _fees(order: Mapping[str, Any], included: bool) -> Iterable[Charge]:
    itemised = []
    for fee in rows(order, "additional_fees"):
        taxes = tax_lines(fee)
        net = shop_money(fee.get("price_set")) or amount(fee.get("price"))
        if included:
            net -= sum((tax.amount for tax in taxes), ZERO)
        itemised.append(Charge("fee", str(fee.get("name") or fee.get("title") or "Additional fee"), net, taxes))
    total = shop_money(order.get("original_total_additional_fees_set")) or shop_money(
        order.get("current_total_additional_fees_set")
    )
    if itemised:
        yield from (one for one in itemised if one.net or one.taxes)
    elif total:
        yield Charge("fee", "Additional fees", total)


def _discount(raw: Mapping[str, Any]) -> Decimal:
    allocations = rows(raw, "discount_allocations")
    if allocations:
        return sum((amount(one.get("amount")) for one in allocations), ZERO)
    return amount(raw.get("total_discount"))


def _quantity(raw: Mapping[str, Any]) -> int:
    return int(amount(raw.get("quantity")))


def _id(value: object) -> str | None:
    return str(value) if value not in (None, "", 0) else None
