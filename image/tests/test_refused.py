"""What the patcher does not know it leaves alone, all of it, and says why."""

from __future__ import annotations

import patch_connector
from connector_patches import ORDER, PRODUCT
from tests.connector import FIND, LINE_NAME, ORDER_SOURCE, PRODUCT_SOURCE, SYNC, ConnectorTestCase


class Refused(ConnectorTestCase):
    def assert_refused(self, *messages: str) -> None:
        """Nothing is written, every message is given, and the patches that could be made are named as missing."""
        before = self.everything()
        results = patch_connector.apply(self.app)
        self.assertEqual([one.message for one in results if one.state == "failed"], list(messages))
        self.assertEqual({one.state for one in results if one.state != "failed"} - {"missing"}, set())
        self.assertEqual(self.everything(), before)

    def test_function_missing(self) -> None:
        self.replace(ORDER, "def _fetch_old_orders(", "def _fetch_orders(")
        self.assert_refused(f"{ORDER}: looked for one function _fetch_old_orders, found none.")

    def test_function_twice(self) -> None:
        self.write(PRODUCT, PRODUCT_SOURCE + "\n\ndef _create_item():\n\tpass\n")
        self.assert_refused(f"{PRODUCT}: looked for one function _create_item, found 2.")

    def test_call_missing_or_twice_or_unknown(self) -> None:
        cases = {
            "Order.search(limit=250)": "none",
            "Order.find()": "none",
            f"{FIND} or {FIND}": "2",
            'Order.find(limit=250, status="open")': "one with status='open'",
            "Order.find(limit=250, status=wanted)": "one with status=wanted",
            "Order.find(limit=250, **more)": "one that takes ** arguments, which may hold a status of their own",
        }
        sought = "looked in _fetch_old_orders for one call Order.find(...) with keyword arguments"
        for call, found in cases.items():
            with self.subTest(call):
                self.write(ORDER, ORDER_SOURCE.replace(FIND, call))
                self.assert_refused(f"{ORDER}: {sought}, found {found}.")

    def test_name_missing_or_twice(self) -> None:
        cases = {
            '"name": line.get("name"),': "none",
            f'{LINE_NAME} "item_name": 1,': "2",
            "**dict(item_name=1, **line), " + LINE_NAME: "2",
        }
        for value, found in cases.items():
            with self.subTest(value):
                self.write(ORDER, ORDER_SOURCE.replace(LINE_NAME, value))
                self.assert_refused(f'{ORDER}: looked in get_order_items for one value for "item_name", found {found}.')

    def test_sync_missing_or_twice_or_out_of_reach(self) -> None:
        part = "one that is part of another statement or shares its line"
        cases = {
            "\t\tsync_order(order)\n": "none",
            SYNC * 2: "2",
            "\tsync_sales_order(order)\n": "one outside any for loop",
            "\telse:\n\t\tsync_sales_order(order)\n": "one outside any for loop",
            "\t\tdone = sync_sales_order(order)\n": part,
            "\t\tsync_sales_order(order); done = 1\n": part,
            "\t\tdone = 1; sync_sales_order(order)\n": part,
            "\t\tif order: sync_sales_order(order)\n": part,
        }
        sought = "looked in sync_old_orders for one statement sync_sales_order(...) in a for loop"
        for statement, found in cases.items():
            with self.subTest(statement):
                self.write(ORDER, ORDER_SOURCE.replace(SYNC, statement))
                self.assert_refused(f"{ORDER}: {sought}, found {found}.")

    def test_framework_not_imported(self) -> None:
        self.replace(ORDER, "import frappe\n", "import frappe as framework\n")
        sought = "looked in sync_old_orders for one statement sync_sales_order(...) in a for loop"
        self.assert_refused(f'{ORDER}: {sought}, found a module without "import frappe".')

    def test_every_fault_at_once(self) -> None:
        self.replace(ORDER, "def _fetch_old_orders(", "def _fetch_orders(")
        self.replace(PRODUCT, "def _create_item(", "def _make_item(")
        self.assert_refused(
            f"{ORDER}: looked for one function _fetch_old_orders, found none.",
            f"{PRODUCT}: looked for one function _create_item, found none.",
        )

    def test_source_that_is_not_python(self) -> None:
        message = f"{PRODUCT}: is not valid Python (invalid syntax (<unknown>, line 1))."
        self.write(PRODUCT, "class class:\n")
        self.assert_refused(message)
        for content in (b"a = '\xff'\n", b"# coding: klingon\n", b"a = 1\0\n"):
            with self.subTest(content):
                self.write(PRODUCT, content)
                results = patch_connector.apply(self.app)
                self.assertEqual(results[-1].state, "failed")
                self.assertEqual(self.read(ORDER), ORDER_SOURCE.encode())

    def test_file_missing(self) -> None:
        (self.app / PRODUCT).unlink()
        self.assert_refused(f"{PRODUCT}: cannot be read (No such file or directory).")
