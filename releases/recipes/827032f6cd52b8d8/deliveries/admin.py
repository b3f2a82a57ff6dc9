"""What an operator asks of the deliveries; prints one JSON document. Neither names nor addresses of people are in it.

    report [--counts]                                what waits and what failed
    replay (--failed | --order ID | --since TIME)    forwards again; --since takes delivered ones too
    capture SECONDS                                  the verdict on the next delivery's signature
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import time
from collections.abc import Iterable, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from redis.exceptions import RedisError

from .bus_store import BusStore
from .capture import Captures
from .forwarder import Pauses
from .schedule import Delivery, by_order, parked
from .store import Store, connect

REDIS_SECONDS = 10.0
# Most deliveries that a report names.
MOST_ITEMS = 200
# Seconds in which the puller hears of a seek.
SEEK_SECONDS = 20
BUS_MOMENTS = {"pulledAt": "pulled", "broughtAt": "brought", "drainedAt": "drained"}


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z")


async def bus_report(bus: BusStore) -> dict[str, Any]:
    """What is known of Pub/Sub; nothing where Shopify never delivered to it."""
    known = await bus.report()
    if known is None:
        return {}
    moments = {name: _time(known.pop(key)) if known[key] is not None else known.pop(key) for name, key in BUS_MOMENTS.items()}
    return {"bus": {**moments, **known}}


def _oldest(deliveries: Iterable[Delivery]) -> int | None:
    """Seconds since the oldest of them came; None where there is none."""
    received = min((delivery.received for delivery in deliveries), default=None)
    return None if received is None else max(0, round(time.time() - received))


async def counts(store: Store, state: Path) -> dict[str, Any]:
    waiting = await store.waiting()
    held_up = parked(by_order(waiting))
    return {
        "waiting": len(waiting) - len(held_up),
        "oldestWaitingSeconds": _oldest(delivery for delivery in waiting if delivery.id not in held_up),
        "parked": len(held_up),
        "oldestParkedSeconds": _oldest(delivery for delivery in waiting if delivery.id in held_up),
        "failed": await store.counts("failed"),
        "forgedLastDay": await store.last_day("forged"),
        "acceptedLastDay": await store.last_day("accepted"),
        "paused": Pauses(state).reason(),
    }


async def _item(store: Store, delivery: Delivery, state: str) -> dict[str, Any]:
    notes = await store.notes(delivery.id)
    return {
        "id": delivery.id,
        "webhookId": delivery.webhook_id,
        "topic": delivery.topic,
        "order": delivery.order,
        "state": state,
        "triggeredAt": _time(delivery.triggered),
        "receivedAt": _time(delivery.received),
        "attempts": int(notes.get("attempts", 0)),
        "words": notes.get("words"),
    }


async def report(store: Store, state: Path) -> dict[str, Any]:
    waiting = await store.waiting()
    held_up = parked(by_order(waiting))
    states = [(delivery, "parked" if delivery.id in held_up else "waiting") for delivery in waiting]
    states += [(delivery, "failed") for delivery in await store.failed(MOST_ITEMS)]
    states.sort(key=lambda pair: pair[0].arrival)
    items = [await _item(store, *pair) for pair in states[:MOST_ITEMS]]
    return {**await counts(store, state), "items": items}


async def replay(store: Store, bus: BusStore, arguments: argparse.Namespace) -> dict[str, Any]:
    if arguments.order is not None:
        return {"replayed": await store.replay_order(arguments.order)}
    if arguments.failed:
        return {"replayed": await store.replay("failed", 0)}
    since = arguments.since
    replayed = await store.replay("delivered", since) + await store.replay("failed", since)
    return {"replayed": replayed, **await _seek(bus, since)}


async def _seek(bus: BusStore, since: float) -> dict[str, bool]:
    """Pub/Sub gives again what this server lost; what it has, it knows by the webhook ids. "sought" is false while the puller has not done it:
    it does so as soon as it runs."""
    if await bus.report() is None:
        return {}
    await bus.want_seek(since)
    for _ in range(SEEK_SECONDS * 4):
        if await bus.wanted_seek() is None:
            return {"sought": True}
        await asyncio.sleep(0.25)
    return {"sought": False}


def _moment(text: str) -> float:
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return (moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).timestamp()


def _arguments(given: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="deliveries.admin")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("report").add_argument("--counts", action="store_true")
    again = commands.add_parser("replay").add_mutually_exclusive_group(required=True)
    again.add_argument("--failed", action="store_true")
    again.add_argument("--order")
    again.add_argument("--since", type=_moment, help="RFC 3339, UTC where it does not say")
    commands.add_parser("capture").add_argument("seconds", type=int)
    return parser.parse_args(given)


async def run(arguments: argparse.Namespace) -> dict[str, Any]:
    redis = connect(os.environ, REDIS_SECONDS)
    store, bus, state = Store(redis), BusStore(redis), Path(os.environ.get("STATE", "/state"))
    if arguments.command == "capture":
        return await Captures(redis).next(arguments.seconds)
    if arguments.command == "replay":
        return await replay(store, bus, arguments)
    return {**await (counts if arguments.counts else report)(store, state), **await bus_report(bus)}


if __name__ == "__main__":
    try:
        print(json.dumps(asyncio.run(run(_arguments(sys.argv[1:])))))
    except (RedisError, OSError) as error:
        sys.exit(f"The deliveries cannot be read: {error}. Look at docker compose logs redis-deliveries.")
