"""Documents of an order are submitted whatever a credit limit says, and what an address lacks is said on it."""

from __future__ import annotations

import pickle
import types
import unittest
from datetime import date
from decimal import Decimal
from typing import Any
from unittest import mock

from shopify_books.money import Sale
from shopify_books.payback import Credit
from tests.fakes import load, module


class Document:
    """As ERPNext's Sales Order, Sales Invoice and Delivery Note submit."""

    def __init__(self, refuses: bool = False) -> None:
        self.refuses = refuses
        self.submitted = False

    def check_credit_limit(self) -> None:
        raise ValueError("Credit limit has been crossed for customer Mia")

    def submit(self) -> None:
        self.check_credit_limit()
        if self.refuses:
            raise ValueError("closed day")
        self.submitted = True


class Submitted(unittest.TestCase):
    def setUp(self) -> None:
        self.sales_orders = load(
            self,
            "shopify_books.sales_orders",
            module("frappe"),
            module("frappe.utils", getdate=None),
            module("ecommerce_integrations.utils.price_list", DUMMY_PRICE_LIST="", get_dummy_price_list=None),
            module("ecommerce_integrations.utils.taxation", get_dummy_tax_category=None),
            module("shopify_books.customers", party_of=None),
            module("shopify_books.items", item_of=None),
            module("shopify_books.settings", Settings=None),
        )

    def test_past_a_credit_limit(self) -> None:
        document = Document()
        self.sales_orders.submit(document)
        self.assertTrue(document.submitted)

    def test_the_document_is_as_before(self) -> None:
        for document in (Document(), Document(refuses=True)):
            try:
                self.sales_orders.submit(document)
            except ValueError as error:
                self.assertEqual(str(error), "closed day")
            self.assertEqual(vars(pickle.loads(pickle.dumps(document))), vars(document))
            with self.assertRaisesRegex(ValueError, "Credit limit"):
                document.check_credit_limit()


class Addresses(unittest.TestCase):
    def comments_on(self, source: dict[str, Any]) -> list[str]:
        said: list[str] = []

        def document(fields: dict[str, Any]) -> object:
            made = types.SimpleNamespace(name="Mia-Billing", country=fields["country"] or "Germany")
            made.insert = lambda **_: None
            made.add_comment = lambda text: said.append(text)
            return made

        customers = load(
            self,
            "shopify_books.customers",
            module(
                "frappe",
                db=types.SimpleNamespace(get_value=lambda *_: "Mia", exists=lambda *_: "Austria"),
                get_all=lambda *_, **__: [],
                get_doc=document,
                utils=types.SimpleNamespace(escape_html=str),
            ),
            module("frappe.utils.nestedset", get_root_of=None),
            module("shopify_books.settings", Settings=None),
        )
        customers._address("Mia", source, "Billing", "")
        return said

    def test_without_a_country(self) -> None:
        self.assertEqual(
            self.comments_on({"address1": "Weg 1", "city": "Berlin"}),
            ["Shopify has no country for it: Germany is ERPNext's default."],
        )
        self.assertEqual(self.comments_on({"address1": "Weg 1", "city": "Wien", "country": "Austria"}), [])


class CreditNotes(unittest.TestCase):
    """ERPNext: "Posting timestamp must be after" that of the invoice. Made at night, a refund of the evening before was lost."""

    def note_of(self, refunded: str) -> Any:
        note = types.SimpleNamespace(posting_time="00:00:30", flags=types.SimpleNamespace(), insert=lambda **_: None)
        refunds = load(
            self,
            "shopify_books.refunds",
            module("frappe"),
            module("frappe.utils", getdate=lambda value: value),
            module("erpnext.accounts.doctype.payment_entry.payment_entry", get_payment_entry=None),
            module("erpnext.accounts.doctype.sales_invoice.sales_invoice", make_sales_return=lambda _: note),
            module("shopify_books.install", make_item=None),
            module("shopify_books.sales_orders", charge_row=None, rate_of=None, tax_rows=None),
            module("shopify_books.settings", Settings=None),
            module("shopify_books.stock", take_back=None),
        )
        invoice = types.SimpleNamespace(
            name="SI-1", naming_series="SI-", posting_date=date(2026, 11, 30), posting_time="23:59:59"
        )
        order = {"id": 1, "currency": "EUR", "created_at": "2026-11-30T12:00:00+01:00"}
        refund = {"id": 2, "processed_at": refunded, "transactions": []}
        credit = Credit("2", (), None, Decimal(0), Decimal(0))
        with (
            mock.patch.object(refunds, "_reduce_items", return_value=Decimal(0)),
            mock.patch.object(refunds, "_append_taxes"),
            mock.patch.object(refunds, "_equal_to_refund"),
        ):
            refunds._credit_note(order, refund, credit, Sale((), ()), invoice, None, False)
        return note

    def test_none_before_its_invoice(self) -> None:
        for refunded in ("2026-11-30T13:00:00+01:00", "2026-11-29T13:00:00+01:00"):
            note = self.note_of(refunded)
            self.assertEqual((note.posting_date, note.posting_time), (date(2026, 11, 30), "23:59:59"))

    def test_on_a_later_day_at_any_time(self) -> None:
        note = self.note_of("2026-12-01T13:00:00+01:00")
        self.assertEqual((note.posting_date, note.posting_time), (date(2026, 12, 1), "00:00:30"))


if __name__ == "__main__":
    unittest.main()
