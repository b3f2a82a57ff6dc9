"""What may be forwarded now, as a pure function."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from .conflicts import Variants
from .topics import TOPICS


@dataclass
class Delivery:
    """A delivery that waits. Times are seconds since 1970, by the server's clock but for `triggered`, which is Shopify's."""

    # Its id in the stream, which tells when it came.
    id: str
    webhook_id: str
    topic: str
    order: str
    triggered: float
    received: float
    # Tries that ended in an error, and when the next one is due.
    attempts: int = 0
    not_before: float = 0.0
    # Times in a row after which it is unknown whether it reached the site.
    losses: int = 0
    # Whether it was posted, and its end is not known.
    is_begun: bool = False
    # Whom and what the order is about (conflicts.py).
    people: frozenset[str] = frozenset()
    variants: frozenset[str] = frozenset()

    @property
    def arrival(self) -> tuple[int, int]:
        milliseconds, _, sequence = self.id.partition("-")
        return int(milliseconds), int(sequence or 0)


def place(delivery: Delivery) -> tuple[bool, bool, float, tuple[int, int]]:
    """A delivery's place within its order: what is begun comes to its end, since its job may be making the order; then comes what makes the
    order, then Shopify's own times count."""
    return (not delivery.is_begun, not TOPICS[delivery.topic].makes_order, delivery.triggered, delivery.arrival)


def by_order(deliveries: Iterable[Delivery]) -> dict[str, list[Delivery]]:
    orders: dict[str, list[Delivery]] = {}
    for delivery in deliveries:
        orders.setdefault(delivery.order, []).append(delivery)
    for waiting in orders.values():
        waiting.sort(key=place)
    return orders


def runnable(
    orders: Mapping[str, Sequence[Delivery]], running: Collection[Delivery], made: Variants, now: float, at_once: int
) -> list[Delivery]:
    """The deliveries to begin now, those that came first: of different orders, and none that could touch what another one on its way, or one
    that came before it and has to wait for that, touches too."""
    free = at_once - len(running)
    if free <= 0:
        return []
    under_way = {delivery.order for delivery in running}
    heads = (waiting[0] for order, waiting in orders.items() if waiting and order not in under_way)
    # What a process before this one has begun may be under way, and comes before all others for the same reason.
    due = sorted(
        (delivery for delivery in heads if delivery.not_before <= now),
        key=lambda delivery: (not delivery.is_begun, delivery.arrival),
    )
    taken = {key for delivery in running for key in touched(delivery, made)}
    chosen: list[Delivery] = []
    for delivery in due:
        keys = touched(delivery, made)
        if taken.isdisjoint(keys):
            chosen.append(delivery)
            if len(chosen) == free:
                break
        taken |= keys
    return chosen


def touched(delivery: Delivery, made: Variants) -> frozenset[str]:
    return delivery.people | made.to_make(delivery.variants)


def parked(orders: Mapping[str, Sequence[Delivery]]) -> set[str]:
    """Ids of those that wait because of an error: their own, or that of one before them in the same order."""
    return {
        delivery.id for waiting in orders.values() if waiting and waiting[0].attempts > 0 for delivery in waiting
    }
