"""The history's orders: many at once, and never two that could touch the same."""

from __future__ import annotations

import random
import threading
import unittest
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from ..history import AHEAD, book_all


def order(number: int, person: int, product: int) -> dict[str, Any]:
    customer = {"id": person, "first_name": "Jane", "last_name": f"Doe {person % 7}"}
    return {"id": number, "customer": customer, "line_items": [{"product_id": product, "variant_id": 1}]}


class History(unittest.TestCase):
    def test_all_are_booked_and_none_beside_one_that_touches_the_same(self) -> None:
        dice = random.Random(18)
        orders = [order(number, dice.randrange(40), dice.randrange(5)) for number in range(AHEAD * 2)]
        lock, under_way, done, most = threading.Lock(), set[str](), list[int](), 0

        def book(given: Mapping[str, Any]) -> None:
            nonlocal most
            person = given["customer"]
            keys = {f"customer {person['id']}", f"name {person['last_name']}"}
            with lock:
                self.assertTrue(under_way.isdisjoint(keys), keys)
                under_way.update(keys)
                most = max(most, len(under_way) // 2)
            at_once.wait(0.0005)
            with lock:
                under_way.difference_update(keys)
                done.append(given["id"])

        at_once = threading.Event()
        with ThreadPoolExecutor(4) as pool:
            self.assertEqual(book_all(iter(orders), lambda given: pool.submit(book, given), lambda: 4), len(orders))
        self.assertEqual(sorted(done), list(range(len(orders))))
        self.assertLessEqual(most, 4)
        same_person: dict[int, list[int]] = {}
        for number in done:
            same_person.setdefault(orders[number]["customer"]["id"], []).append(number)
        self.assertTrue(all(numbers == sorted(numbers) for numbers in same_person.values()), "a customer's orders come in their turn")

    def test_as_many_as_there_is_room_for_beside_the_deliveries(self) -> None:
        room, begun = [3, 1, 1, 3, 2], list[int]()

        def begin(_given: Mapping[str, Any]) -> Future[None]:
            begun[-1] += 1
            ended: Future[None] = Future()
            ended.set_result(None)
            return ended

        def may_run() -> int:
            begun.append(0)
            return room[len(begun) - 1] if len(begun) <= len(room) else 1

        self.assertEqual(book_all([order(number, number, number) for number in range(12)], begin, may_run), 12)
        self.assertEqual(begun[:5], room)

    def test_a_process_that_is_gone_ends_the_window(self) -> None:
        def begin(_given: Mapping[str, Any]) -> Future[None]:
            future: Future[None] = Future()
            future.set_exception(MemoryError("killed"))
            return future

        with self.assertRaises(MemoryError):
            book_all([order(1, 1, 1)], begin, lambda: 2)


if __name__ == "__main__":
    unittest.main()
