"""Reads of Shopify: what is tried again, what means "not there", and what is raised."""

from __future__ import annotations

import types
import unittest
from unittest import mock

from tests.fakes import load, module


class Refusal(Exception):
    """As pyactiveresource's own: with the code of the answer, or without one where there was none."""

    def __init__(self, code: int | None = None) -> None:
        super().__init__(f"answer {code}")
        self.code = code


class ClientRefusal(Refusal):
    """Any 4xx."""


class ServerRefusal(Refusal):
    """Any 5xx."""


class Reads(unittest.TestCase):
    def setUp(self) -> None:
        errors = {"ClientError": ClientRefusal, "ServerError": ServerRefusal, "Error": Refusal}
        logger = types.SimpleNamespace(info=lambda _: None)
        self.reads = load(
            self,
            "shopify_books.shopify",
            module("frappe", logger=lambda _: logger),
            module("ecommerce_integrations.shopify.connection", temp_shopify_session=lambda call: call),
            module("pyactiveresource.connection", **errors),
            module("shopify.base", ShopifyResource=types.SimpleNamespace(set_timeout=self.timeouts_are)),
            module("shopify.resources", Order=self, Transaction=self),
        )
        sleep = mock.patch.object(self.reads.time, "sleep")
        self.slept = sleep.start()
        self.addCleanup(sleep.stop)
        self.answers: list[object] = []
        self.asked: list[object] = []

    def timeouts_are(self, seconds: int) -> None:
        self.assertGreater(seconds, 0)

    def find(self, *path: object, **query: object) -> object:
        self.asked.append(path or query)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def order(self, *answers: object) -> object:
        self.answers = list(answers)
        return self.reads.order("7")

    def test_order(self) -> None:
        self.assertEqual(self.order(types.SimpleNamespace(to_dict=lambda: {"id": 7})), {"id": 7})

    def test_not_there_or_not_to_be_seen(self) -> None:
        for code in (403, 404, 410):
            self.assertIsNone(self.order(ClientRefusal(code)))
        self.slept.assert_not_called()

    def test_busy_and_broken_are_tried_again(self) -> None:
        there = types.SimpleNamespace(to_dict=lambda: {"id": 7})
        for trouble in (ClientRefusal(429), ServerRefusal(502), Refusal(), TimeoutError()):
            self.assertEqual(self.order(trouble, there), {"id": 7})

    def test_gives_up_and_says_what_shopify_said(self) -> None:
        for trouble in (ClientRefusal(429), ServerRefusal(502), Refusal(), TimeoutError()):
            with self.assertRaises(type(trouble)):
                self.order(*[trouble] * 4)
            self.assertEqual(self.answers, [])

    def test_refusal_is_not_tried_again(self) -> None:
        with self.assertRaises(ClientRefusal):
            self.order(ClientRefusal(401), None)
        self.assertEqual(self.answers, [None])

    def transactions(self, payload: dict, *answers: object) -> tuple[object, list[str]]:
        self.answers, notes = list(answers), []
        return self.reads.transactions(payload, notes.append), notes

    def test_transactions_in_the_shops_currency(self) -> None:
        found = [types.SimpleNamespace(to_dict=lambda: {"id": 1})]
        self.assertEqual(self.transactions({"id": 7}, found), ([{"id": 1}], []))
        self.assertEqual(self.asked, [{"order_id": 7, "in_shop_currency": "true"}])

    def test_payload_that_carries_its_transactions_is_not_asked_again(self) -> None:
        self.assertEqual(self.transactions({"id": 7, "transactions": []}), ([], []))
        self.assertEqual(self.asked, [])

    def test_no_order_waits_for_its_transactions(self) -> None:
        self.assertEqual(self.transactions({"id": 7}, ClientRefusal(404)), (None, []))
        seen, [note] = self.transactions({"id": 7}, ClientRefusal(401))
        self.assertIsNone(seen)
        self.assertIn("answer 401", note)


if __name__ == "__main__":
    unittest.main()
