"""Hands what the receiver keeps on to ERPNext: some orders at once, each one's events in their turn, until the connector's own log says what became of it.

    REDIS_DELIVERIES   redis://<host>:<port>
    FRONTEND           <host>:<port> of ERPNext's web server
    SITE_NAME          the site's name, which Frappe finds it by
    SECRETS            directory with automation-api-key, automation-api-secret and redis-deliveries-password
    STATE              directory whose files tell what the server does with the whole site (host/stack.sh)
    ALIVE              a file that is touched each time that it looks around
    ORDERS_AT_ONCE     orders on their way at once, and one where it is not set
    PACE               length of this program's seconds, for tests: 1

What it has begun is noted before it is done. Killed at any time, it looks in the connector's log first for what it had posted, so a delivery comes
to ERPNext at least once, and twice only where the first had no effect.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from redis.exceptions import RedisError

from .conflicts import Variants
from .schedule import Delivery, by_order, place, runnable
from .site import Refused, Row, Site, SiteAway
from .store import Store, connect
from .topics import CREATE, TOPICS, Topic
from .words import masked, say

# What the files in STATE mean: the site is being changed as a whole.
PAUSES = {
    "restoring": "restore",
    "going-back": "migration",
    "migrating": "migration",
    "creating": "setup",
    "installing": "setup",
}

# Pauses after an error (seconds): a minute, each twice as long as the one before, with a fifth of chance, six hours at most. Twenty tries take three days.
FIRST_PAUSE = 60.0
LONGEST_PAUSE = 6 * 3600.0
TRIES = 20

REDIS_SECONDS = 10.0
# Seconds between two looks at a log row: first and longest.
LOOK = 0.05
LONGEST_LOOK = 1.0
# Seconds after which a row that is still Queued is asked for its job, and again and again.
JOB_SECONDS = 10.0
# Seconds that a request may still be on its way inside of ERPNext after this program lost sight of it.
GRACE = 5.0
# Seconds between two looks at a site that is away, or is paused.
AWAY = 1.0
LONGEST_AWAY = 15.0
# Times that a delivery may be lost on its way to the site before it counts as its own error.
MOST_LOSSES = 3
TRIM_SECONDS = 60.0

# What our app's words begin with where there is nothing to book (image/shopify_books, settle.py).
NOTHING_TO_BOOK = "Nothing to book"

T = TypeVar("T")


@dataclass(frozen=True)
class Again:
    """It ended in an error, and is tried again."""

    words: str
    # What is known of it on its way stays known: it may have come to its end unseen.
    is_lost: bool = False


class NothingToBook(Exception):
    """Our app books nothing of the order, such as a test order: neither now nor at a later try."""


class Pauses:
    """What the steps of the server do with the whole site."""

    def __init__(self, state: Path) -> None:
        self._state = state

    def reason(self) -> str | None:
        return next((reason for name, reason in PAUSES.items() if (self._state / name).exists()), None)


class Forwarder:
    def __init__(self, store: Store, site: Site, pauses: Pauses, environment: Mapping[str, str]) -> None:
        self._store = store
        self._site = site
        self._pauses = pauses
        self._alive = Path(environment["ALIVE"]) if "ALIVE" in environment else None
        self._at_once = int(environment.get("ORDERS_AT_ONCE") or 1)
        self._pace = float(environment.get("PACE", "1"))
        self._made = Variants()
        self._orders: dict[str, list[Delivery]] = {}
        self._running: dict[str, Delivery] = {}
        # asyncio itself holds no task that is not awaited.
        self._tasks: set[asyncio.Task[None]] = set()
        self._known: set[str] = set()
        self._last = "0"
        self._replays = -1
        self._away = 0.0
        self._wake = asyncio.Event()

    async def run(self) -> None:
        trimmed = 0.0
        while True:
            try:
                await self._look()
                self._begin()
                if self._alive is not None:
                    self._alive.touch()
                if time.monotonic() - trimmed > TRIM_SECONDS * self._pace:
                    trimmed = time.monotonic()
                    await self._store.trim()
            except (RedisError, OSError) as error:
                say(f"the deliveries cannot be read: {type(error).__name__} {error}"[:300])
                await self._sleep(AWAY)

    async def _look(self) -> None:
        """Sees all that waits: all of it at first and after a replay, and then what comes."""
        replays = await self._store.replays()
        if replays != self._replays:
            self._last = await self._store.last_id()
            self._orders = by_order(await self._store.waiting())
            self._known = {delivery.id for waiting in self._orders.values() for delivery in waiting}
            self._replays = replays
        is_idle = not self._running and not self._orders
        wait = 1.0 if is_idle else 0.0
        if not is_idle and not self._choice():
            await self._until_woken()
        for delivery in await self._store.after(self._last, wait):
            self._last = delivery.id
            if delivery.id not in self._known:
                self._known.add(delivery.id)
                waiting = self._orders.setdefault(delivery.order, [])
                waiting.append(delivery)
                waiting.sort(key=place)

    async def _until_woken(self) -> None:
        try:
            await asyncio.wait_for(self._wake.wait(), 0.5 * self._pace)
        except asyncio.TimeoutError:
            pass
        self._wake.clear()

    def _choice(self) -> list[Delivery]:
        if self._pauses.reason() is not None:
            return []
        return runnable(self._orders, self._running.values(), self._made, time.time(), self._at_once)

    def _begin(self) -> None:
        for delivery in self._choice():
            self._running[delivery.order] = delivery
            task = asyncio.create_task(self._forward(delivery))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _forward(self, delivery: Delivery) -> None:
        try:
            outcome = await self._tried(delivery)
            if outcome is None:
                await self._store.end(delivery, "delivered")
                self._made.add(delivery.variants)
                self._drop(delivery)
            else:
                await self._put_off(delivery, outcome)
            self._away = 0.0
        except SiteAway as away:
            await self._wait_for_site(delivery, away)
        except (RedisError, OSError) as error:
            say(f"a delivery's state cannot be written: {type(error).__name__} {error}"[:300])
            await self._sleep(AWAY)
        finally:
            del self._running[delivery.order]
            self._orders.get(delivery.order, []).sort(key=place)
            self._wake.set()

    async def _wait_for_site(self, delivery: Delivery, away: SiteAway) -> None:
        self._away = min(max(AWAY, self._away * 2), LONGEST_AWAY)
        say(f"ERPNext is away: {away}"[:300])
        await self._sleep(self._away)
        # One delivery that brings the site down each time is no reason for the others to wait.
        delivery.losses += away.sent
        if delivery.losses >= MOST_LOSSES and await self._ask(self._site.is_up):
            delivery.losses = 0
            await self._put_off(delivery, Again(str(away), is_lost=True))

    def _drop(self, delivery: Delivery) -> None:
        self._known.discard(delivery.id)
        left = [other for other in self._orders.get(delivery.order, []) if other.id != delivery.id]
        if left:
            self._orders[delivery.order] = left
        else:
            self._orders.pop(delivery.order, None)

    async def _put_off(self, delivery: Delivery, outcome: Again) -> None:
        delivery.attempts += 1
        delivery.is_begun = delivery.is_begun and outcome.is_lost
        words = masked(outcome.words)
        say(f"{delivery.topic} of order {delivery.order} failed, try {delivery.attempts} of {TRIES}: {words}")
        if delivery.attempts >= TRIES:
            await self._store.end(delivery, "failed", words)
            self._drop(delivery)
            return
        pause = min(FIRST_PAUSE * 2 ** (delivery.attempts - 1), LONGEST_PAUSE) * random.uniform(0.9, 1.1)
        delivery.not_before = time.time() + pause * self._pace
        await self._store.park(delivery, words, outcome.is_lost)

    async def _tried(self, delivery: Delivery) -> Again | None:
        try:
            return await self._deliver(delivery)
        except NothingToBook:
            return None
        except Refused as refused:
            return Again(str(refused))
        except (KeyError, IndexError, TypeError, ValueError) as error:
            # An answer in a form that this program does not know must not hold up the other orders.
            return Again(f"ERPNext's answer is not understood: {error!r}")

    async def _deliver(self, delivery: Delivery) -> Again | None:
        topic = TOPICS[delivery.topic]
        notes = await self._store.notes(delivery.id)
        # What was on its way when this program ended, or the site went away, is looked after first.
        row = await self._begun(delivery, delivery.topic, notes)
        if row is None:
            again = await self._make_order(delivery, topic, notes)
            if again is not None or (topic.makes_order and await self._has_order(delivery)):
                return again
        return await self._event(delivery, delivery.topic, row)

    async def _make_order(self, delivery: Delivery, topic: Topic, notes: Mapping[str, str]) -> Again | None:
        """The order that an event is about, made of the same payload where ERPNext has none yet."""
        if topic.makes_order:
            return None
        row = await self._begun(delivery, CREATE, notes)
        if row is None and await self._has_order(delivery):
            return None
        if not topic.holds_order:
            return Again("ERPNext does not have the order yet")
        again = await self._event(delivery, CREATE, row)
        if again is not None:
            return again
        await self._store.forget(delivery.id, "posted", "row", "step")
        # The connector ends in Success where no line of an order has a product that is left.
        return None if await self._has_order(delivery) else Again("the connector made no Sales Order of it")

    async def _has_order(self, delivery: Delivery) -> bool:
        return await self._ask(self._site.has_order, delivery.order)

    async def _begun(self, delivery: Delivery, step: str, notes: Mapping[str, str]) -> Row | None:
        """The log row of what was posted before; None where that had no effect, or a restore took it back, perhaps with its order."""
        if notes.get("step") != step or "posted" not in notes:
            return None
        return await self._find(delivery, step, float(notes["posted"]), notes.get("row"))

    async def _event(self, delivery: Delivery, step: str, row: Row | None) -> Again | None:
        """One event to its end in the connector's log; posted twice at most, since what was posted may have had no effect."""
        for _ in range(2):
            if row is None:
                row = await self._find(delivery, step, await self._post(delivery, step), None)
        if row is None:
            return Again("the connector took it and wrote no row in its log")
        return await self._outcome(delivery, step, await self._followed(row))

    async def _post(self, delivery: Delivery, step: str) -> float:
        body = await self._store.body(delivery.id)
        posted = time.time()
        await self._store.note(delivery.id, step=step, posted=posted)
        await self._store.forget(delivery.id, "row")
        delivery.is_begun = True
        try:
            await self._ask(self._site.post, step, body)
        except SiteAway as away:
            if not away.sent:
                await self._store.forget(delivery.id, "step", "posted")
                delivery.is_begun = False
            raise
        return posted

    async def _find(self, delivery: Delivery, step: str, posted: float, row: str | None) -> Row | None:
        """The log row of what was posted: of this event and order, since then, and of no other delivery."""
        if row is not None:
            return await self._ask(self._site.row, row)
        while True:
            rows = await self._ask(self._site.rows_since, step, delivery.order, posted)
            taken = await self._store.claimed(found.name for found in rows)
            own = next((found for found in rows if found.name not in taken), None)
            if own is not None:
                await self._store.claim(delivery.id, own.name)
                return own
            if time.time() - posted > GRACE * self._pace:
                return None
            await self._sleep(LOOK * 4)

    async def _followed(self, row: Row) -> Row | None:
        """The row once the job is done; None when the job died."""
        pause, asked = LOOK, time.monotonic()
        while row.status == "Queued":
            await self._sleep(pause)
            pause = min(pause * 1.5, LONGEST_LOOK)
            has_died = False
            if time.monotonic() - asked > JOB_SECONDS * self._pace:
                asked = time.monotonic()
                has_died = not await self._ask(self._site.has_job, row.name)
            # Asked after the job: it may have ended in between.
            found = await self._ask(self._site.row, row.name)
            if found is None:
                return None
            if has_died and found.status == "Queued":
                await self._ask(self._site.bury, row.name)
                return None
            row = found
        return row

    async def _outcome(self, delivery: Delivery, step: str, row: Row | None) -> Again | None:
        if row is None:
            return Again("the connector's job ended without a word")
        if row.status == "Error":
            return Again(row.message)
        if row.status == "Invalid" and row.message.startswith(NOTHING_TO_BOOK):
            raise NothingToBook
        # Invalid is what the connector says of an order that it has, and of an event whose order it has not.
        if row.status == "Invalid" and not await self._has_order(delivery):
            return Again(row.message)
        return None

    async def _ask(self, function: Callable[..., T], *arguments: Any) -> T:
        return await asyncio.to_thread(function, *arguments)

    async def _sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds * self._pace)


def site_of(environment: Mapping[str, str]) -> Site:
    secrets = Path(environment.get("SECRETS", "/run/secrets"))
    key, secret = ((secrets / f"automation-api-{part}").read_text() for part in ("key", "secret"))
    return Site(environment.get("FRONTEND", "frontend:8080"), environment["SITE_NAME"], key, secret)


async def run(environment: Mapping[str, str]) -> None:
    redis = connect(environment, REDIS_SECONDS)
    pauses = Pauses(Path(environment.get("STATE", "/state")))
    forwarder = Forwarder(Store(redis), site_of(environment), pauses, environment)
    working = asyncio.create_task(forwarder.run())
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, working.cancel)
    say("forwarding")
    try:
        await working
    except asyncio.CancelledError:
        pass


if __name__ == "__main__":
    asyncio.run(run(os.environ))
