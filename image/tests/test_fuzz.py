"""Random edits around the anchors: whatever upstream does to its code, no file is ever half-patched."""

from __future__ import annotations

import ast
import os
import random
import re
import warnings
from unittest import mock

import patch_connector
from connector_patches import ORDER, PACKAGE, PRODUCT
from tests.connector import ALL_IDS, ORDER_SOURCE, PRODUCT_SOURCE, ConnectorTestCase

SEED = 20261123
ROUNDS = 600

ANCHORS = (
    *("Order", "find", "limit=250", "sync_sales_order", "_fetch_old_orders", "sync_old_orders", "get_order_items"),
    *('"item_name"', "_create_item", "for order in", "import frappe", ")", "}", "\t\t", "\n"),
)
SCRAPS = (
    *(
        "",
        " ",
        "\n",
        "\t",
        "\\\n",
        "  # note\n",
        ";",
        ",",
        "(",
        ")",
        ":",
        "=1",
        "**x",
        "status='any'",
        "status=s, ",
        "[:140]",
    ),
    *(
        "\ntry:\n",
        "\r\n",
        "é",
        '"""',
        "Order.find(limit=1)",
        "sync_sales_order(order)",
        '"item_name": 1, ',
        "pass",
        "\x0c",
    ),
)


def mutated(source: str, chance: random.Random) -> str:
    """The source with one or two scraps put before, after or in place of an anchor."""
    for _ in range(chance.randint(1, 2)):
        anchor = chance.choice([one for one in ANCHORS if one in source] or [""])
        places = [index for index in range(len(source)) if source.startswith(anchor, index)]
        start = chance.choice(places) + chance.choice((0, len(anchor)))
        end = start + chance.choice((0, 0, len(anchor)))
        source = source[:start] + chance.choice(SCRAPS) + source[end:]
    return source


def closed_gaps(order: bytes, product: bytes, package: bytes) -> list[bool]:
    """Whether each gap is closed, told from the code as Python prints it and not by the patcher's own rules."""
    parts = {
        node.name: node
        for source in (order, product)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    }
    cut = re.compile(r"item_name'?\]?(:| =|=).*\[:140\]")
    guarded = [
        one
        for one in ast.walk(parts["sync_old_orders"])
        if isinstance(one, ast.Try) and "sync_sales_order(" in "".join(map(ast.unparse, one.body))
    ]
    return [
        re.search(r"Order\.find\(.*status='any'", ast.unparse(parts["_fetch_old_orders"])) is not None,
        cut.search(ast.unparse(parts["get_order_items"])) is not None,
        any("rollback" in ast.unparse(handler) for one in guarded for handler in one.handlers),
        cut.search(ast.unparse(parts["_create_item"])) is not None,
        "import shopify_books.connector" in ast.unparse(ast.parse(package)),
    ]


class Fuzz(ConnectorTestCase):
    def setUp(self) -> None:
        super().setUp()
        # A thousand rounds need no durable files, and scraps such as "250for" make the parser warn.
        no_fsync = mock.patch.object(os, "fsync")
        no_fsync.start()
        self.addCleanup(no_fsync.stop)

    def test_open_gaps_are_seen(self) -> None:
        self.assertEqual(closed_gaps(ORDER_SOURCE.encode(), PRODUCT_SOURCE.encode(), b""), [False] * len(ALL_IDS))

    def test_all_or_nothing(self) -> None:
        with warnings.catch_warnings():
            # Scraps such as "250for" are old-fashioned rather than wrong, and the parser says so.
            warnings.simplefilter("ignore")
            self.run_rounds(random.Random(SEED))

    def run_rounds(self, chance: random.Random) -> None:
        outcomes = {"patched": 0, "refused": 0}
        for number in range(ROUNDS):
            order, product = ORDER_SOURCE, PRODUCT_SOURCE
            if chance.random() < 0.8:
                order = mutated(order, chance)
            else:
                product = mutated(product, chance)
            self.write(ORDER, order)
            self.write(PRODUCT, product)
            self.write(PACKAGE, "")
            before = self.everything()
            with self.subTest(seed=SEED, number=number):
                results = patch_connector.apply(self.app)
                self.assertEqual([one.id for one in results], ALL_IDS)
                if all(one.in_place for one in results):
                    outcomes["patched"] += 1
                    self.assert_patched(before)
                else:
                    outcomes["refused"] += 1
                    self.assertEqual(self.everything(), before)
        # Both ways must be well trodden, or the test has stopped testing.
        self.assertGreater(min(outcomes.values()), ROUNDS // 10, outcomes)

    def assert_patched(self, before: dict[str, bytes]) -> None:
        """Valid, complete, stable, and the old text still there, in order, around what was put in."""
        after = self.everything()
        self.assertEqual(after.keys(), before.keys())
        for name, content in after.items():
            compile(content, name, "exec")
            rest = iter(content)
            self.assertTrue(all(byte in rest for byte in before[name]), name)
        self.assertEqual(closed_gaps(after[ORDER], after[PRODUCT], after[PACKAGE]), [True] * len(ALL_IDS))
        again = patch_connector.apply(self.app)
        self.assertLessEqual({one.state for one in again}, {"already-applied", "upstream"})
        self.assertEqual(self.everything(), after)
