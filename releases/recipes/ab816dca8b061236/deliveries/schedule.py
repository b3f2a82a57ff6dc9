"""What may be forwarded now: pure, so that how many orders are on their way at once is one number."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

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
    # Times in a row that nobody knows whether it came to the site.
    losses: int = 0
    # Whether it was posted, and its end is not known.
    is_begun: bool = False

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
    orders: Mapping[str, Sequence[Delivery]], running: Collection[str], now: float, at_once: int
) -> list[Delivery]:
    """The deliveries to begin now, of different orders, none of which is on its way: those that came first."""
    free = at_once - len(running)
    if free <= 0:
        return []
    heads = (waiting[0] for order, waiting in orders.items() if waiting and order not in running)
    due = (delivery for delivery in heads if delivery.not_before <= now)
    return sorted(due, key=lambda delivery: delivery.arrival)[:free]


def parked(orders: Mapping[str, Sequence[Delivery]]) -> set[str]:
    """Ids of those that wait because of an error: their own, or that of one before them in the same order."""
    return {
        delivery.id for waiting in orders.values() if waiting and waiting[0].attempts > 0 for delivery in waiting
    }
