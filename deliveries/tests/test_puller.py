"""The puller, as a process between a Pub/Sub and a real Redis, with forwarder and connector behind it."""

from __future__ import annotations

import json
import signal
import tempfile
import time
import unittest
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .bus import Bus
from .connector import Connector
from .processes import PREVIOUS, SECRET, Door
from .shopify import body_of, headers, order

PACE = 0.02
CANCELLED = {"cancelled_at": "2026-11-30T20:00:00Z"}
DAY = 24 * 3600.0


class PullerTestCase(unittest.TestCase):
    def setUp(self) -> None:
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.connector = Connector()
        self.addCleanup(self.connector.close)
        self.connector.seconds_a_job = 0.002
        self.bus = Bus()
        self.addCleanup(self.bus.close)
        self.door = Door(Path(scratch.name) / "door", self.connector.address, PACE, receivers=0, bus=self.bus.url)
        self.addCleanup(self.door.close)
        self.door.start()

    def start(self) -> None:
        self.door.puller.start()
        self.door.forwarder.start()

    def publish(
        self, topic: str = "orders/create", number: int = 1, age: float = 0.0, triggered: float = 0.0, **changes: Any
    ) -> Any:
        body = body_of(order(number, **changes))
        return self.bus.publish(headers(topic, body, SECRET, time.time() - age + triggered), body, age)

    def report(self) -> dict[str, Any]:
        return json.loads(self.door.admin("report"))

    def until(self, is_so: Callable[[], bool], seconds: float = 40.0) -> None:
        deadline = time.monotonic() + seconds
        while not is_so():
            if time.monotonic() > deadline:
                self.fail(f"not within {seconds} s: {self.report()}\n{self.door.puller.log[-2000:]}")
            time.sleep(0.05)

    def until_empty(self) -> None:
        self.until(lambda: self.bus.unacknowledged == 0)

    def waiting(self) -> int:
        return int(self.door.redis.ask("ZCARD waiting")[1:])


class Puller(PullerTestCase):
    def test_brings_a_delivery_to_erpnext_and_acknowledges_it_then(self) -> None:
        self.connector.mode = "maintenance"
        self.start()
        self.publish()
        self.until(lambda: self.waiting() == 1)
        self.assertEqual(self.bus.unacknowledged, 1)
        self.connector.mode = "up"
        self.until_empty()
        self.assertEqual(self.connector.books.orders, {"1": ["Sales Order"]})
        report = self.report()["bus"]
        self.assertEqual(report["signatures"], {"verified": 1, "absent": 0, "wrong": 0})
        self.assertEqual((report["unacknowledged"], report["trouble"]), (0, None))

    def test_sees_a_whole_backlog_before_it_keeps_any_of_it(self) -> None:
        for number in range(1, 301):
            self.publish("orders/cancelled", number, DAY, triggered=3, **CANCELLED)
            self.publish("orders/paid", number, DAY, triggered=2)
            self.publish("orders/create", number, DAY, triggered=1)
        self.door.puller.start()
        self.until(lambda: self.waiting() == 900)
        items = [item["topic"] for item in self.report()["items"]]
        # The first 200 of the stream, which is in the order in which it happened.
        self.assertEqual(set(items), {"orders/create"})

    def test_keeps_a_message_that_comes_again_once(self) -> None:
        self.bus.ack_seconds = 0.5
        self.publish()
        self.door.puller.start()
        self.until(lambda: self.waiting() == 1)
        self.door.puller.end(signal.SIGKILL)
        with self.bus.lock:
            self.bus.messages[0].leased_until = 0.0
        self.start()
        self.until_empty()
        self.assertEqual(self.connector.books.orders, {"1": ["Sales Order"]})

    def test_acknowledges_every_message_of_a_delivery_that_was_published_twice(self) -> None:
        self.connector.mode = "maintenance"
        first = self.publish()
        self.bus.publish(first.attributes, first.data)
        self.start()
        self.until(lambda: self.waiting() == 1)
        self.until(lambda: all(message.attempts == 1 for message in self.bus.messages))
        self.connector.mode = "up"
        # Long before the time is over in which Pub/Sub would give one of them again.
        self.until_empty()
        self.assertEqual(self.connector.books.orders, {"1": ["Sales Order"]})

    def test_puts_off_what_waits_for_long(self) -> None:
        self.connector.mode = "maintenance"
        self.start()
        self.publish()
        self.until(lambda: self.bus.asked.count("modifyAckDeadline") >= 3)
        self.assertEqual(self.bus.messages[0].attempts, 1)

    def test_gives_back_what_waits_when_it_is_ended(self) -> None:
        self.publish()
        self.door.puller.start()
        self.until(lambda: self.waiting() == 1)
        # It pulls again once it is done with the first one.
        self.until(lambda: self.bus.asked.count("pull") == 2)
        self.door.puller.end(signal.SIGTERM)
        self.assertLess(self.bus.messages[0].leased_until, time.monotonic() + 1)

    def test_gives_back_what_is_in_hand_when_it_is_ended(self) -> None:
        self.bus.is_slow = True
        self.publish(age=DAY)
        self.door.puller.start()
        # It looks for the rest of the backlog, of which it keeps nothing yet.
        self.until(lambda: self.bus.asked.count("pull") == 2)
        self.assertGreater(self.bus.messages[0].leased_until, time.monotonic() + 30)
        self.door.puller.end(signal.SIGTERM)
        self.assertEqual(self.waiting(), 0)
        self.assertLess(self.bus.messages[0].leased_until, time.monotonic() + 1)

    def test_pulls_nothing_while_the_site_is_changed_as_a_whole(self) -> None:
        marker = self.door.state / "migrating"
        marker.touch()
        self.start()
        self.publish()
        self.until(lambda: (self.door.directory / "alive-puller").exists())
        time.sleep(0.3)
        self.assertNotIn("pull", self.bus.asked)
        marker.unlink()
        self.until_empty()

    def test_leaves_a_wrong_signature_with_pubsub_until_the_secret_is_right(self) -> None:
        body = body_of(order(1))
        self.bus.publish(headers("orders/create", body, b"another-secret"), body)
        self.start()
        self.until(lambda: self.bus.messages[0].attempts > 1)
        report = self.report()
        self.assertEqual((report["waiting"], report["bus"]["refused"]), (0, 1))
        self.assertEqual(report["bus"]["signatures"]["wrong"], 1)
        (self.door.directory / "secrets/shopify-api-secret").write_bytes(b"another-secret")
        self.until_empty()
        self.assertEqual(self.connector.books.orders, {"1": ["Sales Order"]})
        self.assertEqual(self.report()["bus"]["refused"], 0)

    def test_takes_one_without_a_signature_because_google_says_who_may_publish_and_says_so(self) -> None:
        body = body_of(order(1))
        sent = headers("orders/create", body)
        del sent["X-Shopify-Hmac-Sha256"]
        self.bus.publish(sent, body)
        self.start()
        self.until_empty()
        self.assertEqual(self.report()["bus"]["signatures"], {"verified": 0, "absent": 1, "wrong": 0})

    def test_takes_nothing_of_another_shop_and_nothing_that_is_no_delivery(self) -> None:
        body = body_of(order(1))
        for change in ({"X-Shopify-Shop-Domain": "other.myshopify.com"}, {"X-Shopify-Topic": "shop/update"}):
            self.bus.publish({**headers("orders/create", body, PREVIOUS), **change}, body)
        self.bus.publish({}, b"something else")
        self.start()
        self.until_empty()
        report = self.report()
        self.assertEqual((report["waiting"], self.connector.books.orders), (0, {}))
        self.assertEqual((report["bus"]["foreign"], report["bus"]["unreadable"]), (2, 1))

    def test_a_seek_brings_what_a_lost_disk_had_and_loses_nothing_from_before(self) -> None:
        self.publish(number=1, age=2 * DAY)
        self.start()
        self.until_empty()
        # Its disk and its database are lost.
        self.door.redis.ask("DEL seen deliveries delivered waiting")
        self.connector.restore(type(self.connector.books)())
        body = body_of(order(2))
        self.bus.publish(headers("orders/create", body, b"another-secret"), body, age=3 * DAY)
        self.until(lambda: self.report()["bus"]["refused"] == 1)
        since = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - DAY))
        self.assertTrue(json.loads(self.door.admin("replay", "--since", since))["sought"])
        self.until(lambda: "1" in self.connector.books.orders)
        (self.door.directory / "secrets/shopify-api-secret").write_bytes(b"another-secret")
        self.until(lambda: "2" in self.connector.books.orders)

    def test_says_in_googles_words_why_it_cannot_pull_and_goes_on(self) -> None:
        self.bus.troubles += [(403, "User not authorized to perform this action."), (503, "Try again.")]
        self.start()
        self.until(lambda: "User not authorized" in self.door.puller.log)
        self.publish()
        self.until_empty()
        self.assertIsNone(self.report()["bus"]["trouble"])


class Shape(PullerTestCase):
    def test_says_nothing_of_pubsub_where_shopify_never_delivered_to_it(self) -> None:
        self.assertNotIn("bus", self.report())
        self.assertEqual(json.loads(self.door.admin("replay", "--since", "2026-01-01")), {"replayed": 0})


if __name__ == "__main__":
    unittest.main()
