"""Orders of a shop through the whole door, while everything is killed and ERPNext is taken away, migrated and restored.

    python -m deliveries.tests.soak --orders 2000 --deliveries 10000 --seed 12

Prints one JSON document: deliveries, lost, doubled, invalid, races, seconds. The same seed makes the same orders, deliveries and troubles; what they meet is
the machine's.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..topics import CREATE, TOPICS
from .connector import Connector
from .processes import PREVIOUS, SECRET, Door
from .shopify import body_of, headers, order, send

# The forwarder's seconds: a minute's pause is over after 0.6 s.
PACE = 0.01
# Shopify's patience is four hours; here it ends when something is wrong with the door.
DELIVER_SECONDS = 60.0
# Seconds in which not one delivery comes to its end, after which what is left counts as lost.
STANDSTILL = 120.0
AT_ONCE = 4


NAMES = [f"Jane{number}" for number in range(200)]


@dataclass(frozen=True)
class Sent:
    topic: str
    order: int
    headers: dict[str, str]
    body: bytes


def events_of(number: int, dice: random.Random, now: float) -> list[Sent]:
    """What happens to one order, in Shopify's own time; mostly delivered in that order, some the other way round, some twice."""
    topics = [CREATE]
    if dice.random() < 0.85:
        topics.append("orders/paid")
    if dice.random() < 0.7:
        topics += ["orders/partially_fulfilled", "orders/fulfilled"] if dice.random() < 0.2 else ["orders/fulfilled"]
    if dice.random() < 0.1:
        topics.append("orders/cancelled")
    events = []
    # Some come again, and many share a name.
    name = dice.choice(NAMES)
    customer = {"id": dice.choice([number, *range(1, 30)]), "email": f"{name}@example.com".lower(), "first_name": name}
    for place, topic in enumerate(topics):
        state = {"cancelled_at": "2026-11-30T20:00:00Z"} if topic == "orders/cancelled" else {}
        body = body_of(order(number, customer=customer, **state))
        secret = PREVIOUS if dice.random() < 0.3 else SECRET
        events.append(Sent(topic, number, headers(topic, body, secret, now + place * 0.001), body))
    if dice.random() < 0.15:
        dice.shuffle(events)
    if dice.random() < 0.02:
        # The create never came: Shopify gave up on it.
        events = [event for event in events if event.topic != CREATE] or events
    return [event for event in events for _ in range(2 if dice.random() < 0.25 else 1)]


class Soak:
    def __init__(self, directory: Path, seed: int, orders: int, deliveries: int | None, bus: str = "") -> None:
        self.dice = random.Random(seed)
        self.connector = Connector(workers=AT_ONCE)
        receivers = 0 if bus else 2
        self.door = Door(directory, self.connector.address, PACE, receivers=receivers, at_once=AT_ONCE, bus=bus)
        now = time.time()
        self.events = [events_of(5_000_000 + number, self.dice, now + number * 0.01) for number in range(orders)]
        while deliveries is not None and sum(map(len, self.events)) < deliveries:
            again = self.dice.choice(self.events)
            again.append(self.dice.choice(again))
        for sent in self.events:
            if self.dice.random() < 0.03:
                self.connector.errors[str(sent[0].order)] = self.dice.randint(1, 3)
        self.is_over = threading.Event()

    def run(self) -> dict[str, Any]:
        began = time.monotonic()
        self.door.start()
        self.door.forwarder.start()
        troubles = threading.Thread(target=self.make_trouble)
        troubles.start()
        with ThreadPoolExecutor(8) as shopify:
            accepted = list(shopify.map(self.deliver_all, self.events))
        self.is_over.set()
        troubles.join()
        left = self.wait_until_empty()
        return {
            "deliveries": sum(map(len, self.events)),
            "accepted": sum(accepted),
            "left": left,
            "lost": self.lost(),
            "doubled": sum(len(made) > 1 for made in self.connector.books.orders.values()),
            "invalid": self.connector.statuses("Invalid"),
            "races": self.connector.races,
            "seconds": round(time.monotonic() - began, 1),
        }

    def deliver_all(self, events: list[Sent]) -> int:
        return sum(self.deliver(event) for event in events)

    def deliver(self, event: Sent) -> bool:
        deadline = time.monotonic() + DELIVER_SECONDS
        while time.monotonic() < deadline:
            for port in self.door.ports:
                try:
                    if send(port, event.headers, event.body) == 200:
                        return True
                except OSError:
                    continue
            time.sleep(0.05)
        return False

    def make_trouble(self) -> None:
        troubles: list[Callable[[], None]] = [
            self.kill_receiver,
            self.kill_receiver,
            self.kill_forwarder,
            self.kill_forwarder,
            self.kill_redis,
            self.tear_redis,
            self.take_away,
            self.migrate,
            self.restore,
            self.kill_worker,
            self.kill_worker,
        ]
        while True:
            self.dice.shuffle(troubles)
            for trouble in troubles:
                trouble()
                time.sleep(self.dice.uniform(0.05, 0.3))
            # Each of them at least once.
            if self.is_over.is_set():
                return

    def kill_receiver(self) -> None:
        receiver = self.dice.choice(self.door.receivers)
        receiver.end()
        receiver.start()

    def kill_forwarder(self) -> None:
        self.door.forwarder.end()
        self.door.forwarder.start()

    def kill_redis(self) -> None:
        self.door.redis.end()
        time.sleep(self.dice.uniform(0, 0.3))
        self.door.redis.start()

    def tear_redis(self) -> None:
        """As a loss of power leaves the file: something at its end that was never acknowledged."""
        self.door.redis.end()
        with self.door.redis.newest_file.open("ab") as file:
            file.write(self.dice.choice([bytes(4096), b"*3\r\n$3\r\nSET\r\n$5\r\nto", bytes(32)]))
        self.door.redis.start()

    def take_away(self) -> None:
        self.connector.mode = self.dice.choice(["down", "maintenance", "lost-before", "lost-after"])
        time.sleep(self.dice.uniform(0.05, 0.4))
        self.connector.mode = "up"

    def kill_worker(self) -> None:
        self.connector.kill_next_job = True

    def migrate(self) -> None:
        with_marker = self.door.state / "migrating"
        with_marker.touch()
        self.connector.mode = "maintenance"
        time.sleep(self.dice.uniform(0.1, 0.5))
        self.connector.mode = "up"
        with_marker.unlink()

    def restore(self) -> None:
        """Back to a backup of some moments ago, as restore.sh does it: what was delivered since is delivered again."""
        since, books = time.time() - 1, self.connector.backup()
        time.sleep(self.dice.uniform(0.1, 0.5))
        marker = self.door.state / "restoring"
        marker.touch()
        self.connector.mode = "maintenance"
        # What was begun before the site went down ends before its database is replaced (end_connections).
        self.connector.settle()
        self.connector.restore(books)
        self.door.admin("replay", "--since", time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(since)))
        self.connector.mode = "up"
        marker.unlink()

    def wait_until_empty(self) -> int:
        before, left, moved = -1, 1, time.monotonic()
        while left and time.monotonic() - moved < STANDSTILL:
            time.sleep(0.3)
            report = json.loads(self.door.admin("report", "--counts"))
            left = report["waiting"] + report["parked"]
            if left != before:
                before, moved = left, time.monotonic()
        return left + report["failed"]

    def lost(self) -> int:
        """Events without an effect."""
        books = self.connector.books
        happened = {(str(event.order), event.topic) for events in self.events for event in events}
        return sum(
            not (books.orders.get(number) if topic == CREATE else books.effects.get((number, TOPICS[topic].method)))
            for number, topic in happened
        )

    def close(self) -> None:
        self.connector.close()
        self.door.close()


def soak(orders: int, deliveries: int | None, seed: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as scratch:
        one = Soak(Path(scratch) / "door", seed, orders, deliveries)
        try:
            return one.run()
        finally:
            one.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="deliveries.tests.soak")
    parser.add_argument("--orders", type=int, default=2000)
    parser.add_argument("--deliveries", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=12)
    given = parser.parse_args()
    print(json.dumps(soak(given.orders, given.deliveries, given.seed)))
    sys.stdout.flush()
