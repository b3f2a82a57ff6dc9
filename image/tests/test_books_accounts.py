"""Which account a tax and a gateway's money are booked to."""

from __future__ import annotations

import types
import unittest
from decimal import Decimal

from tests.fakes import load, module


class Refused(Exception):
    pass


class Rows(types.SimpleNamespace):
    def get(self, name: str) -> object:
        return getattr(self, name, None)


def throw(text: str) -> None:
    raise Refused(text)


class Accounts(unittest.TestCase):
    def setUp(self) -> None:
        rates = [("VAT", 19, "VAT 19"), ("VAT", 7, "VAT 7"), ("Bag fee", 0, "Fees")]
        self.books = Rows(
            tax_accounts=[types.SimpleNamespace(title=title, rate=rate, account=to) for title, rate, to in rates],
            payment_accounts=[types.SimpleNamespace(gateway="PayPal", account="PayPal")],
            gift_card_account="Gift cards",
            unmapped_tax="refuse",
        )
        self.shopify = Rows(taxes=[], default_sales_tax_account="Default", cash_bank_account="Bank")
        documents = {"Shopify Setting": self.shopify, "Shopify Books Setting": self.books}
        frappe = module("frappe", get_doc=lambda name: documents[name], throw=throw)
        install = module("shopify_books.install", make_item=lambda name: name)
        self.settings = load(self, "shopify_books.settings", frappe, install).Settings()

    def test_two_rates_of_one_title_have_two_accounts(self) -> None:
        found = [self.settings.tax_account("vat ", Decimal(rate)) for rate in ("19", "7.000")]
        self.assertEqual(found, ["VAT 19", "VAT 7"])
        self.assertEqual(self.settings.tax_account("Bag fee", Decimal(3)), "Fees")

    def test_rate_that_nobody_mapped(self) -> None:
        with self.assertRaisesRegex(Refused, 'No account for the tax "VAT" of 21 %'):
            self.settings.tax_account("VAT", Decimal(21))
        self.books.unmapped_tax = "default"
        self.assertEqual(self.settings.tax_account("VAT", Decimal(21)), "Default")
        self.assertEqual(len(self.settings.notes), 1)

    def test_gateways(self) -> None:
        found = [self.settings.payment_account(name) for name in ("paypal", "gift_card", "shopify_payments", None)]
        self.assertEqual(found, ["PayPal", "Gift cards", "Bank", "Bank"])


if __name__ == "__main__":
    unittest.main()
