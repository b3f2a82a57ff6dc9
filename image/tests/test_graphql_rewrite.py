"""The connector after upstream's rewrite for GraphQL (pull request 421 at e4b6254, 2026-03-17): which patch finds what there."""

from __future__ import annotations

import ast
import types
import unittest
from pathlib import Path

import patch_connector
from connector_patches import ORDER, PRODUCT
from tests.connector import ConnectorTestCase, FakeFrappe
from tests.fakes import load, module

# Written for this test. The rewrite keeps the functions and the loop of the history, asks for orders by GraphQL, in which no
# status is a filter by default, and strips an item's name in brackets of its own.
ORDERS = '''\
"""Orders."""
import json

import frappe
from shopify import GraphQL

from shopify_log import create_shopify_log


def sync_sales_order(payload, request_id=None):
	frappe.handle(payload, request_id)


def get_order_items(lines, setting):
	rows = []
	for line in lines:
		if not line.get("exists"):
			continue
		rows.append(
			{
				"item_code": line["code"],
				"item_name": line.get("name"),
				"warehouse": setting,
			}
		)
	return rows


def sync_old_orders():
	for order in _fetch_old_orders("2020", "2021"):
		log = create_shopify_log(
			request_data=order,
			make_new=True,
		)
		sync_sales_order(order, request_id=log)
	frappe.finish()


def _fetch_old_orders(since, until, limit=50):
	query = """
    query Between($query: String!, $limit: Int!, $cursor: String) {
        orders(first: $limit, query: $query, after: $cursor) {
            edges { node { id name displayFinancialStatus fulfillments(first: 10) { id status } } }
            pageInfo { hasNextPage endCursor }
        }
    }
    """
	search = f'createdAt:>="{since}" AND createdAt:<="{until}"'
	more, cursor = True, None
	while more:
		variables = {"query": search, "limit": limit, "cursor": cursor}
		answer = json.loads(GraphQL().execute(query, variables))["data"]["orders"]
		for edge in answer["edges"]:
			yield {"id": edge["node"]["id"], "name": edge["node"].get("name")}
		more, cursor = answer["pageInfo"]["hasNextPage"], answer["pageInfo"]["endCursor"]
'''

PRODUCTS = """\
class Importer:
	def _create_item(self, product, warehouse, has_variant=0):
		fields = {
			"item_code": product["id"],
			"item_name": (product.get("title") or "").strip(),
			"default_warehouse": warehouse,
		}
		return fields
"""

# The row of the table: what each patch says of this shape.
ROW = {
    "books-app": "applied",
    "fetch-all-orders": "upstream",
    "line-item-name": "applied",
    "order-fault-tolerance": "applied",
    "product-item-name": "applied",
}


class GraphqlRewrite(ConnectorTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.write(ORDER, ORDERS)
        self.write(PRODUCT, PRODUCTS)

    def states(self) -> dict[str, str]:
        return {result.id: result.state for result in patch_connector.apply(self.app)}

    def test_every_patch_is_in_place_and_a_second_run_changes_nothing(self) -> None:
        self.assertEqual(self.states(), ROW)
        patched = self.everything()
        self.assertEqual(self.states(), {**dict.fromkeys(ROW, "already-applied"), "fetch-all-orders": "upstream"})
        self.assertEqual(self.everything(), patched)

    def test_names_are_cut(self) -> None:
        self.states()
        module = self.run_module(PRODUCT, FakeFrappe())
        item = module["Importer"]()._create_item({"id": "1", "title": f" {'x' * 200} "}, "Stores")
        self.assertEqual(item["item_name"], "x" * 140)

    def test_a_search_for_one_status_is_named(self) -> None:
        self.replace(ORDER, "search = f'", "search = f'status:open ")
        failed = [result.message for result in patch_connector.apply(self.app) if result.state == "failed"]
        self.assertEqual(len(failed), 1)
        self.assertIn("found a search for status:open", failed[0])

    def test_a_search_for_any_status_is_fine(self) -> None:
        self.replace(ORDER, "search = f'", "search = f'status:any ")
        self.assertEqual(self.states(), ROW)


# What our app takes or replaces of the connector, as the rewrite has it.
NAMES = {
    "ecommerce_item": {"EcommerceItem", "is_synced", "get_erpnext_item"},
    "constants": {"MODULE_NAME", "EVENT_MAPPER", "WEIGHT_TO_ERPNEXT_UOM_MAP"},
    "connection": {"temp_shopify_session"},
    "fulfillment": {"prepare_delivery_note", "create_delivery_note"},
    "invoice": {"prepare_sales_invoice"},
    "order": {"sync_sales_order", "cancel_order"},
    "product": {"ShopifyProduct", "_match_sku_and_link_item"},
    "ShopifyProduct": {"_make_item", "_create_item"},
    "utils": {"create_shopify_log"},
    "price_list": {"DUMMY_PRICE_LIST", "get_dummy_price_list"},
    "taxation": {"get_dummy_tax_category"},
}

OUR_APP = Path(__file__).parents[1] / "shopify_books" / "shopify_books"


class OurApp(unittest.TestCase):
    def test_takes_nothing_that_the_rewrite_lacks(self) -> None:
        taken: dict[str, set[str]] = {}
        for file in OUR_APP.glob("*.py"):
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("ecommerce_integrations."):
                    names = {alias.name for alias in node.names}
                    taken.setdefault(str(node.module).rpartition(".")[2], set()).update(names - NAMES.keys())
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_replace":
                    owner, name, _ = node.args
                    own = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
                    taken.setdefault(own, set()).add(ast.literal_eval(name))
        missing = {owner: names - NAMES.get(owner, set()) for owner, names in taken.items()}
        self.assertEqual({owner: names for owner, names in missing.items() if names}, {})
        self.assertGreater(len(taken), 6)

    def items(self, units: dict[str, str]) -> types.ModuleType:
        lookups = "ecommerce_integrations.ecommerce_integrations.doctype.ecommerce_item.ecommerce_item"
        refusals = {name: type(name, (Exception,), {}) for name in ("ValidationError", "NameError", "DuplicateEntryError")}
        return load(
            self,
            "shopify_books.items",
            module("frappe", db=types.SimpleNamespace(exists=lambda *_: True), **refusals),
            module("frappe.utils.nestedset", get_root_of=None),
            module("ecommerce_integrations.shopify.constants", MODULE_NAME="shopify", WEIGHT_TO_ERPNEXT_UOM_MAP=units),
            module(lookups, EcommerceItem=object),
            module("shopify_books.shopify"),
            module("shopify_books.settings", Settings=None),
        )

    def test_a_weight_has_the_unit_that_the_connector_looks_for(self) -> None:
        made = []
        product = {"id": 7, "variants": [{"id": 1, "weight": 2, "weight_unit": "kg"}]}
        rewritten = {"id": "7", "variants": [{"id": "1", "weight": 2, "weight_unit": "KILOGRAMS"}]}
        for units in ({"kg": "Kg", "g": "Gram"}, {"KILOGRAMS": "Kg", "GRAMS": "Gram"}):
            items = self.items(units)
            for source in (product, rewritten):
                items.make_fitted(lambda _self, fitted: made.append(fitted["variants"][0]), None, source)
        self.assertEqual([one["weight_unit"] for one in made], ["kg", "kg", "KILOGRAMS", "KILOGRAMS"])
        self.assertEqual({one["weight"] for one in made}, {2})

    def test_a_variant_is_known_by_its_product(self) -> None:
        items = self.items({"kg": "Kg"})
        asked = []
        items.known_item = lambda *given: asked.append(given) or "ITEM-1"
        product = types.SimpleNamespace(product_id="7")
        items.create_variant(self.fail, product, {"id": "1", "variant_id": "1"}, "Stores", variant_of="7")
        self.assertEqual(asked, [("7", "1")])
