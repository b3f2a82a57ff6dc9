"""Credit notes are the money that was paid back, whatever the refund says of its lines."""

from __future__ import annotations

import unittest
from typing import Any

from shopify_books import money, payback

from tests.orders import line, order, refund


def credits(given: dict[str, Any]) -> list[payback.Credit]:
    return payback.credits_of(given, money.sold(given))


class Credits(unittest.TestCase):
    def setUp(self) -> None:
        self.line = line("19.90", 2, tax="6.35")
        self.order = order(self.line)

    def only(self, *refunds: dict[str, Any]) -> payback.Credit:
        self.order["refunds"] = list(refunds)
        [credit] = credits(self.order)
        self.assertEqual(
            sum(
                (one.net + money.taxes_of(one) for one in (*credit.lines, *filter(None, [credit.shipping]))),
                credit.rest,
            ),
            credit.total,
        )
        return credit

    def test_part_of_a_line(self) -> None:
        credit = self.only(refund((self.line, 1, "19.90", "3.18"), money="19.90"))
        [part] = credit.lines
        self.assertEqual((part.quantity, str(part.net), str(part.taxes[0].amount)), (1, "16.72", "3.18"))
        self.assertEqual((credit.shipping, str(credit.rest), str(credit.total)), (None, "0.00", "19.90"))

    def test_shipping_whose_amount_holds_its_tax(self) -> None:
        adjustment = {"kind": "shipping_refund", "amount": "-4.90", "tax_amount": "-0.78"}
        credit = self.only(refund(money="4.90", order_adjustments=[adjustment]))
        self.assertEqual((str(credit.shipping.net), str(credit.rest)), ("4.12", "0.00"))

    def test_shipping_whose_amount_is_without_tax(self) -> None:
        adjustment = {"kind": "shipping_refund", "amount": "-4.12", "tax_amount": "-0.78"}
        credit = self.only(refund(money="4.90", order_adjustments=[adjustment]))
        self.assertEqual((str(credit.shipping.net), str(credit.rest)), ("4.12", "0.00"))

    def test_money_for_nothing_in_particular(self) -> None:
        self.assertEqual(str(self.only(refund(money="5.00")).rest), "5.00")

    def test_less_than_the_goods_were_worth(self) -> None:
        self.assertEqual(str(self.only(refund((self.line, 1, "19.90", "3.18"), money="15.00")).rest), "-4.90")

    def test_refund_without_figures_is_the_share_of_its_line(self) -> None:
        bare = refund((self.line, 1, "", ""), money="19.90")
        for row in bare["refund_line_items"]:
            del row["subtotal"], row["total_tax"]
        self.assertEqual(str(self.only(bare).lines[0].net), "16.72")

    def test_two_rates_share_the_refunded_tax(self) -> None:
        self.line["tax_lines"] = [
            {"title": "A", "rate": 0.1, "price": "4.00"},
            {"title": "B", "rate": 0.05, "price": "2.35"},
        ]
        [part] = self.only(refund((self.line, 1, "19.90", "3.18"), money="19.90")).lines
        self.assertEqual([str(tax.amount) for tax in part.taxes], ["2.00", "1.18"])

    def test_edit_after_the_payment_is_credited_by_the_refund_that_names_no_line(self) -> None:
        self.line["current_quantity"] = 1
        credit = self.only(refund(money="19.90"))
        self.assertEqual(([one.quantity for one in credit.lines], str(credit.rest)), ([1], "0.00"))

    def test_failed_refund_is_none(self) -> None:
        failed = refund(money="19.90")
        failed["transactions"][0]["status"] = "failure"
        self.order["refunds"] = [failed]
        self.assertEqual(credits(self.order), [])


class Returns(unittest.TestCase):
    def test_only_what_came_back(self) -> None:
        sold = line("19.90", 2)
        found = {
            restock: [one.quantity for one in payback.returns_of(refund((sold, 1, "19.90", "0"), restock=restock))]
            for restock in ("return", "cancel", "no_restock", "legacy_restock")
        }
        self.assertEqual(found, {"return": [1], "cancel": [], "no_restock": [], "legacy_restock": [1]})


if __name__ == "__main__":
    unittest.main()
