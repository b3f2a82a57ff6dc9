"""Puts this app's functions in place of the connector's.

The package ecommerce_integrations.shopify imports it (patch `books-app`), so that no process, be it a worker, a request
or the console, runs the connector without them.

On a site that has the connector and not this app, the connector's own functions run; only a Delivery Note names its order on every site.
"""

from __future__ import annotations

import functools

import frappe
from ecommerce_integrations.ecommerce_integrations.doctype.ecommerce_item import ecommerce_item
from ecommerce_integrations.shopify import constants, fulfillment, invoice, order, product

TOPICS = {
    "refunds/create": "shopify_books.jobs.sync_refund",
    "orders/edited": "shopify_books.jobs.sync_edited_order",
}


def _installed() -> bool:
    return "shopify_books" in frappe.get_installed_apps()


def _replace(owner, name: str, choose) -> None:
    """`choose(original)` returns what runs on sites with this app; the original stays for all others."""
    original = getattr(owner, name)

    @functools.wraps(original)
    def either(*args, **kwargs):
        return (choose(original) if _installed() else original)(*args, **kwargs)

    setattr(owner, name, either)


def _job(name: str):
    def choose(original):
        from shopify_books import jobs

        return getattr(jobs, name)

    return choose


def _made_fitted(original):
    from shopify_books.items import make_fitted

    return functools.partial(make_fitted, original)


def _variant_alone(original):
    from shopify_books.items import create_variant

    return functools.partial(create_variant, original)


def _exact_is_synced(original):
    def is_synced(integration, integration_item_code, variant_id=None, sku=None):
        # Without the SKU it is exact already.
        return original(
            integration, integration_item_code, variant_id, None if integration == constants.MODULE_NAME else sku
        )

    return is_synced


def _exact_item(original):
    def get_erpnext_item(integration, *args, **kwargs):
        from shopify_books import items

        own = items.get_erpnext_item if integration == constants.MODULE_NAME else original
        return own(integration, *args, **kwargs)

    return get_erpnext_item


def _link_once(original):
    def match(item_dict, *args, **kwargs):
        # The merchant's own item of this SKU stands for one variant, not for every one that carries the SKU.
        linked = {"integration": constants.MODULE_NAME, "erpnext_item_code": item_dict.get("sku")}
        return False if frappe.db.exists("Ecommerce Item", linked) else original(item_dict, *args, **kwargs)

    return match


def _naming_its_order(original):
    """A pulled history lacks `order_id` in fulfilments, which the note takes it from: pyactiveresource makes a part of their address of it
    (ShopifyAPI, Fulfillment._prefix_source). A note without it is found by no cancellation, and its order counts as never shipped."""

    @functools.wraps(original)
    def create_delivery_note(shopify_order, *args, **kwargs):
        fulfillments = [
            {**one, "order_id": one.get("order_id") or shopify_order.get("id")}
            for one in shopify_order.get("fulfillments") or []
        ]
        return original({**shopify_order, "fulfillments": fulfillments}, *args, **kwargs)

    return create_delivery_note


constants.EVENT_MAPPER.update(TOPICS)
fulfillment.create_delivery_note = _naming_its_order(fulfillment.create_delivery_note)
_replace(order, "sync_sales_order", _job("sync_sales_order"))
_replace(order, "cancel_order", _job("cancel_order"))
_replace(invoice, "prepare_sales_invoice", _job("prepare_sales_invoice"))
_replace(fulfillment, "prepare_delivery_note", _job("prepare_delivery_note"))
_replace(ecommerce_item, "is_synced", _exact_is_synced)
_replace(ecommerce_item, "get_erpnext_item", _exact_item)
_replace(product, "_match_sku_and_link_item", _link_once)
_replace(product.ShopifyProduct, "_make_item", _made_fitted)
_replace(product.ShopifyProduct, "_create_item", _variant_alone)
