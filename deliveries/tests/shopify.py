"""Deliveries as Shopify makes them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from typing import Any

from .processes import SECRET, SHOP

HOOK = "/api/method/ecommerce_integrations.shopify.connection.store_request_data"


def order(number: int, **changes: Any) -> dict[str, Any]:
    """A whole order, of some kB."""
    lines = [{"id": number * 10 + n, "title": "A thing " * 4, "quantity": n + 1, "price": "10.00"} for n in range(12)]
    whole = {"id": number, "name": f"#{number}", "financial_status": "paid", "cancelled_at": None, "line_items": lines}
    return {**whole, **changes}


def sign(body: bytes, secret: bytes = SECRET) -> str:
    return base64.b64encode(hmac.new(secret, body, hashlib.sha256).digest()).decode()


def headers(topic: str, body: bytes, secret: bytes = SECRET, triggered: float | None = None) -> dict[str, str]:
    moment = datetime.now(timezone.utc) if triggered is None else datetime.fromtimestamp(triggered, timezone.utc)
    return {
        "Content-Type": "application/json",
        "X-Shopify-Topic": topic,
        "X-Shopify-Hmac-Sha256": sign(body, secret),
        "X-Shopify-Shop-Domain": SHOP,
        "X-Shopify-Webhook-Id": str(uuid.uuid4()),
        "X-Shopify-Triggered-At": moment.strftime("%Y-%m-%dT%H:%M:%S.%f000Z"),
    }


def body_of(payload: Mapping[str, Any]) -> bytes:
    return json.dumps(payload).encode()


def send(port: int, sent: Mapping[str, str], body: bytes | Iterable[bytes]) -> int:
    """The answer's status; OSError where there is none. In pieces, the body goes without its length."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("POST", HOOK, body, dict(sent), encode_chunked="Transfer-Encoding" in sent)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    except http.client.HTTPException as error:
        raise OSError(str(error)) from error
    finally:
        connection.close()
