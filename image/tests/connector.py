"""A connector in miniature, written for these tests: the shapes that the patches look for, and what makes it run."""

from __future__ import annotations

import sys
import tempfile
import types
from pathlib import Path
from unittest import TestCase

from connector_patches import ORDER, PACKAGE, PATCHES, PRODUCT

ALL_IDS = [patch.id for patch in PATCHES]

ORDER_SOURCE = '''\
"""Orders."""
import frappe
from shopify.pages import Pages
from shopify.resources import Order

from shopify_log import create_shopify_log

SUMMER = "Überraschung — ünïcode"


def sync_sales_order(payload, request_id=None):
	frappe.handle(payload, request_id)


def get_order_items(lines, warehouse):
	rows = []
	for line in lines:
		rows.append(
			{
				"item_code": line["code"],  # ü in front of what follows
				"item_name": line.get("name"),
				"warehouse": warehouse,
			}
		)
	return rows


def sync_old_orders():
	for order in _fetch_old_orders("2020", "2021"):
		log = create_shopify_log(request_data=order, make_new=True)
		sync_sales_order(order, request_id=log)
	frappe.finish()


def _fetch_old_orders(since, until):
	pages = Pages(
		Order.find(created_at_min=since, created_at_max=until, limit=250)
	)
	for page in pages:
		yield from page
'''

# The four branches agree on every anchor and differ around their imports: version-16 and develop have the framework in
# front of Shopify's library, as above, main and version-15 behind it.
ORDER_SOURCES = {
    "version-16 and develop": ORDER_SOURCE,
    "main and version-15": ORDER_SOURCE.replace("import frappe\n", "", 1).replace(
        "import Order\n", "import Order\n\nimport frappe\n", 1
    ),
}

# What the tests change: the three anchors in orders.
FIND = "Order.find(created_at_min=since, created_at_max=until, limit=250)"
LINE_NAME = '"item_name": line.get("name"),'
SYNC = "\t\tsync_sales_order(order, request_id=log)\n"

PRODUCT_SOURCE = """\
class Importer:
	def _create_item(self, product, group=None):
		fields = {
			"item_code": product["id"],
			"item_name": product.get("title", ""),
			"item_group": group,
		}
		return fields

	def _create_item_variants(self, product):
		return {"item_name": product.get("title")}
"""


class FakeFrappe(types.ModuleType):
    """As much of the framework as the patched functions touch; it notes what was done to it, in order."""

    def __init__(self, bad_orders: dict[object, BaseException] | None = None) -> None:
        super().__init__("frappe")
        self.done: list[tuple] = []
        self.bad_orders = bad_orders or {}
        self.log_fails = False
        self.db = types.SimpleNamespace(rollback=lambda: self.done.append(("rollback",)))

    def handle(self, order: object, request_id: object) -> None:
        self.done.append(("sync", order, request_id))
        if order in self.bad_orders:
            raise self.bad_orders[order]

    def finish(self) -> None:
        self.done.append(("finish",))

    def get_traceback(self) -> str:
        return "the traceback"

    def log_error(self, title: str, message: str) -> None:
        self.done.append(("log_error", title, message))

    def create_shopify_log(self, **fields: object) -> str:
        if fields.get("make_new"):
            return f"log-{fields['request_data']}"
        if self.log_fails:
            raise RuntimeError("no log either")
        self.done.append(("log", fields))
        return ""


class FakeOrder:
    """Shopify's resource: remembers what it was asked for."""

    asked: list[dict] = []
    orders: list = []

    @classmethod
    def find(cls, **arguments: object) -> list:
        cls.asked.append(arguments)
        return [cls.orders]


class ConnectorTestCase(TestCase):
    """Gives each test a connector of its own on disk."""

    def setUp(self) -> None:
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.app = Path(directory.name) / "ecommerce_integrations"
        (self.app / ORDER).parent.mkdir(parents=True)
        self.write(ORDER, ORDER_SOURCE)
        self.write(PRODUCT, PRODUCT_SOURCE)
        # Empty on all four branches.
        self.write(PACKAGE, "")

    def write(self, name: str, source: str | bytes) -> None:
        (self.app / name).write_bytes(source if isinstance(source, bytes) else source.encode())

    def read(self, name: str) -> bytes:
        return (self.app / name).read_bytes()

    def replace(self, name: str, old: str, new: str) -> None:
        """Changes the connector as an upstream commit might; the old text must be there once."""
        source = self.read(name).decode()
        self.assertEqual(source.count(old), 1, old)
        self.write(name, source.replace(old, new))

    def everything(self) -> dict[str, bytes]:
        """Every file of the connector, so that stray temporary files are seen too."""
        return {str(path.relative_to(self.app)): path.read_bytes() for path in self.app.rglob("*") if path.is_file()}

    def run_module(self, name: str, frappe: FakeFrappe) -> dict[str, object]:
        """The module's names after running it among fakes."""
        fakes = {
            "frappe": frappe,
            "shopify_log": _module("shopify_log", create_shopify_log=frappe.create_shopify_log),
            "shopify": _module("shopify"),
            "shopify.pages": _module("shopify.pages", Pages=list),
            "shopify.resources": _module("shopify.resources", Order=FakeOrder),
        }
        before = {key: sys.modules.get(key) for key in fakes}
        sys.modules.update(fakes)
        try:
            names: dict[str, object] = {}
            exec(compile(self.read(name), name, "exec"), names)
            return names
        finally:
            for key, module in before.items():
                sys.modules.pop(key)
                if module is not None:
                    sys.modules[key] = module


def _module(name: str, **names: object) -> types.ModuleType:
    module = types.ModuleType(name)
    module.__dict__.update(names)
    return module
