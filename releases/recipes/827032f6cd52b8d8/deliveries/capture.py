"""The verdict on the next delivery's signature, for an operator who waits for it (`stack hmac --capture`): never its content."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

# Seconds between two looks at whether someone waits.
LOOK_SECONDS = 0.5
# Characters of a header that are told.
MOST = 64
# What the project sends by itself (scripts/lib/hmac/self-test.ts) is no delivery of Shopify's.
SELF_TEST = "erpnext-stack/self-test"

KEPT = ("x-shopify-topic", "x-shopify-webhook-id", "x-shopify-shop-domain", "x-shopify-api-version", "x-shopify-triggered-at")


def verdict(headers: Mapping[str, str], body: bytes, signer: str | None) -> dict[str, Any]:
    return {
        "captured": True,
        "matches": signer is not None,
        "secret": signer,
        "bytes": len(body),
        "fingerprint": hashlib.sha256(body).hexdigest()[:16],
        "encoding": headers.get("content-encoding"),
        "headers": {name: headers[name][:MOST] for name in KEPT if name in headers},
    }


class Captures:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        # As it was a moment ago.
        self._is_wanted = False

    async def watch(self) -> None:
        """The receiver's look, so that no delivery has to ask for itself."""
        while True:
            try:
                self._is_wanted = bool(await self._redis.exists("capture"))
            except (RedisError, OSError):
                self._is_wanted = False
            await asyncio.sleep(LOOK_SECONDS)

    async def offer(self, headers: Mapping[str, str], body: bytes, signer: str | None) -> None:
        """A delivery, if someone waits for one. The first counts, whichever receiver it came to."""
        if not self._is_wanted or headers.get("x-shopify-topic") == SELF_TEST:
            return
        self._is_wanted = False
        try:
            if await self._redis.delete("capture"):
                await self._redis.rpush("captured", json.dumps(verdict(headers, body, signer)))
                await self._redis.expire("captured", 60)
        except (RedisError, OSError):
            pass

    async def next(self, seconds: int) -> dict[str, Any]:
        """The operator's side: waits that long."""
        await self._redis.delete("captured")
        await self._redis.set("capture", "wanted", ex=seconds + 1)
        try:
            for _ in range(seconds * 4):
                if raw := await self._redis.lpop("captured"):
                    return json.loads(raw)
                await asyncio.sleep(0.25)
            return {"captured": False}
        finally:
            await self._redis.delete("capture")
