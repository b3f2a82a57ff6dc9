"""What two orders may both touch: orders that share none of it may be booked at once.

ERPNext names a Customer, its Contact and its Addresses after the person and numbers a second one of that name by those that it sees, so two at once
get one number ("Duplicate entry 'Jane Doe - 2'"). An item is made by the first order that has it.
"""

from __future__ import annotations

import unicodedata
from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

# Variants that are remembered as made (some 10 MB).
MOST_VARIANTS = 50_000


class Variants:
    """Variants whose item is there, as far as this process has seen; the oldest are forgotten."""

    def __init__(self, most: int = MOST_VARIANTS) -> None:
        self._made: OrderedDict[str, None] = OrderedDict()
        self._most = most

    def add(self, keys: Iterable[str]) -> None:
        for key in keys:
            self._made[key] = None
            self._made.move_to_end(key)
        while len(self._made) > self._most:
            self._made.popitem(last=False)

    def to_make(self, keys: Collection[str]) -> set[str]:
        """The products whose items an order of these variants may have to make: making one makes all of the product."""
        return {key.partition("/")[0] for key in keys if key not in self._made}


def people_of(payload: Any) -> frozenset[str]:
    """Keys of whom an order is for: id, mail addresses, phone numbers, and the names that documents may get: the customer's, an address' where the
    customer has none, and its company. Empty for a payload that is no order: what a refund or an edit touches was made by the order itself."""
    if not isinstance(payload, Mapping):
        return frozenset()
    customer = _mapping(payload.get("customer"))
    own = _mapping(customer.get("default_address"))
    addresses = [_mapping(payload.get(name)) for name in ("billing_address", "shipping_address")]
    keys = {f"customer {customer['id']}"} if customer.get("id") else set()
    for source in (payload, customer, own, *addresses):
        keys |= {f"mail {_plain(source.get('email'))}", f"phone {_digits(source.get('phone'))}"}
    named = [customer] if _full_name(customer) else [own, *addresses]
    names = [*((_full_name(source) or source.get("name")) for source in named), *(source.get("company") for source in (own, *addresses))]
    keys |= {f"name {_plain(name)}" for name in names}
    return frozenset(key for key in keys if not key.endswith(" "))


def variants_of(payload: Any) -> frozenset[str]:
    """Keys of an order's variants, "<product>/<variant>"."""
    lines = payload.get("line_items") if isinstance(payload, Mapping) else None
    found = (_mapping(line) for line in lines) if isinstance(lines, list) else ()
    return frozenset(f"{line['product_id']}/{line.get('variant_id')}" for line in found if line.get("product_id"))


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _full_name(source: Mapping[str, Any]) -> str:
    return " ".join(str(source[part]) for part in ("first_name", "last_name") if source.get(part))


def _plain(value: Any) -> str:
    """As MariaDB compares names (utf8mb4_unicode_ci): without case and accents; spaces count once."""
    folded = unicodedata.normalize("NFKD", str(value or "")).casefold()
    return " ".join("".join(sign for sign in folded if not unicodedata.combining(sign)).split())


def _digits(value: Any) -> str:
    return "".join(sign for sign in str(value or "") if sign.isdigit())
