"""What is read from Shopify beyond a delivery's own payload. Nothing is ever written to it."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.error import URLError

import frappe
from ecommerce_integrations.shopify.connection import temp_shopify_session
from pyactiveresource.connection import ClientError, Error, ServerError

_ATTEMPTS = 4
_SECONDS = 20


def product(product_id: str) -> dict[str, Any] | None:
    """None where Shopify has it no longer."""
    from shopify.resources import Product

    return _find(lambda: Product.find(product_id).to_dict())


def order(order_id: str) -> dict[str, Any] | None:
    """The order as it is now; None where Shopify has it no longer, or the token may not see it."""
    from shopify.resources import Order

    return _find(lambda: Order.find(order_id).to_dict())


def transactions(payload: Mapping[str, Any], note: Callable[[str], None]) -> list[dict[str, Any]] | None:
    """The order's payments; None where they cannot be seen. A payload that carries them is not asked again.

    No order waits for Shopify to answer: `note` is told why the payload has to do.
    """
    from shopify.resources import Transaction

    if isinstance(payload.get("transactions"), list):
        return payload["transactions"]
    try:
        return _find(
            lambda: [one.to_dict() for one in Transaction.find(order_id=payload["id"], in_shop_currency="true")]
        )
    except Exception as error:
        note(f"Shopify did not show the order's transactions ({error!r}): paid and dated as the order says.")
        return None


def _find(read: Callable[[], Any]) -> Any:
    """Reads in the connector's session. Busy and broken are tried again, 404 and 403 are None, the rest is raised."""
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            return _in_session(read)
        except ClientError as error:
            if error.code in (403, 404, 410):
                return None
            if error.code != 429 or attempt == _ATTEMPTS:
                raise
        except (ServerError, URLError, TimeoutError, ConnectionError) as error:
            if attempt == _ATTEMPTS:
                raise
            frappe.logger("shopify_books").info(f"Shopify: {error}; attempt {attempt} of {_ATTEMPTS}")
        except Error as error:
            # pyactiveresource wraps what its HTTP client says, time-outs among them.
            if getattr(error, "code", None) or attempt == _ATTEMPTS:
                raise
        time.sleep(2 ** (attempt - 1) * random.uniform(0.5, 1))
    return None


@temp_shopify_session
def _in_session(read: Callable[[], Any]) -> Any:
    from shopify.base import ShopifyResource

    ShopifyResource.set_timeout(_SECONDS)
    return read()
