"""Which delivery may run now."""

from __future__ import annotations

import unittest

from ..schedule import Delivery, by_order, parked, runnable
from ..words import masked

NOW = 1_000.0


def delivery(arrival: int, topic: str, order: str, triggered: float = 0.0, **more: float) -> Delivery:
    return Delivery(f"{arrival}-0", f"w{arrival}", topic, order, triggered, float(arrival), **more)  # type: ignore[arg-type]


def ids(deliveries: list[Delivery]) -> list[int]:
    return [found.arrival[0] for found in deliveries]


class Runnable(unittest.TestCase):
    def choose(self, *waiting: Delivery, running: frozenset[str] = frozenset(), at_once: int = 1) -> list[int]:
        return ids(runnable(by_order(waiting), running, NOW, at_once))

    def test_the_order_is_made_before_anything_else_of_it(self) -> None:
        waiting = [delivery(1, "orders/paid", "a", 5), delivery(2, "orders/create", "a", 9)]
        self.assertEqual(self.choose(*waiting), [2])

    def test_what_is_begun_comes_to_its_end_before_the_order_is_made(self) -> None:
        begun = delivery(1, "orders/paid", "a", 5, is_begun=True)
        self.assertEqual(self.choose(delivery(2, "orders/create", "a", 1), begun), [1])

    def test_within_an_order_shopifys_time_counts_and_then_the_arrival(self) -> None:
        waiting = [delivery(1, "orders/cancelled", "a", 9), delivery(3, "orders/paid", "a", 5), delivery(2, "orders/paid", "a", 5)]
        self.assertEqual(self.choose(*waiting), [2])

    def test_between_orders_the_arrival_counts(self) -> None:
        self.assertEqual(self.choose(delivery(2, "orders/paid", "a", 1), delivery(1, "orders/paid", "b", 9)), [1])

    def test_arrivals_are_compared_as_numbers(self) -> None:
        waiting = [delivery(10, "orders/paid", "a"), delivery(9, "orders/paid", "b")]
        self.assertEqual(self.choose(*waiting), [9])

    def test_as_many_orders_at_once_as_it_is_told_never_two_events_of_one(self) -> None:
        waiting = [delivery(n, "orders/paid", order) for n, order in enumerate(["a", "a", "b", "c", "d"])]
        self.assertEqual(self.choose(*waiting, at_once=3), [0, 2, 3])
        self.assertEqual(self.choose(*waiting, at_once=3, running=frozenset("ab")), [3])
        self.assertEqual(self.choose(*waiting, at_once=2, running=frozenset("ab")), [])

    def test_what_waits_after_an_error_holds_up_its_own_order_alone(self) -> None:
        waiting = [
            delivery(1, "orders/create", "a", attempts=1, not_before=NOW + 1),
            delivery(2, "orders/paid", "a"),
            delivery(3, "orders/create", "b"),
        ]
        self.assertEqual(self.choose(*waiting, at_once=9), [3])
        self.assertEqual(parked(by_order(waiting)), {"1-0", "2-0"})

    def test_what_has_waited_long_enough_is_tried_again(self) -> None:
        self.assertEqual(self.choose(delivery(1, "orders/create", "a", attempts=1, not_before=NOW)), [1])


class Words(unittest.TestCase):
    def test_nothing_of_a_person_is_told(self) -> None:
        message = "<b>Duplicate entry 'Jane Doe'</b> of jane.doe@example.com, +49 (170) 123-4567\nCustomer is missing"
        self.assertEqual(masked(message), "Duplicate entry '…' of [mail], [number] Customer is missing")

    def test_they_are_short(self) -> None:
        self.assertEqual(len(masked("word " * 100)), 200)


if __name__ == "__main__":
    unittest.main()
