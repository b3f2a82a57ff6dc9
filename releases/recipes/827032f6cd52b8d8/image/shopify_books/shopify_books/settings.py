"""The accounts, items and rules that a customer's intake names, with the connector's setting behind them."""

from __future__ import annotations

from decimal import Decimal

import frappe

from shopify_books.install import make_item

SETTING = "Shopify Books Setting"
_LINE_ITEMS = {
    "custom": ("line_item", "SHOPIFY-LINE"),
    "product": ("line_item", "SHOPIFY-LINE"),
    "tip": ("tip_item", "SHOPIFY-TIP"),
    "gift_card": ("gift_card_item", "SHOPIFY-GIFT-CARD"),
}
_CHARGE_ACCOUNTS = {"duty": "duties_account", "fee": "fees_account"}


class Settings:
    """Both settings, as one order sees them; `notes` is what is to be said of the order aloud."""

    def __init__(self) -> None:
        self.shopify = frappe.get_doc("Shopify Setting")
        self.books = frappe.get_doc(SETTING)
        self.notes: list[str] = []

    @property
    def company(self) -> str:
        return self.shopify.company

    def note(self, text: str) -> None:
        """Says it once."""
        if text not in self.notes:
            self.notes.append(text)

    def line_item(self, kind: str) -> str:
        """The item of a line that has no product."""
        field, default = _LINE_ITEMS[kind]
        return self.books.get(field) or make_item(default)

    def line_account(self, kind: str) -> str | None:
        """The income account of a line; None leaves it to ERPNext."""
        if kind == "gift_card" and self.books.gift_card_account:
            return self.books.gift_card_account
        if kind == "tip" and self.books.tip_account:
            return self.books.tip_account
        return self.books.income_account or None

    def income_account(self) -> str:
        """Where a refund for no line in particular is taken from."""
        account = self.books.income_account or frappe.get_cached_value(
            "Company", self.company, "default_income_account"
        )
        if not account:
            frappe.throw(f"Company {self.company} has no default income account: set company.incomeAccount.")
        return account

    def charge_account(self, kind: str, title: str) -> str:
        """Shipping by its title as the connector maps it; duties and fees by the intake."""
        account = self.books.get(_CHARGE_ACCOUNTS[kind]) if kind in _CHARGE_ACCOUNTS else self._by_title(title)
        account = account or self.shopify.default_shipping_charges_account
        if not account:
            frappe.throw(f'No account for "{title}": Shopify Setting has no default shipping charges account.')
        return account

    def tax_account(self, title: str, rate: Decimal) -> str:
        """By title and rate, then by title alone, then as `unmapped_tax` says."""
        mine = [row for row in self.books.tax_accounts if row.title.strip().casefold() == title.strip().casefold()]
        for row in mine:
            if row.rate and abs(Decimal(str(row.rate)) - rate) < Decimal("0.0005"):
                return row.account
        account = next((row.account for row in mine if not row.rate), None)
        # Where the intake names rates of a title, a rate that it does not name is unmapped.
        if not account and not mine:
            account = self._by_title(title)
        if account:
            return account
        if self.books.unmapped_tax == "refuse" or not self.shopify.default_sales_tax_account:
            frappe.throw(f'No account for the tax "{title}" of {rate.normalize():f} %: name one in taxAccounts.')
        self.note(
            f'Tax "{title}" of {rate.normalize():f} % has no account of its own: '
            f"booked to {self.shopify.default_sales_tax_account}."
        )
        return self.shopify.default_sales_tax_account

    def tax_description(self, title: str, rate: Decimal) -> str:
        """What the invoice prints."""
        row = next((row for row in self.shopify.taxes if row.shopify_tax == title), None)
        return (row and row.tax_description) or f"{title} - {rate:.2f}%"

    def payment_account(self, gateway: str | None) -> str:
        """Where a gateway's money arrives; a gift card's comes out of the liability."""
        for row in self.books.payment_accounts:
            if row.gateway.strip().casefold() == (gateway or "").strip().casefold():
                return row.account
        if gateway == "gift_card" and self.books.gift_card_account:
            return self.books.gift_card_account
        return self.shopify.cash_bank_account

    def warehouse(self, location_id: object) -> str:
        """The warehouse of one of Shopify's locations."""
        return self.shopify.get_integration_to_erpnext_wh_mapping().get(str(location_id)) or self.shopify.warehouse

    def _by_title(self, title: str) -> str | None:
        return next((row.tax_account for row in self.shopify.taxes if row.shopify_tax == title), None)
