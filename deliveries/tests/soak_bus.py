"""A day's deliveries that came while the server was gone, from Pub/Sub in any order, while everything is killed that takes them.

    python -m deliveries.tests.soak_bus --orders 2000 --deliveries 10000 --seed 12

Prints one JSON document: deliveries, left, lost, doubled, invalid, seconds.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from .bus import Bus
from .soak import Soak

DAY = 24 * 3600.0
# The longest that the whole of it may take, which is when something is wrong.
LIMIT_SECONDS = 900.0


class BusSoak(Soak):
    def __init__(self, directory: Path, bus: Bus, seed: int, orders: int, deliveries: int | None) -> None:
        super().__init__(directory, seed, orders, deliveries, bus.url)
        self.bus = bus

    def run(self) -> dict[str, Any]:
        began = time.monotonic()
        sent = [event for events in self.events for event in events]
        self.dice.shuffle(sent)
        for event in sent:
            self.bus.publish(event.headers, event.body, self.dice.uniform(0, DAY))
        self.door.start()
        self.door.puller.start()
        self.door.forwarder.start()
        troubles = threading.Thread(target=self.make_trouble)
        troubles.start()
        deadline = time.monotonic() + LIMIT_SECONDS
        while self.bus.unacknowledged and time.monotonic() < deadline:
            time.sleep(0.2)
        self.is_over.set()
        troubles.join()
        left = self.wait_until_empty()
        return {
            "deliveries": len(sent),
            "left": left + self.bus.unacknowledged,
            "lost": self.lost(),
            "doubled": sum(len(made) > 1 for made in self.connector.books.orders.values()),
            "invalid": self.connector.statuses("Invalid"),
            "seconds": round(time.monotonic() - began, 1),
        }

    def make_trouble(self) -> None:
        troubles = [self.kill_puller, self.kill_puller, self.kill_forwarder, self.kill_redis, self.migrate, self.kill_worker]
        self.dice.shuffle(troubles)
        for trouble in troubles:
            self.is_over.wait(self.dice.uniform(0.2, 1.5))
            trouble()

    def kill_puller(self) -> None:
        self.door.puller.end()
        # What it had in hand comes again when its time with it is over.
        with self.bus.lock:
            for message in self.bus.messages:
                message.leased_until = 0.0
        self.door.puller.start()


def soak_bus(orders: int, deliveries: int | None, seed: int) -> dict[str, Any]:
    bus = Bus(ack_seconds=30.0, dice=random.Random(seed))
    with tempfile.TemporaryDirectory() as scratch:
        one = BusSoak(Path(scratch) / "door", bus, seed, orders, deliveries)
        try:
            return one.run()
        finally:
            one.close()
            bus.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="deliveries.tests.soak_bus")
    parser.add_argument("--orders", type=int, default=2000)
    parser.add_argument("--deliveries", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=12)
    given = parser.parse_args()
    print(json.dumps(soak_bus(given.orders, given.deliveries, given.seed)))
