"""The forwarder, as a process between a real Redis and a connector that behaves as the real one."""

from __future__ import annotations

import json
import signal
import tempfile
import time
import unittest
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..forwarder import NOTHING_TO_BOOK
from ..topics import TOPICS
from .connector import Connector
from .processes import PREVIOUS, SECRET, Door
from .shopify import body_of, headers, order, send

# A minute's pause is over after 0.6 s.
PACE = 0.01

CANCELLED = {"cancelled_at": "2026-11-30T20:00:00Z"}


class ForwarderTestCase(unittest.TestCase):
    at_once = 1
    door: Door
    connector: Connector

    @classmethod
    def setUpClass(cls) -> None:
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        cls.connector = Connector(workers=4)
        cls.addClassCleanup(cls.connector.close)
        cls.door = Door(Path(scratch.name) / "door", cls.connector.address, PACE, at_once=cls.at_once)
        cls.addClassCleanup(cls.door.close)
        cls.door.start()

    def setUp(self) -> None:
        self.door.redis.ask("FLUSHALL")
        self.connector.restore(type(self.connector.books)())
        self.connector.mode, self.connector.seconds_a_job, self.connector.secret = "up", 0.002, SECRET
        self.connector.taken.clear()
        self.connector.headers.clear()
        self.door.forwarder.start()
        self.addCleanup(self.door.forwarder.end)

    def deliver(self, topic: str, number: int = 1, triggered: float | None = None, **changes: Any) -> None:
        body = body_of(order(number, **changes))
        self.assertEqual(send(self.door.ports[0], headers(topic, body, PREVIOUS, triggered), body), 200)

    def report(self) -> dict[str, Any]:
        return json.loads(self.door.admin("report"))

    def until(self, is_so: Callable[[], bool], seconds: float = 120.0) -> None:
        deadline = time.monotonic() + seconds
        while not is_so():
            if time.monotonic() > deadline:
                self.fail(f"not within {seconds} s: {self.report()}\n{self.door.forwarder.log[-1000:]}")
            time.sleep(0.05)

    def until_empty(self) -> None:
        self.until(lambda: self.door.redis.ask("ZCARD waiting") == b":0\r\n")

    def effects(self, topic: str, number: int = 1) -> int:
        return self.connector.books.effects.get((str(number), TOPICS[topic].method), 0)


class Forwarder(ForwarderTestCase):
    def test_hands_a_delivery_on_so_that_frappe_parses_nothing_and_the_connector_knows_it(self) -> None:
        self.deliver("orders/create")
        self.until_empty()
        self.assertEqual(self.connector.books.orders, {"1": ["Sales Order"]})
        [sent] = self.connector.headers
        self.assertEqual(sent["Content-Type"], "application/octet-stream")
        self.assertFalse({"Authorization", "Cookie"} & set(sent))

    def test_signs_with_whatever_secret_erpnext_has_and_sees_that_it_has_changed(self) -> None:
        self.connector.secret = b"neither of Shopify's"
        self.deliver("orders/create", 1)
        self.until_empty()
        self.connector.secret = b"changed by hand"
        self.deliver("orders/create", 2)
        self.until(lambda: "orders/create of order 2 failed, try 1 of 20: ERPNext answered 500 TypeError" in self.door.forwarder.log)
        self.until_empty()
        self.assertEqual(set(self.connector.books.orders), {"1", "2"})

    def test_takes_the_events_of_an_order_in_their_turn(self) -> None:
        self.connector.mode = "maintenance"
        self.deliver("orders/cancelled", triggered=3, **CANCELLED)
        self.deliver("orders/fulfilled", triggered=2)
        self.deliver("orders/paid", triggered=1)
        self.deliver("orders/create", triggered=4)
        self.connector.mode = "up"
        self.until_empty()
        topics = ["orders/create", "orders/paid", "orders/fulfilled", "orders/cancelled"]
        self.assertEqual(self.connector.taken, [(topic, "1") for topic in topics])

    def test_makes_the_order_first_whatever_comes_first(self) -> None:
        for number, topic in enumerate(["orders/paid", "orders/fulfilled", "orders/cancelled"]):
            self.deliver(topic, number, **CANCELLED)
            self.deliver("orders/create", number)
        self.until_empty()
        self.assertEqual(self.connector.statuses("Invalid"), 0)
        self.assertEqual([topic for topic, _ in self.connector.taken].count("orders/create"), 3)

    def test_is_done_with_an_order_that_our_app_books_nothing_of(self) -> None:
        self.connector.test_orders.add("1")
        self.addCleanup(self.connector.test_orders.clear)
        for topic in ("orders/create", "orders/paid", "orders/fulfilled"):
            self.deliver(topic)
        self.until_empty()
        self.assertEqual((self.connector.books.orders, self.report()["parked"]), ({}, 0))
        app = Path(__file__).parents[2] / "image/shopify_books/shopify_books/settle.py"
        self.assertIn(f'_NOTHING_TO_BOOK = "{NOTHING_TO_BOOK}"', app.read_text())

    def test_does_not_begin_an_event_before_the_one_before_has_ended(self) -> None:
        self.connector.seconds_a_job = 0.5
        self.deliver("orders/create", 1)
        self.deliver("orders/create", 2)
        self.until(lambda: len(self.connector.taken) == 1)
        time.sleep(0.3)
        self.assertEqual(len(self.connector.taken), 1)
        self.until_empty()

    def test_tries_an_error_again_while_others_go_on_and_tells_it_without_names(self) -> None:
        self.connector.errors["1"] = 3
        self.deliver("orders/create", 1)
        self.deliver("orders/paid", 1)
        # For how long an order is refused already is what the server's alarm is about.
        self.until(lambda: (lambda told: told["parked"] == 2 and told["oldestParkedSeconds"] is not None)(self.report()))
        item = self.report()["items"][0]
        self.assertEqual((item["state"], item["words"]), ("parked", "Could not find Customer: '…' [mail]"))
        self.deliver("orders/create", 2)
        self.until(lambda: "2" in self.connector.books.orders)
        self.until_empty()
        self.assertEqual((self.effects("orders/paid"), self.connector.statuses("Error")), (1, 3))
        self.assertIsNone(self.report()["oldestParkedSeconds"])

    def test_keeps_as_failed_what_never_succeeds_until_it_is_replayed(self) -> None:
        self.connector.errors["1"] = 1000
        self.deliver("orders/create")
        self.until(lambda: self.report()["parked"] == 1)
        # Three days of pauses are too long even here.
        self.door.forwarder.end()
        [item] = self.report()["items"]
        self.door.redis.ask(f"HSET delivery:{item['id']} attempts 19")
        self.door.redis.ask(f"ZADD waiting 0 {item['id']}")
        self.door.forwarder.start()
        self.until(lambda: self.report()["failed"] == 1)
        [item] = self.report()["items"]
        self.assertEqual((item["state"], item["attempts"], item["order"]), ("failed", 20, "1"))
        self.connector.errors.clear()
        self.assertEqual(json.loads(self.door.admin("replay", "--failed")), {"replayed": 1})
        self.until(lambda: "1" in self.connector.books.orders)

    def test_delivers_again_what_a_killed_worker_had(self) -> None:
        self.connector.kill_next_job = True
        self.deliver("orders/create")
        self.until(lambda: "1" in self.connector.books.orders)
        self.until_empty()
        # The dead job's row is none that waits.
        self.assertEqual([self.connector.statuses(status) for status in ("Queued", "Error", "Success")], [0, 1, 1])

    def test_waits_for_a_job_that_runs_while_that_of_a_killed_worker_is_not_buried(self) -> None:
        self.connector.kill_next_job = True
        self.deliver("orders/create")
        self.until(lambda: "orders/create of order 1 failed, try 1 of 20: the connector's job ended" in self.door.forwarder.log)
        self.connector.seconds_a_job = 1.5
        self.deliver("orders/create", 2)
        self.until_empty()
        self.assertEqual(self.connector.taken.count(("orders/create", "2")), 1)

    def test_waits_for_a_job_that_waits_itself(self) -> None:
        self.connector.seconds_a_job = 1.5
        self.deliver("orders/create")
        self.until_empty()
        self.assertEqual(self.connector.taken, [("orders/create", "1")])

    def test_waits_while_the_site_is_away_and_counts_that_as_no_error(self) -> None:
        self.door.admin("replay", "--failed")
        for mode in ("down", "maintenance"):
            self.connector.mode = mode
            self.deliver("orders/create")
            time.sleep(0.5)
            self.assertEqual([item["attempts"] for item in self.report()["items"]], [0], mode)
            self.connector.mode = "up"
            self.until_empty()

    def test_waits_while_the_server_changes_the_whole_site(self) -> None:
        for marker, reason in (("migrating", "migration"), ("restoring", "restore")):
            (self.door.state / marker).touch()
            self.deliver("orders/create")
            time.sleep(0.3)
            self.assertEqual((self.report()["paused"], self.report()["waiting"]), (reason, 1))
            (self.door.state / marker).unlink()
            self.until_empty()
        self.assertIsNone(self.report()["paused"])

    def test_looks_first_for_what_it_had_posted_before_it_was_killed(self) -> None:
        self.connector.seconds_a_job = 0.4
        self.deliver("orders/create")
        self.until(lambda: len(self.connector.taken) == 1)
        self.door.forwarder.end()
        self.door.forwarder.start()
        self.until_empty()
        self.assertEqual(self.connector.taken, [("orders/create", "1")])

    def test_makes_no_order_whose_making_was_under_way_when_it_was_killed(self) -> None:
        self.connector.seconds_a_job = 1.5
        self.deliver("orders/paid")
        self.until(lambda: len(self.connector.taken) == 1)
        self.door.forwarder.end()
        self.deliver("orders/create")
        self.door.forwarder.start()
        self.until_empty()
        self.assertEqual(self.connector.taken.count(("orders/create", "1")), 1)

    def test_does_not_post_again_what_arrived_although_the_answer_was_lost(self) -> None:
        self.connector.mode = "lost-after"
        self.deliver("orders/create")
        self.until(lambda: len(self.connector.taken) == 1)
        self.connector.mode = "up"
        self.until_empty()
        self.assertEqual(self.connector.taken, [("orders/create", "1")])

    def test_tries_again_later_what_erpnext_answers_with_an_error(self) -> None:
        self.connector.no_column = True
        self.deliver("orders/create")
        self.until(lambda: self.report()["parked"] == 1)
        self.assertEqual(self.report()["items"][0]["words"], "ERPNext answered 500 OperationalError")
        self.connector.no_column = False
        self.until_empty()
        self.assertEqual(self.connector.books.orders, {"1": ["Sales Order"]})

    def test_one_delivery_that_never_gets_an_answer_does_not_hold_up_the_others(self) -> None:
        body = body_of(order(1))
        self.connector.poison = "1"
        self.addCleanup(setattr, self.connector, "poison", None)
        self.assertEqual(send(self.door.ports[0], headers("orders/create", body), body), 200)
        self.deliver("orders/create", 2)
        self.until(lambda: "2" in self.connector.books.orders)

    def test_forwards_again_what_was_delivered_since_a_backup(self) -> None:
        self.deliver("orders/create", 1)
        self.until_empty()
        time.sleep(1.1)
        books, since = self.connector.backup(), time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        self.deliver("orders/create", 2)
        self.deliver("orders/paid", 2)
        self.until_empty()
        self.connector.restore(books)
        self.assertEqual(json.loads(self.door.admin("replay", "--since", since)), {"replayed": 2})
        self.until_empty()
        self.assertEqual(set(self.connector.books.orders), {"1", "2"})
        self.assertEqual((self.effects("orders/paid", 2), self.connector.statuses("Invalid")), (1, 0))

    def test_makes_the_order_anew_when_a_restore_took_it_back_under_an_event_on_its_way(self) -> None:
        books = self.connector.backup()
        self.deliver("orders/create")
        self.until_empty()
        self.connector.seconds_a_job = 10.0
        self.deliver("orders/paid")
        self.until(lambda: len(self.connector.taken) == 2)
        seen = self.door.forwarder.log.count("the site answers 503")
        self.connector.mode = "maintenance"
        self.until(lambda: self.door.forwarder.log.count("the site answers 503") > seen)
        self.connector.restore(books)
        self.connector.seconds_a_job = 0.002
        self.connector.mode = "up"
        self.until_empty()
        self.assertEqual((self.effects("orders/paid"), self.connector.statuses("Invalid")), (1, 0))

    def test_forwards_all_of_an_order_again(self) -> None:
        self.deliver("orders/create", 1)
        self.deliver("orders/create", 2)
        self.until_empty()
        self.assertEqual(json.loads(self.door.admin("replay", "--order", "2")), {"replayed": 1})

    def test_ends_when_it_is_told_to(self) -> None:
        self.until(lambda: "forwarding" in self.door.forwarder.log)
        self.door.forwarder.end(signal.SIGTERM)


class SomeAtOnce(ForwarderTestCase):
    at_once = 3

    def under_way(self) -> set[str]:
        return {order for _, order in self.connector.taken}

    def test_has_as_many_orders_under_way_as_it_is_told_but_none_for_one_person(self) -> None:
        self.connector.seconds_a_job = 1.0
        jane, joe = ({"id": number, "first_name": name} for number, name in ((8, "Jane"), (9, "Joe")))
        self.connector.mode = "maintenance"
        for number, customer in enumerate([jane, jane, joe, None, None], 1):
            self.deliver("orders/create", number, customer=customer)
        self.connector.mode = "up"
        self.until(lambda: len(self.under_way()) == 3)
        self.assertEqual(self.under_way(), {"1", "3", "4"})
        self.until_empty()
        self.assertEqual((self.connector.races, set(self.connector.books.orders)), (0, set("12345")))

    def test_a_job_whose_worker_was_killed_holds_up_no_other_order(self) -> None:
        self.connector.kill_next_job = True
        self.deliver("orders/create", 1)
        self.until(lambda: self.connector.taken == [("orders/create", "1")])
        # Nothing of this is seen before the first order's job is asked for.
        self.deliver("orders/create", 2)
        self.until(lambda: "2" in self.connector.books.orders)
        self.until_empty()
        self.assertIn("1", self.connector.books.orders)


if __name__ == "__main__":
    unittest.main()
