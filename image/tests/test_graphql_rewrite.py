"""The connector after upstream's rewrite for GraphQL (pull request 421 at e4b6254, 2026-03-17): which patch finds what there."""

from __future__ import annotations

import patch_connector
from connector_patches import ORDER, PRODUCT
from tests.connector import ConnectorTestCase, FakeFrappe

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
