"""Takes Shopify's deliveries from Google Cloud Pub/Sub: keeps them as the receiver does, and acknowledges what has come to its end in ERPNext.

    SUBSCRIPTION         projects/<project>/subscriptions/<name>
    PUBSUB_URL           https://pubsub.googleapis.com
    ACCESS_TOKEN         a file with Google's access token, which the server renews (host/bus-token.sh)
    REDIS_DELIVERIES     redis://<host>:<port>
    SHOP_DOMAIN          the one shop whose deliveries are taken
    MAX_DELIVERY_BYTES   largest body
    SECRETS              directory with redis-deliveries-password, shopify-api-secret and, during a rotation, shopify-api-secret-previous
    STATE                directory whose files tell what the server does with the whole site (host/stack.sh)
    ALIVE                a file that is touched each time that it looks around
    PACE                 length of this program's seconds, for tests: 1

Pub/Sub gives a backlog in any order. All of it is pulled before any of it is kept, in Shopify's own order, so that what cancels an order does not overtake what
makes it. Until a delivery has come to its end its message stays unacknowledged, and the time in which Pub/Sub would give it again is put
off. Killed at any time, this program gets it again, and finds that it is kept.

Who may publish is Google's to say, and it is Shopify for every shop of the world: a message of another shop is dropped. A signature is proven
where there is one, over the message's bytes. A wrong one is left with Pub/Sub, which gives it again: the secret may be the one that is wrong.
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from redis.exceptions import RedisError, ResponseError

from .bus_store import UNACKNOWLEDGED, BusStore
from .capture import Captures
from .forwarder import Pauses
from .pubsub import BusAway, BusRefused, Message, Subscription
from .receiver import SIGNATURE, Secrets, moment, read_delivery, signer_of
from .store import DAY, Arrived, Store, connect
from .words import say

REDIS_SECONDS = 10.0
# Pulls in a row without a message, and the seconds between them, after which a backlog counts as seen: one may bring nothing although there is more.
EMPTY_PULLS = 3
MORE = 1.0
# What was published longer ago than this is a backlog (seconds).
LIVE = 30.0
# Seconds in which no other client gets a message, and after which that is put off again.
HELD = 90
EXTEND = 25.0
# Seconds between two looks at what has come to its end.
SETTLE = 1.0
# Seconds to the next try: after no answer, and after an answer that is no other a moment later.
AWAY = 5.0
REFUSED = 30.0
# Messages on their way at once, and bytes of those that are pulled and not kept yet: the container has 512 MB.
MOST_HELD = 50_000
MOST_BYTES = 64 * 1024 * 1024
# Share of Redis' memory from which nothing is pulled: the rest is the receiver's.
FULL = 0.8
# Pub/Sub keeps a message for so long (seconds).
RETENTION = 31 * DAY

# Why a message is no delivery that is kept.
FOREIGN, WRONG, UNREADABLE = "foreign", "wrong", "unreadable"
WORDS = {
    FOREIGN: "it is of another shop",
    WRONG: "its signature is not of the app's secret; Pub/Sub gives it again",
    UNREADABLE: "it is no delivery of the connector's topics",
}

T = TypeVar("T")


@dataclass
class Kept:
    """A delivery that is kept and not acknowledged."""

    webhook_id: str
    # Shopify may publish one delivery twice, and Pub/Sub gives each message again and again.
    ack_ids: list[str]


class Puller:
    def __init__(
        self,
        subscription: Subscription,
        stores: tuple[Store, BusStore],
        secrets: Secrets,
        captures: Captures,
        pauses: Pauses,
        limits: tuple[str, int],
        alive: Path | None,
        pace: float = 1.0,
    ) -> None:
        self._subscription = subscription
        self._store, self._bus = stores
        self._secrets = secrets
        self._captures = captures
        self._pauses = pauses
        self._shop_domain, self._most_bytes = limits[0].lower(), limits[1]
        self._alive = alive
        self._pace = pace
        # By their ids in the stream.
        self._kept: dict[str, Kept] = {}
        # Pulled and not kept yet.
        self._in_hand: list[Message] = []
        self._said = ""

    async def run(self) -> None:
        await asyncio.gather(self._forever(self._pull), self._forever(self._look_after), self._captures.watch())

    async def _forever(self, work: Callable[[], Any]) -> None:
        while True:
            try:
                await work()
            except BusRefused as refused:
                await self._trouble(str(refused))
                await self._sleep(REFUSED)
            except (BusAway, OSError, RedisError) as error:
                await self._trouble(str(error) or type(error).__name__)
                await self._sleep(AWAY)

    async def _trouble(self, words: str) -> None:
        if words != self._said:
            say(words[:300])
        self._said = words
        try:
            await self._bus.note(trouble=words[:300])
        except (RedisError, OSError):
            pass

    def release(self) -> None:
        """Gives back what has not come to its end, so that the next client need not wait for it."""
        try:
            self._subscription.extend(self._held(), 0)
        except (BusAway, BusRefused):
            pass

    def _held(self) -> list[str]:
        kept = [ack_id for kept in self._kept.values() for ack_id in kept.ack_ids]
        return kept + [message.ack_id for message in self._in_hand]

    # What comes.

    async def _pull(self) -> None:
        if await self._has_to_wait():
            await self._sleep(1.0)
            return
        try:
            await self._pull_and_take()
        except Exception:
            # It comes again by itself. Not where this program ends (CancelledError is no Exception): release() gives it back.
            self._in_hand = []
            raise
        self._in_hand = []

    async def _pull_and_take(self) -> None:
        began = time.time()
        self._in_hand = await self._ask(self._subscription.pull, True)
        if self._said:
            say("Pub/Sub answers")
            self._said = ""
        await self._bus.note(pulled=began, trouble="")
        if not self._in_hand:
            await self._bus.note(drained=began)
            return
        await self._hold(self._in_hand)
        if any(message.published < began - LIVE for message in self._in_hand):
            await self._pull_backlog()
        await self._take(self._in_hand)

    async def _has_to_wait(self) -> bool:
        if not self._secrets.all():
            await self._trouble("the app's secret is not on this server")
            return True
        if len(self._kept) >= MOST_HELD or await self._bus.is_full(FULL):
            return True
        return self._pauses.reason() is not None

    async def _pull_backlog(self) -> None:
        """All that is there, as far as there is room for it."""
        empty = 0
        while len(self._kept) + len(self._in_hand) < MOST_HELD:
            if sum(len(message.data) for message in self._in_hand) >= MOST_BYTES:
                return
            began = time.time()
            try:
                more = await self._ask(self._subscription.pull, False)
                await self._hold(more)
            except (BusAway, BusRefused) as error:
                # What is in hand is processed all the same.
                await self._trouble(str(error))
                return
            self._in_hand += more
            empty = 0 if more else empty + 1
            if empty == EMPTY_PULLS:
                await self._bus.note(drained=began)
                return
            if not more:
                await self._sleep(MORE)

    async def _hold(self, messages: Sequence[Message]) -> None:
        await self._ask(self._subscription.extend, [message.ack_id for message in messages], HELD)

    async def _take(self, messages: Sequence[Message]) -> None:
        """Keeps what are deliveries, in the order in which they happened."""
        done: list[Message] = []
        again: list[Message] = []
        for message in sorted(messages, key=_happened):
            verdict = await self._judged(message)
            if isinstance(verdict, Arrived):
                is_kept = await self._keep(message, verdict)
                if is_kept is None:
                    done.append(message)
                elif not is_kept:
                    again.append(message)
            elif verdict == WRONG:
                again.append(message)
            else:
                done.append(message)
        await self._bus.note(brought=time.time())
        await self._bus.forget_refused([message.message_id for message in done])
        await self._ask(self._subscription.acknowledge, [message.ack_id for message in done])
        await self._ask(self._subscription.extend, [message.ack_id for message in again], 0)

    async def _judged(self, message: Message) -> Arrived | str:
        """What a message is: a delivery, or why it is not one."""
        attributes, body = message.attributes, message.data
        if attributes.get("x-shopify-shop-domain", "").lower() != self._shop_domain:
            return await self._counted(FOREIGN, message)
        signature = attributes.get("x-shopify-hmac-sha256", "")
        signer = signer_of(body, signature, self._secrets.all()) if SIGNATURE.fullmatch(signature) else None
        await self._captures.offer(attributes, body, signer)
        if signature and signer is None:
            return await self._counted(WRONG, message)
        read = read_delivery(attributes, body) if len(body) <= self._most_bytes else None
        if not isinstance(read, Arrived):
            return await self._counted(UNREADABLE, message)
        return read

    async def _counted(self, verdict: str, message: Message) -> str:
        # One that is left with Pub/Sub comes again and again.
        if verdict != WRONG or await self._bus.refuse(message.message_id, message.published):
            await self._bus.count(verdict)
            topic = message.attributes.get("x-shopify-topic", "no topic")[:100]
            say(f"message {message.message_id} ({topic}) is not taken: {WORDS[verdict]}")
        return verdict

    async def _keep(self, message: Message, arrived: Arrived) -> bool | None:
        """None when it is kept and has come to its end already; False when there is no room."""
        while True:
            try:
                entry_id = await self._store.accept(arrived, UNACKNOWLEDGED)
                break
            except ResponseError as error:
                await self._trouble(f"a delivery could not be kept, Pub/Sub gives it again: {error}")
                await self._bus.refuse(message.message_id, message.published)
                return False
            except (RedisError, OSError) as error:
                await self._trouble(f"the deliveries cannot be written: {type(error).__name__} {error}")
                await self._sleep(1.0)
        if entry_id is None:
            return None
        known = self._kept.get(entry_id.decode())
        if known is None:
            has_signature = "x-shopify-hmac-sha256" in message.attributes
            await self._bus.count("verified" if has_signature else "absent")
        self._kept[entry_id.decode()] = Kept(arrived.webhook_id, [*(known.ack_ids if known else ()), message.ack_id])
        await self._bus.forget_refused([message.message_id])
        return True

    # What has come to its end.

    async def _look_after(self) -> None:
        looked = time.monotonic()
        while True:
            await self._settle()
            await self._seek()
            if time.monotonic() - looked > EXTEND * self._pace:
                looked = time.monotonic()
                await self._extend()
                await self._bus.forget_expired(time.time() - RETENTION)
            if self._alive is not None:
                self._alive.touch()
            await self._sleep(SETTLE)

    async def _settle(self) -> None:
        ended = {entry_id: self._kept[entry_id] for entry_id in await self._bus.ended(list(self._kept))}
        if not ended:
            return
        await self._ask(self._subscription.acknowledge, [ack_id for kept in ended.values() for ack_id in kept.ack_ids])
        await self._bus.acknowledged([kept.webhook_id for kept in ended.values()])
        for entry_id, kept in ended.items():
            # It may have been given again meanwhile.
            if self._kept.get(entry_id) is kept:
                del self._kept[entry_id]

    async def _extend(self) -> None:
        await self._ask(self._subscription.extend, self._held(), HELD)

    async def _seek(self) -> None:
        wanted = await self._bus.wanted_seek()
        if wanted is None:
            return
        since = await self._bus.safe_seek(wanted)
        await self._ask(self._subscription.seek, since)
        await self._bus.end_seek(wanted)
        say(f"Pub/Sub gives again what was published since {time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(since))}")

    async def _ask(self, function: Callable[..., T], *arguments: Any) -> T:
        return await asyncio.to_thread(function, *arguments)

    async def _sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds * self._pace)


def _happened(message: Message) -> float:
    return moment(message.attributes.get("x-shopify-triggered-at", ""), message.published)


async def run(environment: Mapping[str, str]) -> None:
    redis = connect(environment, REDIS_SECONDS)
    url = environment.get("PUBSUB_URL") or "https://pubsub.googleapis.com"
    token = Path(environment.get("ACCESS_TOKEN", "/run/secrets/access-token"))
    subscription = Subscription(url, environment["SUBSCRIPTION"], token)
    puller = Puller(
        subscription,
        (Store(redis), BusStore(redis)),
        Secrets(Path(environment.get("SECRETS", "/run/secrets"))),
        Captures(redis),
        Pauses(Path(environment.get("STATE", "/state"))),
        (environment["SHOP_DOMAIN"], int(environment["MAX_DELIVERY_BYTES"])),
        Path(environment["ALIVE"]) if "ALIVE" in environment else None,
        float(environment.get("PACE", "1")),
    )
    working = asyncio.create_task(puller.run())
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, working.cancel)
    say(f"pulling {environment['SUBSCRIPTION']}")
    try:
        await working
    except asyncio.CancelledError:
        # A pull that waits is a thread, which would be waited for.
        subscription.close()
        puller.release()


if __name__ == "__main__":
    asyncio.run(run(os.environ))
