"""Our functions in place of the connector's, where the site has our app, and only there."""

from __future__ import annotations

import types
import unittest

from tests.fakes import load, module

CONNECTOR = "ecommerce_integrations.shopify"
LOOKUPS = "ecommerce_integrations.ecommerce_integrations.doctype.ecommerce_item"


def original(name: str):
    def function(*args: object, **kwargs: object) -> tuple:
        return (name, args, kwargs)

    return function


class Replacements(unittest.TestCase):
    def setUp(self) -> None:
        self.apps: list[str] = ["frappe", "erpnext", "ecommerce_integrations", "shopify_books"]
        self.linked = False
        self.product = type("ShopifyProduct", (), {"_make_item": original("make"), "_create_item": original("create")})
        jobs = ("sync_sales_order", "cancel_order", "prepare_sales_invoice", "prepare_delivery_note")
        self.events = {"orders/create": f"{CONNECTOR}.order.sync_sales_order"}
        self.order = module(f"{CONNECTOR}.order", **{name: original(name) for name in jobs[:2]})
        self.item = module(
            f"{LOOKUPS}.ecommerce_item", is_synced=original("is_synced"), get_erpnext_item=original("get_item")
        )
        self.products = module(
            f"{CONNECTOR}.product", ShopifyProduct=self.product, _match_sku_and_link_item=original("match")
        )
        self.fulfillment = module(
            f"{CONNECTOR}.fulfillment", prepare_delivery_note=original("note"), create_delivery_note=original("make note")
        )
        database = types.SimpleNamespace(exists=lambda *_: self.linked)
        load(
            self,
            "shopify_books.connector",
            module("frappe", get_installed_apps=lambda: self.apps, db=database),
            module(f"{CONNECTOR}.constants", EVENT_MAPPER=self.events, MODULE_NAME="shopify"),
            module(f"{CONNECTOR}.invoice", prepare_sales_invoice=original("invoice")),
            self.fulfillment,
            self.order,
            self.products,
            self.item,
            module("shopify_books.jobs", **{name: lambda *_, name=name: f"our {name}" for name in jobs}),
            module(
                "shopify_books.items",
                get_erpnext_item=lambda *_: "our item",
                make_fitted=lambda *given: given[0]("fitted"),
                create_variant=lambda *given: given[0]("alone"),
            ),
        )

    def test_site_with_the_app(self) -> None:
        self.assertEqual(self.order.sync_sales_order({}), "our sync_sales_order")
        self.assertEqual(self.item.get_erpnext_item("shopify", "1"), "our item")
        self.assertEqual(self.product()._make_item({}), ("make", ("fitted",), {}))

    def test_note_of_a_pulled_history_names_its_order_also_without_the_app(self) -> None:
        self.apps.remove("shopify_books")
        pulled = {"id": 7, "fulfillments": [{"id": 1}, {"id": 2, "order_id": 6}]}
        _, (order, *others), _ = self.fulfillment.create_delivery_note(pulled, "setting", "so")
        self.assertEqual([one["order_id"] for one in order["fulfillments"]], [7, 6])
        self.assertEqual((others, pulled["fulfillments"][0]), (["setting", "so"], {"id": 1}))
        self.assertEqual(self.fulfillment.create_delivery_note({"id": 8}, "setting", "so")[1][0]["fulfillments"], [])

    def test_site_without_the_app(self) -> None:
        self.apps.remove("shopify_books")
        self.assertEqual(self.order.sync_sales_order({}), ("sync_sales_order", ({},), {}))
        self.assertEqual(self.item.get_erpnext_item("shopify", "1"), ("get_item", ("shopify", "1"), {}))

    def test_other_integrations_keep_their_look_ups(self) -> None:
        self.assertEqual(self.item.get_erpnext_item("amazon", "1", sku="A")[0], "get_item")
        self.assertEqual(self.item.is_synced("amazon", "1", None, "A")[1][-1], "A")

    def test_sku_makes_no_product_known(self) -> None:
        self.assertEqual(self.item.is_synced("shopify", "1", "2", "A")[1], ("shopify", "1", "2", None))

    def test_item_of_a_sku_stands_for_one_variant(self) -> None:
        self.assertEqual(self.products._match_sku_and_link_item({"sku": "A"}, 1, 2)[0], "match")
        self.linked = True
        self.assertFalse(self.products._match_sku_and_link_item({"sku": "A"}, 1, 2))

    def test_topics(self) -> None:
        self.assertEqual(self.events["refunds/create"], "shopify_books.jobs.sync_refund")
        self.assertEqual(self.events["orders/edited"], "shopify_books.jobs.sync_edited_order")


if __name__ == "__main__":
    unittest.main()
