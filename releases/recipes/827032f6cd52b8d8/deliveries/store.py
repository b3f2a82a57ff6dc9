"""Where deliveries are kept: one Redis of their own, on disk before anything is answered.

    deliveries            stream: each delivery as it came; it is never changed
    seen                  sorted set: webhook ids by the time they came (seconds)
    waiting               sorted set: ids in the stream by the time from which they may be forwarded
    delivered, failed     sorted sets: ids by the time that this became of them
    delivery:<id>         hash: what is known of a delivery on its way (posted, row, step) or that had an error (attempts, words …)
    rows                  sorted set: rows of the connector's log that belong to a delivery, by the time they were found
    accepted, forged      hashes: how many in an hour, by the hour since 1970
    replays               counter: rises when an operator has deliveries forwarded again
    capture, captured     whether someone waits for the verdict on the next delivery's signature, and the verdict
    bus, bus:…            what is known of Pub/Sub, where Shopify delivers to it (bus_store.py)
"""

from __future__ import annotations

import json
import time
import zlib
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from redis.asyncio import Redis

from .conflicts import people_of, variants_of
from .schedule import Delivery
from .topics import TOPICS

HOUR = 3600
DAY = 24 * HOUR

# How long webhook ids, delivered and failed ones are kept (seconds). Shopify repeats a delivery for four hours.
KEPT = 30 * DAY
# Most webhook ids that are kept (60 MB). Beyond it the oldest go.
KEPT_IDS = 500_000
# Share of Redis' memory from which the oldest delivered ones are given up. What waits or failed stays.
TRIM_ABOVE = 0.6
# Deliveries that are read or trimmed at once.
BATCH = 200
# What is smaller than this is kept as it is (bytes).
COMPRESSED_FROM = 1024

# KEYS seen, deliveries, waiting, accepted, for a message also bus:unacknowledged; ARGV seconds, webhook id, hour, fields of the entry. One script, so
# that a delivery is kept and its id remembered, or neither.
_ACCEPT = """
if redis.call('ZADD', KEYS[1], 'NX', ARGV[1], ARGV[2]) == 0 then
  return KEYS[5] and redis.call('HGET', KEYS[5], ARGV[2])
end
local id = redis.call('XADD', KEYS[2], '*', unpack(ARGV, 4))
redis.call('ZADD', KEYS[3], ARGV[1], id)
redis.call('HINCRBY', KEYS[4], ARGV[3], 1)
if KEYS[5] then redis.call('HSET', KEYS[5], ARGV[2], id) end
return id
"""


@dataclass(frozen=True)
class Arrived:
    """What the receiver has found a delivery to be."""

    webhook_id: str
    topic: str
    order: str
    # Seconds since 1970.
    triggered: float
    body: bytes


def connect(environment: Mapping[str, str], timeout: float) -> Redis:
    """A client of REDIS_DELIVERIES, with the password in SECRETS, whose every command ends within `timeout` seconds."""
    url = environment.get("REDIS_DELIVERIES", "redis://redis-deliveries:6379")
    password = Path(environment.get("SECRETS", "/run/secrets"), "redis-deliveries-password").read_text()
    return Redis.from_url(
        url, password=password, socket_timeout=timeout, socket_connect_timeout=timeout, max_connections=256
    )


def _packed(body: bytes) -> tuple[bytes, bytes]:
    return (b"zlib", zlib.compress(body, 1)) if len(body) >= COMPRESSED_FROM else (b"", body)


class Store:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._accept = redis.register_script(_ACCEPT)

    async def accept(self, arrived: Arrived, unacknowledged: str | None = None) -> bytes | None:
        """Keeps a delivery. Its id in the stream; None when one with its webhook id is kept already. Where the key of a hash is named, the delivery
        is noted there until someone takes it out, and its id is told again."""
        now = time.time()
        packing, body = _packed(arrived.body)
        fields = {
            "webhook-id": arrived.webhook_id,
            "topic": arrived.topic,
            "order": arrived.order,
            "triggered": repr(arrived.triggered),
            "received": repr(now),
            "packing": packing,
            "body": body,
        }
        flat = [part for pair in fields.items() for part in pair]
        keys = ["seen", "deliveries", "waiting", "accepted", *([] if unacknowledged is None else [unacknowledged])]
        arguments = [repr(now), arrived.webhook_id, int(now // HOUR), *flat]
        return await self._accept(keys=keys, args=arguments)

    async def count_forged(self, number: int) -> None:
        await self._redis.hincrby("forged", str(int(time.time() // HOUR)), number)

    # The forwarder's.

    async def last_id(self) -> str:
        """The stream's newest id; those that come later are `after` it."""
        if not await self._redis.exists("deliveries"):
            return "0"
        return (await self._redis.xinfo_stream("deliveries"))["last-generated-id"].decode()

    async def after(self, last: str, wait: float) -> list[Delivery]:
        """Deliveries that came after one, waiting that many seconds for the first."""
        found = await self._redis.xread({"deliveries": last}, count=BATCH, block=max(1, int(wait * 1000)))
        return [_delivery(entry_id, fields) for _, entries in found for entry_id, fields in entries]

    async def replays(self) -> int:
        return int(await self._redis.get("replays") or 0)

    async def waiting(self) -> list[Delivery]:
        ids = await self._redis.zrange("waiting", 0, -1, withscores=True)
        found: list[Delivery] = []
        for start in range(0, len(ids), BATCH):
            found += await self._read(dict(ids[start : start + BATCH]))
        return found

    async def _read(self, due: Mapping[bytes, float]) -> list[Delivery]:
        async with self._redis.pipeline(transaction=False) as asked:
            for entry_id in due:
                asked.xrange("deliveries", entry_id, entry_id)
                asked.hmget(f"delivery:{entry_id.decode()}", "attempts", "posted")
            answers = await asked.execute()
        found = []
        for not_before, entries, (attempts, posted) in zip(due.values(), answers[::2], answers[1::2]):
            for entry_id, fields in entries:
                delivery = _delivery(entry_id, fields, int(attempts or 0), not_before)
                delivery.is_begun = posted is not None
                found.append(delivery)
        return found

    async def body(self, entry_id: str) -> bytes:
        [(_, fields)] = await self._redis.xrange("deliveries", entry_id, entry_id)
        return _body(fields)

    async def notes(self, entry_id: str) -> dict[str, str]:
        """What is known of a delivery on its way."""
        noted = await self._redis.hgetall(f"delivery:{entry_id}")
        return {key.decode(): value.decode() for key, value in noted.items()}

    async def note(self, entry_id: str, **values: str | float) -> None:
        await self._redis.hset(f"delivery:{entry_id}", mapping={key: str(value) for key, value in values.items()})

    async def forget(self, entry_id: str, *keys: str) -> None:
        await self._redis.hdel(f"delivery:{entry_id}", *keys)

    async def claimed(self, rows: Iterable[str]) -> set[str]:
        """Those of these log rows that belong to a delivery."""
        rows = list(rows)
        scores = [await self._redis.zscore("rows", row) for row in rows]
        return {row for row, score in zip(rows, scores) if score is not None}

    async def claim(self, entry_id: str, row: str) -> None:
        async with self._redis.pipeline() as changes:
            changes.zadd("rows", {row: time.time()})
            changes.hset(f"delivery:{entry_id}", "row", row)
            await changes.execute()

    async def park(self, delivery: Delivery, words: str, is_lost: bool) -> None:
        """An error: it waits until `not_before`, and begins again unless it was lost."""
        key = f"delivery:{delivery.id}"
        async with self._redis.pipeline() as changes:
            changes.zadd("waiting", {delivery.id: delivery.not_before}, xx=True)
            changes.hset(key, mapping={"attempts": delivery.attempts, "words": words})
            if not is_lost:
                changes.hdel(key, "posted", "row", "step")
            await changes.execute()

    async def end(self, delivery: Delivery, state: str, words: str = "") -> None:
        """It is "delivered" or "failed"."""
        key = f"delivery:{delivery.id}"
        async with self._redis.pipeline() as changes:
            changes.zrem("waiting", delivery.id)
            changes.zadd(state, {delivery.id: time.time()})
            if state == "failed":
                changes.hset(key, mapping={"attempts": delivery.attempts, "words": words})
                changes.hdel(key, "posted", "row", "step")
            else:
                changes.delete(key)
            await changes.execute()

    async def trim(self) -> int:
        """Gives up what is too old, and the oldest delivered ones while Redis is too full. Returns how many deliveries went."""
        now = time.time()
        oldest_hour = int(now // HOUR) - DAY // HOUR - 1
        for hours in ("accepted", "forged"):
            old = [hour for hour in await self._redis.hkeys(hours) if int(hour) < oldest_hour]
            if old:
                await self._redis.hdel(hours, *old)
        await self._redis.zremrangebyscore("seen", "-inf", now - KEPT)
        await self._redis.zremrangebyrank("seen", 0, -KEPT_IDS - 1)
        await self._redis.zremrangebyscore("rows", "-inf", now - DAY)
        gone = 0
        for state in ("delivered", "failed"):
            while old := await self._redis.zrangebyscore(state, "-inf", now - KEPT, start=0, num=BATCH):
                gone += await self._give_up(state, old)
        while await self._is_full() and (old := await self._redis.zrange("delivered", 0, BATCH - 1)):
            gone += await self._give_up("delivered", old)
        return gone

    async def _give_up(self, state: str, ids: list[bytes]) -> int:
        async with self._redis.pipeline() as changes:
            changes.zrem(state, *ids)
            changes.xdel("deliveries", *ids)
            changes.delete(*(f"delivery:{entry_id.decode()}" for entry_id in ids))
            await changes.execute()
        return len(ids)

    async def _is_full(self) -> bool:
        memory = await self._redis.info("memory")
        return 0 < memory["maxmemory"] * TRIM_ABOVE < memory["used_memory"]

    # The operator's.

    async def counts(self, state: str) -> int:
        return await self._redis.zcard(state)

    async def last_day(self, hours: str) -> int:
        first = int(time.time() // HOUR) - DAY // HOUR
        return sum(int(number) for hour, number in (await self._redis.hgetall(hours)).items() if int(hour) > first)

    async def failed(self, most: int) -> list[Delivery]:
        return await self._read(dict(await self._redis.zrange("failed", 0, most - 1, withscores=True)))

    async def replay(self, state: str, since: float) -> int:
        """Forwards again what has been "delivered" or has "failed" since then."""
        return await self._again(state, await self._redis.zrangebyscore(state, since, "+inf"))

    async def replay_order(self, order: str) -> int:
        """Forwards again all that is kept of an order."""
        ids = [entry_id async for entry_id, fields in self._entries() if fields[b"order"] == order.encode()]
        there = {
            state: [entry_id for entry_id in ids if await self._redis.zscore(state, entry_id) is not None]
            for state in ("delivered", "failed", "waiting")
        }
        return sum([await self._again(state, found) for state, found in there.items()])

    async def _entries(self) -> AsyncIterator[tuple[bytes, dict[bytes, bytes]]]:
        start = "-"
        while entries := await self._redis.xrange("deliveries", start, count=BATCH):
            for entry in entries:
                yield entry
            start = f"({entries[-1][0].decode()}"

    async def _again(self, state: str, ids: list[bytes]) -> int:
        now = time.time()
        for start in range(0, len(ids), BATCH):
            async with self._redis.pipeline() as changes:
                for entry_id in ids[start : start + BATCH]:
                    if state != "waiting":
                        changes.zrem(state, entry_id)
                    changes.zadd("waiting", {entry_id: now})
                    changes.delete(f"delivery:{entry_id.decode()}")
                changes.incr("replays")
                await changes.execute()
        return len(ids)


def _body(fields: Mapping[bytes, Any]) -> bytes:
    return zlib.decompress(fields[b"body"]) if fields[b"packing"] == b"zlib" else fields[b"body"]


def _delivery(entry_id: bytes, fields: Mapping[bytes, Any], attempts: int = 0, not_before: float = 0.0) -> Delivery:
    topic = fields[b"topic"].decode()
    # The receiver has read it as JSON before it was kept.
    order = json.loads(_body(fields)) if TOPICS[topic].holds_order else None
    return Delivery(
        id=entry_id.decode(),
        webhook_id=fields[b"webhook-id"].decode(),
        topic=topic,
        order=fields[b"order"].decode(),
        triggered=float(fields[b"triggered"]),
        received=float(fields[b"received"]),
        attempts=attempts,
        not_before=not_before,
        people=people_of(order),
        variants=variants_of(order),
    )
