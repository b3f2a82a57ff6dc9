"""The connector's topics: the one table that receiver and forwarder go by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

CREATE = "orders/create"

# Frappe's dotted path; the events are EVENT_MAPPER of frappe/ecommerce_integrations, shopify/constants.py.
_SHOPIFY = "ecommerce_integrations.shopify"

Payload = Mapping[str, Any]


def _always(_payload: Payload) -> bool:
    return True


@dataclass(frozen=True)
class Topic:
    """One event of the connector."""

    # The function that the connector runs, which is the field `method` of the event's row in Ecommerce Integration Log.
    method: str
    # Where the payload has the order's id; a dot leads into an object.
    order_key: str = "id"
    # Whether the event makes the order. Every other one needs it.
    makes_order: bool = False
    # Whether the payload is the whole order, so that the order can be made of it.
    holds_order: bool = True
    # Whether a payload can be one of this topic. The signature does not cover the topic, so a captured delivery could be sent again under
    # another one. Only what no real delivery can be is refused.
    fits: Callable[[Payload], bool] = _always


def _paid(payload: Payload) -> bool:
    """Shopify says "paid", or what became of it since; a test notification says "voided"."""
    return payload.get("financial_status") not in ("pending", "authorized")


def _cancelled(payload: Payload) -> bool:
    return payload.get("cancelled_at") is not None


TOPICS: Mapping[str, Topic] = {
    CREATE: Topic(f"{_SHOPIFY}.order.sync_sales_order", makes_order=True),
    "orders/paid": Topic(f"{_SHOPIFY}.invoice.prepare_sales_invoice", fits=_paid),
    "orders/fulfilled": Topic(f"{_SHOPIFY}.fulfillment.prepare_delivery_note"),
    "orders/partially_fulfilled": Topic(f"{_SHOPIFY}.fulfillment.prepare_delivery_note"),
    "orders/cancelled": Topic(f"{_SHOPIFY}.order.cancel_order", fits=_cancelled),
    # Of our own app (image/shopify_books), subscribed only where the image holds it. Neither payload is an order.
    "refunds/create": Topic("shopify_books.jobs.sync_refund", order_key="order_id", holds_order=False),
    "orders/edited": Topic(
        "shopify_books.jobs.sync_edited_order", order_key="order_edit.order_id", holds_order=False
    ),
}


def order_of(topic: str, payload: Any) -> str | None:
    """The id of the order that a delivery is about; None where there is none."""
    found = payload
    for key in TOPICS[topic].order_key.split("."):
        found = found.get(key) if isinstance(found, dict) else None
    return str(found) if isinstance(found, (int, str)) and not isinstance(found, bool) and found != "" else None
