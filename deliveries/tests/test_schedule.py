"""Which delivery may run now."""

from __future__ import annotations

import random
import unittest
from typing import Any

from ..conflicts import Variants, people_of, variants_of
from ..schedule import Delivery, by_order, parked, runnable, touched
from ..words import masked

NOW = 1_000.0


def delivery(arrival: int, topic: str, order: str, triggered: float = 0.0, **more: Any) -> Delivery:
    return Delivery(f"{arrival}-0", f"w{arrival}", topic, order, triggered, float(arrival), **more)


def ids(deliveries: list[Delivery]) -> list[int]:
    return [found.arrival[0] for found in deliveries]


class Runnable(unittest.TestCase):
    def choose(self, *waiting: Delivery, running: str = "", at_once: int = 1, made: Variants | None = None) -> list[int]:
        under_way = [delivery(-1, "orders/paid", order) for order in running]
        return ids(runnable(by_order(waiting), under_way, made or Variants(), NOW, at_once))

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
        self.assertEqual(self.choose(*waiting, at_once=3, running="ab"), [3])
        self.assertEqual(self.choose(*waiting, at_once=2, running="ab"), [])

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


    def test_two_orders_for_one_person_come_one_after_the_other_and_hold_up_nobody_else(self) -> None:
        jane, joe = frozenset({"name jane doe"}), frozenset({"name joe bloggs"})
        waiting = [delivery(n, "orders/create", order, people=who) for n, (order, who) in enumerate(zip("abcd", [jane, jane, joe, jane]))]
        self.assertEqual(self.choose(*waiting, at_once=4), [0, 2])

    def test_what_came_before_and_waits_for_another_one_is_not_overtaken(self) -> None:
        both = frozenset({"name a", "name b"})
        waiting = [
            delivery(0, "orders/create", "a", people=frozenset({"name a"})),
            delivery(1, "orders/create", "b", people=both),
            delivery(2, "orders/create", "c", people=frozenset({"name b"})),
        ]
        self.assertEqual(self.choose(*waiting, at_once=4), [0])

    def test_two_orders_of_a_product_come_one_after_the_other_until_its_items_are_made(self) -> None:
        waiting = [delivery(n, "orders/create", order, variants=frozenset({f"7/{n}"})) for n, order in enumerate("ab")]
        made = Variants()
        self.assertEqual(self.choose(*waiting, at_once=2, made=made), [0])
        made.add(["7/0", "7/1"])
        self.assertEqual(self.choose(*waiting, at_once=2, made=made), [0, 1])

    def test_what_was_begun_before_a_restart_comes_before_what_could_meet_it(self) -> None:
        who = frozenset({"name jane doe"})
        waiting = [delivery(1, "orders/create", "a", people=who), delivery(2, "orders/create", "b", people=who, is_begun=True)]
        self.assertEqual(self.choose(*waiting, at_once=2), [2])

    def test_whatever_comes_no_two_touch_the_same_and_all_come_to_their_turn(self) -> None:
        for seed in range(60):
            dice = random.Random(seed)
            at_once, made, running, done = dice.randint(1, 5), Variants(3), list[Delivery](), 0
            waiting = [some_delivery(n, dice) for n in range(40)]
            orders = by_order(waiting)
            while done < len(waiting):
                chosen = runnable(orders, running, made, NOW, at_once)
                running += chosen
                self.assertTrue(chosen or running, seed)
                self.assertLessEqual(len(running), at_once)
                for number, one in enumerate(running):
                    for other in running[:number]:
                        self.assertNotEqual(one.order, other.order)
                        self.assertTrue(one.people.isdisjoint(other.people), seed)
                for number, one in enumerate(chosen):
                    self.assertTrue(all(touched(one, made).isdisjoint(touched(other, made)) for other in chosen[:number]))
                ended = running.pop(dice.randrange(len(running)))
                made.add(ended.variants)
                orders[ended.order].remove(ended)
                done += 1


def some_delivery(number: int, dice: random.Random) -> Delivery:
    people = frozenset(f"name {dice.randrange(6)}" for _ in range(dice.randint(0, 2)))
    variants = frozenset(f"{dice.randrange(4)}/{dice.randrange(2)}" for _ in range(dice.randint(0, 2)))
    topic = dice.choice(["orders/create", "orders/paid", "orders/cancelled"])
    return delivery(number, topic, f"order {dice.randrange(15)}", dice.random(), people=people, variants=variants)


class Conflicts(unittest.TestCase):
    def test_a_person_is_known_by_id_mail_phone_and_every_name(self) -> None:
        address = {"first_name": "Jörg", "last_name": "Ēģle", "name": "Jörg Ēģle", "company": " Acme  GmbH", "phone": "(0) 170-1"}
        customer = {"id": 5, "email": "J@Example.com", "first_name": "Jorg", "last_name": "EGLE", "default_address": address}
        payload = {"id": 1, "email": "j@example.com", "phone": None, "name": "#1001", "customer": customer, "billing_address": address}
        keys = {"customer 5", "mail j@example.com", "name jorg egle", "name acme gmbh", "phone 01701"}
        self.assertEqual(people_of(payload), keys)

    def test_an_address_names_nobody_but_a_customer_without_a_name(self) -> None:
        address = {"first_name": "Anna", "last_name": "Meier"}
        named = {"customer": {"id": 5, "last_name": "Doe"}, "billing_address": address}
        self.assertEqual(people_of(named), {"customer 5", "name doe"})
        self.assertEqual(people_of({**named, "customer": {"id": 5}}), {"customer 5", "name anna meier"})

    def test_whatever_shopify_leaves_out_is_no_key(self) -> None:
        for payload in ({}, {"customer": None, "billing_address": None, "line_items": None}, None, []):
            self.assertEqual((people_of(payload), variants_of(payload)), (frozenset(), frozenset()))

    def test_a_line_without_a_product_makes_no_item(self) -> None:
        lines = [{"product_id": 7, "variant_id": 8}, {"product_id": None, "variant_id": None}, {"product_id": 9}]
        self.assertEqual(variants_of({"line_items": lines}), {"7/8", "9/None"})

    def test_the_oldest_variants_are_forgotten(self) -> None:
        made = Variants(2)
        made.add(["1/1", "2/1"])
        made.add(["1/1", "3/1"])
        self.assertEqual(made.to_make({"1/1", "2/1", "3/1"}), {"2"})


class Words(unittest.TestCase):
    def test_nothing_of_a_person_is_told(self) -> None:
        message = "<b>Duplicate entry 'Jane Doe'</b> of jane.doe@example.com, +49 (170) 123-4567\nCustomer is missing"
        self.assertEqual(masked(message), "Duplicate entry '…' of [mail], [number] Customer is missing")

    def test_they_are_short(self) -> None:
        self.assertEqual(len(masked("word " * 100)), 200)


if __name__ == "__main__":
    unittest.main()
