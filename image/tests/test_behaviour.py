"""The patched connector at work, among fakes: what an operator gets from each patch."""

from __future__ import annotations

import patch_connector
from connector_patches import ORDER, PRODUCT
from tests.connector import ConnectorTestCase, FakeFrappe, FakeOrder

LONG = "ä" * 255


class PatchedConnector(ConnectorTestCase):
    def setUp(self) -> None:
        super().setUp()
        FakeOrder.asked = []
        FakeOrder.orders = ["a", "b", "c"]
        patch_connector.apply(self.app)

    def sync(self, frappe: FakeFrappe) -> list[tuple]:
        self.run_module(ORDER, frappe)["sync_old_orders"]()
        return frappe.done

    def test_orders_of_any_status_are_asked_for(self) -> None:
        self.sync(FakeFrappe())
        self.assertEqual(
            FakeOrder.asked, [{"created_at_min": "2020", "created_at_max": "2021", "limit": 250, "status": "any"}]
        )

    def test_good_orders_are_synced_without_a_rollback(self) -> None:
        synced = [("sync", order, f"log-{order}") for order in "abc"]
        self.assertEqual(self.sync(FakeFrappe()), [*synced, ("finish",)])

    def test_bad_order_is_rolled_back_and_logged_and_the_next_one_follows(self) -> None:
        self.assertEqual(
            self.sync(FakeFrappe({"b": KeyError("id")})),
            [
                ("sync", "a", "log-a"),
                ("sync", "b", "log-b"),
                ("rollback",),
                ("log", {"status": "Error", "exception": "KeyError('id')"}),
                ("sync", "c", "log-c"),
                ("finish",),
            ],
        )

    def test_bad_order_whose_log_fails_too_does_not_end_the_run(self) -> None:
        frappe = FakeFrappe({"b": KeyError("id")})
        frappe.log_fails = True
        self.assertEqual(
            self.sync(frappe)[2:],
            [
                ("rollback",),
                ("rollback",),
                ("log_error", "Shopify order was not synced", "the traceback"),
                ("sync", "c", "log-c"),
                ("finish",),
            ],
        )

    def test_run_with_nothing_but_bad_orders_reaches_its_end(self) -> None:
        done = self.sync(FakeFrappe({order: ValueError(order) for order in "abc"}))
        self.assertEqual([entry[0] for entry in done], [*["sync", "rollback", "log"] * 3, "finish"])

    def test_operator_can_still_stop_the_run(self) -> None:
        for stop in (KeyboardInterrupt(), SystemExit(1)):
            with self.subTest(stop):
                frappe = FakeFrappe({"b": stop})
                with self.assertRaises(type(stop)):
                    self.sync(frappe)
                self.assertEqual(frappe.done, [("sync", "a", "log-a"), ("sync", "b", "log-b")])

    def test_line_names_are_cut(self) -> None:
        get_order_items = self.run_module(ORDER, FakeFrappe())["get_order_items"]
        for given, wanted in (
            (LONG, LONG[:140]),
            (LONG[:140], LONG[:140]),
            ("Shirt", "Shirt"),
            ("", None),
            (None, None),
            (7, "7"),
        ):
            with self.subTest(given):
                rows = get_order_items([{"code": "x", "name": given}], "Stores")
                self.assertEqual(rows, [{"item_code": "x", "item_name": wanted, "warehouse": "Stores"}])

    def test_item_names_are_cut(self) -> None:
        importer = self.run_module(PRODUCT, FakeFrappe())["Importer"]()
        for given, wanted in ((LONG, LONG[:140]), ("Shirt", "Shirt"), (None, None), (1.5, "1.5")):
            with self.subTest(given):
                fields = importer._create_item({"id": 1, "title": given})
                self.assertEqual(fields, {"item_code": 1, "item_name": wanted, "item_group": None})

    def test_other_names_stay(self) -> None:
        importer = self.run_module(PRODUCT, FakeFrappe())["Importer"]()
        self.assertEqual(importer._create_item_variants({"title": LONG}), {"item_name": LONG})


class UnpatchedConnector(ConnectorTestCase):
    """The gaps are real in the fixtures too, or the tests above would prove nothing."""

    def test_bad_order_ends_the_run(self) -> None:
        FakeOrder.asked = []
        FakeOrder.orders = ["a", "b", "c"]
        frappe = FakeFrappe({"b": KeyError("id")})
        with self.assertRaises(KeyError):
            self.run_module(ORDER, frappe)["sync_old_orders"]()
        self.assertEqual(frappe.done, [("sync", "a", "log-a"), ("sync", "b", "log-b")])
        self.assertNotIn("status", FakeOrder.asked[0])

    def test_long_name_stays_long(self) -> None:
        rows = self.run_module(ORDER, FakeFrappe())["get_order_items"]([{"code": "x", "name": LONG}], "Stores")
        self.assertEqual(rows[0]["item_name"], LONG)
