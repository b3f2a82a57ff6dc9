"""What the connector's log says of a delivery, and what a job does when the database gives way to another."""

from __future__ import annotations

import contextlib
import types
import unittest
from typing import Any
from unittest import mock

from tests.fakes import load, module

ORDER = {"id": 7, "financial_status": "paid"}


class Deadlock(Exception):
    """As frappe.QueryDeadlockError."""


class Duplicate(Exception):
    """As frappe.DuplicateEntryError."""


class Outcome:
    """As settle's."""

    def __init__(self, changed: int = 1, skipped: str | None = None, faults: Any = (), notes: Any = ()) -> None:
        self.changed, self.skipped, self.faults, self.notes = changed, skipped, list(faults), list(notes)


class Jobs(unittest.TestCase):
    def setUp(self) -> None:
        self.done: list[str] = []
        self.logged: dict[str, Any] = {}
        self.outcomes: list[object] = []
        self.settled: list[tuple[object, bool]] = []
        self.read: object = ORDER
        database = types.SimpleNamespace(
            commit=lambda: self.done.append("commit"), rollback=lambda: self.done.append("rollback")
        )
        self.jobs = load(
            self,
            "shopify_books.jobs",
            module(
                "frappe",
                db=database,
                flags=types.SimpleNamespace(),
                set_user=lambda _: None,
                QueryDeadlockError=Deadlock,
                QueryTimeoutError=Deadlock,
                DuplicateEntryError=Duplicate,
            ),
            module("ecommerce_integrations.shopify.utils", create_shopify_log=self.log),
            module("shopify_books.shopify", order=self.find),
            module("shopify_books.reads", once=self.once),
            module("shopify_books.settle", Outcome=Outcome, settle=self.settle, one_at_a_time=self.lock),
        )
        sleep = mock.patch.object(self.jobs.time, "sleep")
        sleep.start()
        self.addCleanup(sleep.stop)

    def log(self, **fields: Any) -> None:
        self.assertEqual(self.logged, {}, "one row a delivery")
        self.logged = fields

    def find(self, order_id: str) -> object:
        self.done.append(f"read {order_id}")
        if isinstance(self.read, Exception):
            raise self.read
        return self.read

    def settle(self, order: object, paid_now: bool = False) -> object:
        self.settled.append((order, paid_now))
        outcome = self.outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    @contextlib.contextmanager
    def once(self) -> Any:
        self.done.append("read once")
        yield

    @contextlib.contextmanager
    def lock(self, order: Any) -> Any:
        self.done.append("lock")
        yield
        self.done.append("unlock")

    def says(self, *outcomes: object, job: str = "sync_sales_order", payload: object = ORDER) -> dict[str, Any]:
        self.outcomes, self.logged, self.done = list(outcomes), {}, []
        getattr(self.jobs, job)(payload, "log-1")
        return self.logged

    def test_success(self) -> None:
        self.assertEqual(self.says(Outcome()), {"status": "Success", "message": None})
        self.assertEqual(self.done, ["lock", "read once", "commit", "unlock"])
        self.assertEqual(self.says(Outcome(notes=["a", "b"]))["message"], "a; b")

    def test_delivery_that_changes_nothing(self) -> None:
        exists = {"status": "Invalid", "message": "Sales order already exists, not synced"}
        self.assertEqual(self.says(Outcome(changed=0)), exists)
        self.assertEqual(self.says(Outcome(changed=0), job="cancel_order")["status"], "Success")

    def test_skipped(self) -> None:
        said = self.says(Outcome(skipped="Nothing to book: a test order"))
        self.assertEqual(said, {"status": "Invalid", "message": "Nothing to book: a test order"})

    def test_money_is_booked_and_a_note_is_not(self) -> None:
        said = self.says(Outcome(faults=["Delivery Note of order #1: no stock"], notes=["a"]))
        self.assertEqual(said, {"status": "Error", "message": "Delivery Note of order #1: no stock; a"})

    def test_error_takes_the_order_back(self) -> None:
        said = self.says(ValueError("no account"))
        self.assertEqual(said, {"status": "Error", "exception": "no account", "rollback": True})
        self.assertEqual(self.says(KeyError())["exception"], "KeyError()")

    def test_deadlock_is_tried_again_and_then_said(self) -> None:
        self.assertEqual(self.says(Deadlock(), Outcome())["status"], "Success")
        self.assertEqual(self.done, ["lock", "read once", "rollback", "lock", "read once", "commit", "unlock"])
        self.assertEqual(self.logged["message"], "booked at attempt 2: another order was at work on the same")
        self.assertEqual(self.says(Duplicate("Jane Doe - 2"), Outcome())["status"], "Success")
        said = self.says(*[Deadlock("gave way")] * 3)
        self.assertEqual((said["status"], said["exception"], self.outcomes), ("Error", "gave way", []))

    def test_only_orders_paid_tells_when_the_money_came(self) -> None:
        for job in ("sync_sales_order", "prepare_sales_invoice", "prepare_delivery_note", "cancel_order"):
            self.settled = []
            self.says(Outcome(), job=job)
            self.assertEqual(self.settled, [(ORDER, job == "prepare_sales_invoice")])

    def test_refund_and_edit_read_their_order(self) -> None:
        edited = {"order_edit": {"order_id": 7}}
        for job, payload in (("sync_refund", {"id": 1, "order_id": 7}), ("sync_edited_order", edited)):
            self.assertEqual(self.says(Outcome(), job=job, payload=payload)["status"], "Success")
            self.assertEqual(self.done[0], "read 7")

    def test_order_that_cannot_be_read(self) -> None:
        self.read = None
        said = self.says(job="sync_refund", payload={"order_id": 7})
        self.assertEqual(said, {"status": "Invalid", "message": "Order 7 is not to be seen in Shopify"})
        self.read = TimeoutError("slow")
        said = self.says(job="sync_refund", payload={"order_id": 7})
        self.assertEqual(said["message"], "Order 7 could not be read from Shopify: TimeoutError('slow')")


if __name__ == "__main__":
    unittest.main()
