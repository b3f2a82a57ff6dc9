"""What is known of Pub/Sub, beside the deliveries that came from it.

    bus                  hash: when it was pulled last (pulled), brought something (brought) and had nothing left (drained); why it is not pulled
                         (trouble); how many messages had a signature (verified), had none (absent), a wrong one (wrong), were of another
                         shop (foreign) or no delivery (unreadable)
    bus:unacknowledged   hash: webhook ids of what is kept and not acknowledged, and their ids in the stream
    bus:refused          hash: ids of messages that are neither kept nor acknowledged, and when they were published
    bus:seek             the time from which on an operator wants everything again (seconds)
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from redis.asyncio import Redis

UNACKNOWLEDGED = "bus:unacknowledged"
_REFUSED = "bus:refused"
_SEEK = "bus:seek"

# What was published this long before an empty pull is taken to have been seen: Pub/Sub may answer an empty pull although it has something,
# and a message comes again after ten minutes at the latest.
MARGIN = 900.0


class BusStore:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def note(self, **values: str | float) -> None:
        await self._redis.hset("bus", mapping={key: str(value) for key, value in values.items()})

    async def count(self, verdict: str) -> None:
        await self._redis.hincrby("bus", verdict, 1)

    async def ended(self, entry_ids: Sequence[str]) -> list[str]:
        """Those of these deliveries that wait no more: they were delivered, or have failed for good."""
        if not entry_ids:
            return []
        async with self._redis.pipeline(transaction=False) as asked:
            for entry_id in entry_ids:
                asked.zscore("waiting", entry_id)
            scores = await asked.execute()
        return [entry_id for entry_id, score in zip(entry_ids, scores) if score is None]

    async def acknowledged(self, webhook_ids: Collection[str]) -> None:
        if webhook_ids:
            await self._redis.hdel(UNACKNOWLEDGED, *webhook_ids)

    async def refuse(self, message_id: str, published: float) -> bool:
        """Whether it is the first time."""
        return await self._redis.hset(_REFUSED, message_id, published) == 1

    async def forget_refused(self, message_ids: Collection[str | bytes]) -> None:
        if message_ids:
            await self._redis.hdel(_REFUSED, *message_ids)

    async def is_full(self, share: float) -> bool:
        memory = await self._redis.info("memory")
        return 0 < memory["maxmemory"] * share < memory["used_memory"]

    async def want_seek(self, since: float) -> None:
        await self._redis.set(_SEEK, since)

    async def wanted_seek(self) -> float | None:
        since = await self._redis.get(_SEEK)
        return None if since is None else float(since)

    async def end_seek(self, since: float) -> None:
        """Unless an operator wants another one meanwhile."""
        if await self.wanted_seek() == since:
            await self._redis.delete(_SEEK)

    async def forget_expired(self, before: float) -> None:
        """What was refused and published before then, Pub/Sub does not have any more."""
        refused = await self._redis.hgetall(_REFUSED)
        await self.forget_refused([message_id for message_id, when in refused.items() if float(when) < before])

    async def safe_seek(self, since: float) -> float:
        """That time, or an earlier one: seeking acknowledges all that was published before, so nothing from before may be left that is not kept."""
        drained = float(await self._redis.hget("bus", "drained") or MARGIN)
        refused = [float(when) for when in await self._redis.hvals(_REFUSED)]
        return max(0.0, min([since, drained - MARGIN, *(when - 1 for when in refused)]))

    async def report(self) -> dict[str, Any] | None:
        """None where Shopify never delivered to Pub/Sub."""
        known = {key.decode(): value.decode() for key, value in (await self._redis.hgetall("bus")).items()}
        if not known:
            return None
        moments = {name: float(known[name]) if name in known else None for name in ("pulled", "brought", "drained")}
        counts = {name: int(known.get(name, 0)) for name in ("verified", "absent", "wrong", "foreign", "unreadable")}
        return {
            **moments,
            "trouble": known.get("trouble") or None,
            "signatures": {name: counts[name] for name in ("verified", "absent", "wrong")},
            "foreign": counts["foreign"],
            "unreadable": counts["unreadable"],
            "unacknowledged": await self._redis.hlen(UNACKNOWLEDGED),
            "refused": await self._redis.hlen(_REFUSED),
        }
