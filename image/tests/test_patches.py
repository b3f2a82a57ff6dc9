"""What each patch takes for its place, and what for a fix of upstream's."""

from __future__ import annotations

import patch_connector
from connector_patches import ORDER, PACKAGE, PRODUCT
from tests.connector import (
    ALL_IDS,
    FIND,
    LINE_NAME,
    ORDER_SOURCE,
    ORDER_SOURCES,
    PRODUCT_SOURCE,
    SYNC,
    ConnectorTestCase,
)

PATCHED_SYNC = """\
		try:
			sync_sales_order(order, request_id=log)
		except Exception as sync_error:
			# One bad order must not end the run over all the others.
			frappe.db.rollback()
			try:
				create_shopify_log(status="Error", exception=repr(sync_error))
			except Exception:
				frappe.db.rollback()
				frappe.log_error(title="Shopify order was not synced", message=frappe.get_traceback())
"""

PATCHED_ORDER = (
    ORDER_SOURCE.replace(FIND, FIND.replace("limit=250", 'limit=250, status="any"'))
    .replace(LINE_NAME, '"item_name": str(line.get("name") or "")[:140] or None,')
    .replace(SYNC, PATCHED_SYNC)
    + "# erpnext-image: fetch-all-orders\n# erpnext-image: line-item-name\n# erpnext-image: order-fault-tolerance\n"
)
PATCHED_PRODUCT = (
    PRODUCT_SOURCE.replace('product.get("title", "")', 'str(product.get("title", "") or "")[:140] or None')
    + "# erpnext-image: product-item-name\n"
)
PATCHED_PACKAGE = "import shopify_books.connector  # noqa: E402, F401\n# erpnext-image: books-app\n"
PATCHED = {ORDER: PATCHED_ORDER.encode(), PRODUCT: PATCHED_PRODUCT.encode(), PACKAGE: PATCHED_PACKAGE.encode()}


class PatchTestCase(ConnectorTestCase):
    def states(self) -> dict[str, str]:
        return {result.id: result.state for result in patch_connector.apply(self.app)}


class Applied(PatchTestCase):
    def test_edits_its_places_and_nothing_else(self) -> None:
        self.assertEqual(self.states(), dict.fromkeys(ALL_IDS, "applied"))
        self.assertEqual(self.everything(), PATCHED)

    def test_every_branch(self) -> None:
        for branches, source in ORDER_SOURCES.items():
            with self.subTest(branches):
                self.write(ORDER, source)
                self.write(PRODUCT, PRODUCT_SOURCE)
                self.write(PACKAGE, "")
                self.assertEqual(self.states(), dict.fromkeys(ALL_IDS, "applied"))
                self.assertIn(PATCHED_SYNC.encode(), self.read(ORDER))
                self.assertEqual(self.states(), dict.fromkeys(ALL_IDS, "already-applied"))

    def test_changes_nothing_the_second_time(self) -> None:
        self.states()
        stamps = {name: (self.app / name).stat().st_ino for name in (ORDER, PRODUCT)}
        self.assertEqual(self.states(), dict.fromkeys(ALL_IDS, "already-applied"))
        self.assertEqual(self.everything(), PATCHED)
        self.assertEqual({name: (self.app / name).stat().st_ino for name in stamps}, stamps)

    def test_keeps_mode(self) -> None:
        (self.app / ORDER).chmod(0o640)
        self.states()
        self.assertEqual((self.app / ORDER).stat().st_mode & 0o777, 0o640)

    def test_follows_a_symbolic_link_instead_of_replacing_it(self) -> None:
        real = self.app / "elsewhere.py"
        (self.app / ORDER).rename(real)
        (self.app / ORDER).symlink_to(real)
        self.states()
        self.assertTrue((self.app / ORDER).is_symlink())
        self.assertEqual(real.read_bytes(), PATCHED_ORDER.encode())

    def test_keeps_line_ends(self) -> None:
        for end in ("\r\n", "\r"):
            with self.subTest(end=end):
                self.write(ORDER, ORDER_SOURCE.replace("\n", end))
                self.states()
                self.assertEqual(self.read(ORDER), PATCHED_ORDER.replace("\n", end).encode())

    def test_keeps_spaces(self) -> None:
        self.write(ORDER, ORDER_SOURCE.expandtabs(2))
        self.states()
        self.assertEqual(self.read(ORDER), PATCHED_ORDER.expandtabs(2).encode())

    def test_indents_within_a_level_of_tabs_and_spaces(self) -> None:
        self.replace(ORDER, SYNC, "\t\tif order:\n\t\t    sync_sales_order(order)\n")
        self.states()
        self.assertIn(
            b"\n\t\t    try:\n\t\t        sync_sales_order(order)\n\t\t    except Exception as", self.read(ORDER)
        )

    def test_keeps_encoding(self) -> None:
        cookie = "# -*- coding: latin-1 -*-\n"
        source, patched = (text.replace("—", "§") for text in (ORDER_SOURCE, PATCHED_ORDER))
        self.write(ORDER, (cookie + source).encode("latin-1"))
        self.states()
        self.assertEqual(self.read(ORDER), (cookie + patched).encode("latin-1"))

    def test_keeps_byte_order_mark(self) -> None:
        self.write(ORDER, ORDER_SOURCE.encode("utf-8-sig"))
        self.states()
        self.assertEqual(self.read(ORDER), PATCHED_ORDER.encode("utf-8-sig"))

    def test_ends_an_unfinished_last_line_before_its_marks(self) -> None:
        self.write(ORDER, ORDER_SOURCE.removesuffix("\n"))
        self.states()
        self.assertEqual(self.read(ORDER), PATCHED_ORDER.encode())

    def test_counts_characters_that_are_several_bytes_or_look_like_line_ends(self) -> None:
        self.replace(ORDER, LINE_NAME, '"ß\u2028\x0c😀": 1, "item_name": line.get("näme"), "ü": 2,')
        self.states()
        self.assertIn(
            '"ß\u2028\x0c😀": 1, "item_name": str(line.get("näme") or "")[:140] or None, "ü": 2,',
            self.read(ORDER).decode(),
        )

    def test_shapes_of_the_call(self) -> None:
        shapes = {
            "Order.find(limit=(250),)": 'Order.find(limit=(250), status="any",)',
            "Order.find(None, limit=250)": 'Order.find(None, limit=250, status="any")',
            "Order.find(\n\tlimit=250,  # a page\n)": 'Order.find(\n\tlimit=250, status="any",  # a page\n)',
        }
        for before, after in shapes.items():
            with self.subTest(before):
                self.write(ORDER, ORDER_SOURCE.replace(FIND, before))
                self.assertEqual(self.states()["fetch-all-orders"], "applied")
                self.assertEqual(self.read(ORDER), PATCHED_ORDER.replace(_patched(FIND), after).encode())

    def test_shapes_of_the_name(self) -> None:
        cut = 'or "")[:140] or None'
        shapes = {
            '"item_name": a if a else b,': f'"item_name": str((a if a else b) {cut},',
            '"item_name": (a or\n b),': f'"item_name": (str((a or\n b) {cut}),',
            '"item_name": title[:141],': f'"item_name": str(title[:141] {cut},',
            '"item_name": title[:140:-1],': f'"item_name": str(title[:140:-1] {cut},',
            '"item_name": title[1:140],': f'"item_name": str(title[1:140] {cut},',
            '"item_name": title[:MOST],': f'"item_name": str(title[:MOST] {cut},',
            "**dict(item_name=title),": f"**dict(item_name=str(title {cut}),",
        }
        for before, after in shapes.items():
            with self.subTest(before):
                self.write(ORDER, ORDER_SOURCE.replace(LINE_NAME, before))
                self.assertEqual(self.states()["line-item-name"], "applied")
                self.assertIn(after.encode(), self.read(ORDER))

    def test_name_that_is_assigned(self) -> None:
        self.replace(PRODUCT, '"item_name": product.get("title", ""),\n', "")
        self.replace(PRODUCT, "\t\treturn fields\n", '\t\tfields["item_name"] = product["title"]\n\t\treturn fields\n')
        self.assertEqual(self.states()["product-item-name"], "applied")
        self.assertIn(b'fields["item_name"] = str(product["title"] or "")[:140] or None\n', self.read(PRODUCT))

    def test_statement_over_lines_with_a_comment(self) -> None:
        self.replace(ORDER, SYNC, "\t\tsync_sales_order(\n  order\n)  # one\n")
        self.states()
        self.assertIn(
            b"\t\ttry:\n\t\t\tsync_sales_order(\n  order\n)  # one\n\t\texcept Exception as sync_error:\n",
            self.read(ORDER),
        )

    def test_try_that_does_not_keep_the_run_alive_is_no_fix(self) -> None:
        handlers = ("except KeyError:\n\t\t\tfrappe.db.rollback()", "except Exception:\n\t\t\tpass")
        handlers += (
            "except Exception:\n\t\t\tfrappe.db.rollback()\n\t\t\traise",
            "finally:\n\t\t\tfrappe.db.rollback()",
        )
        handlers += ("except Exception:\n\t\t\tcreate_shopify_log(rollback=False)",)
        handlers += tuple(f"except Exception:\n\t\t\tfrappe.db.rollback()\n\t\t\t{way}" for way in ("return", "break"))
        for handler in handlers:
            with self.subTest(handler):
                self.write(ORDER, ORDER_SOURCE.replace(SYNC, f"\t\ttry:\n\t{SYNC}\t\t{handler}\n"))
                self.assertEqual(self.states()["order-fault-tolerance"], "applied")
                self.assertIn(b"\t\ttry:\n\t\t\ttry:\n\t\t\t\tsync_sales_order(order", self.read(ORDER))

    def test_try_that_has_the_statement_behind_it_is_no_fix(self) -> None:
        head = "\t\ttry:\n\t\t\tpass\n\t\texcept Exception:\n\t\t\tfrappe.db.rollback()\n\t\telse:\n\t"
        self.replace(ORDER, SYNC, head + SYNC)
        self.assertEqual(self.states()["order-fault-tolerance"], "applied")
        self.assertIn(b"\t\telse:\n\t\t\ttry:\n\t\t\t\tsync_sales_order(order", self.read(ORDER))

    def test_other_finds_are_left_alone(self) -> None:
        self.replace(ORDER, "\tpages = Pages(", "\tShop.find(limit=1)\n\tpages = Pages(")
        self.assertEqual(self.states()["fetch-all-orders"], "applied")
        self.assertIn(b"\tShop.find(limit=1)\n", self.read(ORDER))

    def test_try_around_the_whole_loop_is_no_fix(self) -> None:
        loop = ORDER_SOURCE[ORDER_SOURCE.index("\tfor order in _fetch") : ORDER_SOURCE.index("\tfrappe.finish")]
        deeper = "".join(f"\t{line}" for line in loop.splitlines(keepends=True))
        self.replace(ORDER, loop, f"\ttry:\n{deeper}\texcept Exception:\n\t\tfrappe.db.rollback()\n")
        self.assertEqual(self.states()["order-fault-tolerance"], "applied")

    def test_logs_with_the_framework_alone_where_the_connector_has_no_log(self) -> None:
        self.replace(
            ORDER, "from shopify_log import create_shopify_log\n", "from shopify_log import create as log_it\n"
        )
        self.states()
        handler = (
            "\t\texcept Exception:\n\t\t\tfrappe.db.rollback()\n"
            '\t\t\tfrappe.log_error(title="Shopify order was not synced", message=frappe.get_traceback())\n'
            "\tfrappe.finish()\n"
        )
        self.assertIn(handler.encode(), self.read(ORDER))


class Upstream(PatchTestCase):
    def test_reports_and_skips_what_upstream_fixed(self) -> None:
        self.replace(ORDER, "limit=250)", 'status="any", limit=250)')
        self.replace(PRODUCT, 'product.get("title", "")', '(product.get("title") or "")[:140]')
        product = self.read(PRODUCT)
        states = self.states()
        self.assertEqual(states["fetch-all-orders"], "upstream")
        self.assertEqual(states["product-item-name"], "upstream")
        self.assertEqual(states["line-item-name"], "applied")
        self.assertEqual(self.read(PRODUCT), product)
        self.assertEqual(self.read(ORDER).count(b"status="), 2)  # upstream's, and the one of the log
        self.assertEqual(
            self.states(),
            {one: "already-applied" if state == "applied" else state for one, state in states.items()},
        )

    def test_knows_fault_tolerance_in_other_words(self) -> None:
        handlers = (
            "except Exception:\n\t\t\tfrappe.db.rollback()",
            "except (ValueError, Exception) as error:\n\t\t\tcreate_shopify_log(exception=error, rollback=True)",
            "except KeyError:\n\t\t\tpass\n\t\texcept Exception:\n\t\t\tfrappe.db.rollback()\n\t\t\tcontinue",
            "except:\n\t\t\tfrappe.db.rollback()",
        )
        for handler in handlers:
            with self.subTest(handler):
                self.write(ORDER, ORDER_SOURCE.replace(SYNC, f"\t\ttry:\n\t\t\tif order:\n\t\t{SYNC}\t\t{handler}\n"))
                self.assertEqual(self.states()["order-fault-tolerance"], "upstream")

    def test_knows_a_cut_in_other_words(self) -> None:
        for value in ("t[:140]", "t[0:100]", '(t or "")[:140] or None', 'str(t)[:140] or "?"'):
            with self.subTest(value):
                self.write(PRODUCT, PRODUCT_SOURCE.replace('product.get("title", "")', value))
                self.assertEqual(self.states()["product-item-name"], "upstream")

    def test_mark_without_the_fix_is_believed_by_nobody(self) -> None:
        self.write(ORDER, ORDER_SOURCE + "# erpnext-image: fetch-all-orders\n")
        self.assertEqual(self.states()["fetch-all-orders"], "applied")
        self.assertEqual(self.read(ORDER).count(b"# erpnext-image: fetch-all-orders\n"), 1)


def _patched(find: str) -> str:
    return find.replace("limit=250", 'limit=250, status="any"')
