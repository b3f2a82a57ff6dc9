"""Takes Shopify's deliveries at any time: proves the signature, keeps the delivery on disk, and only then answers 200.

    LISTEN               <host>:<port>, 0.0.0.0:8090
    REDIS_DELIVERIES     redis://<host>:<port>
    SHOP_DOMAIN          the one shop whose deliveries are taken
    MAX_DELIVERY_BYTES   largest body
    SECRETS              directory with redis-deliveries-password, shopify-api-secret and, during a rotation, shopify-api-secret-previous

200 kept, or seen before; 401 not signed by Shopify for this shop; 413 too large; 400 signed and not a delivery; 503 it cannot be kept now. Nothing
of a body is checked before its signature is proven. What is refused is counted and leaves no other trace.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import os
import re
import signal
import time
from collections.abc import Mapping
from datetime import datetime, timezone
from http import HTTPStatus
from pathlib import Path
from typing import Any

from redis.exceptions import RedisError, ResponseError

from .capture import Captures
from .http_server import Answer, Body, HttpServer, Request
from .store import Arrived, Store, connect
from .topics import TOPICS, order_of
from .words import say

# Seconds for keeping a delivery, tries included: a Redis that is just restarted is waited for. The door waits four, Shopify five.
KEEP_SECONDS = 3.0
TRY_AGAIN_SECONDS = 0.1
# Seconds in which Redis answers one command.
REDIS_SECONDS = 2.0
# Seconds between two looks at the secrets, and between two writings of the number of forged deliveries.
LOOK_SECONDS = 1.0
COUNT_SECONDS = 5.0
# Seconds that those who are being answered have left when the program is told to end.
FINISH_SECONDS = 5.0

# 32 bytes in base64.
SIGNATURE = re.compile(r"[A-Za-z0-9+/]{43}=")
# Shopify's ids are UUIDs.
WEBHOOK_ID = re.compile(r"[A-Za-z0-9._:-]{1,100}")
# RFC 3339; Shopify writes nanoseconds, which Python does not read.
MOMENT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)")

TAKEN = Answer(HTTPStatus.OK)
FORGED = Answer(HTTPStatus.UNAUTHORIZED)
UNREADABLE = Answer(HTTPStatus.BAD_REQUEST)
LATER = Answer(HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": "5"})


class Secrets:
    """The current secret and the one before it. Shopify signs with the oldest that is not revoked, and up to an hour longer."""

    FILES = {"current": "shopify-api-secret", "previous": "shopify-api-secret-previous"}

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._secrets: dict[str, bytes] = {}
        self._looked = 0.0

    def all(self) -> Mapping[str, bytes]:
        """"current" and, where there is one, "previous". The files are replaced when an update brings others."""
        if time.monotonic() - self._looked >= LOOK_SECONDS:
            self._looked = time.monotonic()
            read = {name: self._read(file) for name, file in self.FILES.items()}
            self._secrets = {name: secret for name, secret in read.items() if secret}
        return self._secrets

    def _read(self, file: str) -> bytes:
        try:
            return (self._directory / file).read_bytes()
        except OSError:
            return b""


def signer_of(body: bytes, signature: str, secrets: Mapping[str, bytes]) -> str | None:
    """Which of the secrets a body is signed with."""
    found = None
    for name, secret in secrets.items():
        right = base64.b64encode(hmac.new(secret, body, hashlib.sha256).digest())
        if hmac.compare_digest(right, signature.encode("latin-1")):
            found = found or name
    return found


def moment(text: str, otherwise: float) -> float:
    """Seconds since 1970 of an RFC 3339 time."""
    match = MOMENT.fullmatch(text)
    if match is None:
        return otherwise
    try:
        whole = datetime.fromisoformat(match[1] + match[3].replace("Z", "+00:00"))
    except ValueError:
        return otherwise
    return whole.astimezone(timezone.utc).timestamp() + float(match[2] or 0)


def read_delivery(headers: Mapping[str, str], body: bytes) -> Arrived | Answer:
    """What a signed delivery is; or how it is refused."""
    topic = headers.get("x-shopify-topic", "")
    # Without an id, the same delivery is the same content.
    webhook_id = headers.get("x-shopify-webhook-id") or hashlib.sha256(topic.encode() + body).hexdigest()
    if topic not in TOPICS or not WEBHOOK_ID.fullmatch(webhook_id):
        return UNREADABLE
    try:
        payload: Any = json.loads(body)
    except ValueError:
        return UNREADABLE
    order = order_of(topic, payload)
    if order is None:
        return UNREADABLE
    if not TOPICS[topic].fits(payload):
        return FORGED
    triggered = moment(headers.get("x-shopify-triggered-at", ""), time.time())
    return Arrived(webhook_id, topic, order, triggered, body)


class Receiver:
    def __init__(self, store: Store, secrets: Secrets, captures: Captures, shop_domain: str) -> None:
        self._store = store
        self._secrets = secrets
        self._captures = captures
        self._shop_domain = shop_domain.lower()
        self._forged = 0

    async def answer(self, request: Request, read_body: Body) -> Answer:
        if request.path == "/health":
            return TAKEN
        headers = request.headers
        signature = headers.get("x-shopify-hmac-sha256", "")
        if not SIGNATURE.fullmatch(signature) or headers.get("x-shopify-shop-domain", "").lower() != self._shop_domain:
            return self._refuse()
        body = await read_body()
        secrets = self._secrets.all()
        if not secrets:
            return LATER
        signer = signer_of(body, signature, secrets)
        await self._captures.offer(headers, body, signer)
        if signer is None:
            return self._refuse()
        read = read_delivery(headers, body)
        if isinstance(read, Answer):
            return self._refuse() if read is FORGED else read
        return await self._keep(read)

    def _refuse(self) -> Answer:
        self._forged += 1
        return FORGED

    async def _keep(self, arrived: Arrived) -> Answer:
        deadline = time.monotonic() + KEEP_SECONDS
        while True:
            try:
                await asyncio.wait_for(self._store.accept(arrived), max(0.1, deadline - time.monotonic()))
                return TAKEN
            except (RedisError, OSError, asyncio.TimeoutError) as error:
                # A Redis that answers that it is full or cannot write says the same a moment later.
                if isinstance(error, ResponseError) or time.monotonic() + TRY_AGAIN_SECONDS > deadline:
                    say(f"a delivery could not be kept, Shopify repeats it: {type(error).__name__} {error}"[:300])
                    return LATER
                await asyncio.sleep(TRY_AGAIN_SECONDS)

    async def count(self) -> None:
        """Writes the number of forged deliveries now and then: one that is refused costs the disk nothing."""
        while True:
            await asyncio.sleep(COUNT_SECONDS)
            await self.write_count()

    async def write_count(self) -> None:
        number, self._forged = self._forged, 0
        if number == 0:
            return
        try:
            await self._store.count_forged(number)
        except (RedisError, OSError):
            self._forged += number


async def run(environment: Mapping[str, str]) -> None:
    host, _, port = environment.get("LISTEN", "0.0.0.0:8090").rpartition(":")
    redis = connect(environment, REDIS_SECONDS)
    captures = Captures(redis)
    secrets = Secrets(Path(environment.get("SECRETS", "/run/secrets")))
    receiver = Receiver(Store(redis), secrets, captures, environment["SHOP_DOMAIN"])
    server = HttpServer(receiver.answer, int(environment["MAX_DELIVERY_BYTES"]))
    listening = await server.start(host, int(port))
    ending = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ending.set)
    beside = [asyncio.create_task(receiver.count()), asyncio.create_task(captures.watch())]
    say(f"listening on {host}:{port}")
    await ending.wait()
    listening.close()
    await server.finish(FINISH_SECONDS)
    for task in beside:
        task.cancel()
    await receiver.write_count()


if __name__ == "__main__":
    asyncio.run(run(os.environ))
