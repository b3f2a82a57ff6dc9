"""What an order is worth, to the cent."""

from __future__ import annotations

import unittest
from decimal import Decimal

from shopify_books import money

from tests.orders import line, order, refund


def total(sale: money.Sale) -> str:
    return str(sale.total)


class Placed(unittest.TestCase):
    def test_taxes_inside_the_prices(self) -> None:
        sale = money.placed(order(line("19.90", 2, tax="6.35")))
        self.assertEqual((total(sale), str(sale.lines[0].net), str(sale.charges[0].net)), ("44.70", "33.45", "4.12"))

    def test_taxes_on_top(self) -> None:
        sale = money.placed(order(line("19.90", 2, tax="7.56"), taxes_included=False, shipping_tax="0.93"))
        self.assertEqual((total(sale), str(sale.lines[0].net)), ("53.19", "39.80"))

    def test_thousand_small_pieces_less_ten_per_cent(self) -> None:
        sale = money.placed(order(line("0.19", 1000, tax="27.30", discount="19.00"), shipping=""))
        self.assertEqual(total(sale), "171.00")

    def test_free_line_is_a_line(self) -> None:
        sale = money.placed(order(line("19.90", tax="3.18"), line("19.90", discount="19.90")))
        self.assertEqual((len(sale.lines), str(sale.lines[1].net), total(sale)), (2, "0.00", "24.80"))

    def test_discount_without_allocations(self) -> None:
        self.assertEqual(total(money.placed(order(line("10.00", total_discount="2.50"), shipping=""))), "7.50")

    def test_kinds_of_line(self) -> None:
        nothing = {"product_id": None, "variant_id": None}
        lines = [line("5.00", **nothing), line("3.00", **nothing), line("50.00", gift_card=True), line("1.00")]
        sale = money.placed(order(*lines, total_tip_received="3.00"))
        self.assertEqual([one.kind for one in sale.lines], ["custom", "tip", "gift_card", "product"])

    def test_shipping_that_an_edit_removed(self) -> None:
        given = order(line("19.90", tax="3.18"))
        given["shipping_lines"][0]["is_removed"] = True
        self.assertEqual(total(money.placed(given)), "19.90")

    def test_free_shipping(self) -> None:
        given = order(line("19.90", tax="3.18"), shipping_tax="0.00")
        given["shipping_lines"][0]["discount_allocations"] = [{"amount": "4.90"}]
        self.assertEqual((total(money.placed(given)), money.placed(given).charges), ("19.90", ()))

    def test_duties_and_fees(self) -> None:
        fee = {"name": "Import fee", "price_set": {"shop_money": {"amount": "2.00"}}, "tax_lines": []}
        duties = {"shop_money": {"amount": "6.00"}}
        sale = money.placed(order(line("19.90"), original_total_duties_set=duties, additional_fees=[fee]))
        self.assertEqual([(one.kind, str(one.net)) for one in sale.charges[1:]], [("duty", "6.00"), ("fee", "2.00")])

    def test_tax_of_all_lines_at_the_first(self) -> None:
        lines = [line("395.00", discount="19.67", tax="53.62"), line("395.00", discount="19.67")]
        lines.append(line("395.00", discount="19.66"))
        lines[0]["tax_lines"][0]["rate"] = 0.05
        sale = money.placed(order(*lines, shipping=""))
        self.assertEqual([str(one.net) for one in sale.lines], ["357.46", "357.46", "357.46"])
        self.assertEqual((total(sale), str(sum(map(money.taxes_of, sale.lines)))), ("1126.00", "53.62"))

    def test_lines_without_tax_beside_one_with_tax(self) -> None:
        sale = money.placed(order(line("19.90", tax="3.18"), line("19.90"), shipping=""))
        self.assertEqual([str(one.net) for one in sale.lines], ["16.72", "19.90"])

    def test_rate_in_per_cent(self) -> None:
        self.assertEqual(money.placed(order(line("19.90", tax="3.18"))).lines[0].taxes[0].rate, Decimal(19))

    def test_what_is_no_number_is_nothing(self) -> None:
        self.assertEqual([str(money.amount(one)) for one in (None, "", "NaN", "Infinity", "x", 4)], ["0"] * 5 + ["4"])


class Settled(unittest.TestCase):
    def test_other_currency_is_the_share_of_the_total(self) -> None:
        total = {"shop_money": {"amount": "24.80"}, "presentment_money": {"amount": "29.10", "currency_code": "USD"}}
        given = order(line("19.90", tax="3.18"), total_price_set=total)

        def settled(**transaction: object) -> str:
            return str(money.settled(transaction, given))

        self.assertEqual(settled(amount="29.10", currency="USD"), "24.80")
        self.assertEqual(settled(amount="5.00", currency="USD"), "4.26")
        self.assertEqual(settled(amount="24.80", currency="EUR"), "24.80")
        self.assertEqual(
            settled(amount="29.10", currency="USD", amount_set={"shop_money": {"amount": "24.81"}}), "24.81"
        )
        self.assertEqual(settled(amount="24.80"), "24.80")


class Edited(unittest.TestCase):
    def test_line_removed_before_the_payment(self) -> None:
        kept, gone = line("19.90", tax="3.18"), line("12.50", tax="2.00", current_quantity=0)
        self.assertEqual(total(money.sold(order(kept, gone), Decimal("24.80"))), "24.80")

    def test_removal_that_shopify_writes_as_a_refund_without_money(self) -> None:
        kept, gone = line("19.90", tax="3.18"), line("12.50", tax="2.00", current_quantity=0)
        self.assertEqual(total(money.sold(order(kept, gone, refunds=[refund((gone, 1, "12.50", "2.00"))]))), "24.80")

    def test_removal_after_the_payment_leaves_what_was_sold(self) -> None:
        kept, gone = line("19.90", tax="3.18"), line("12.50", tax="2.00", current_quantity=0)
        given = order(kept, gone, refunds=[refund(money="12.50")])
        self.assertEqual((total(money.sold(given)), total(money.sold(given, Decimal("37.30")))), ("37.30", "37.30"))

    def test_refund_of_money_leaves_what_was_sold(self) -> None:
        sold = line("19.90", 2, tax="6.35", current_quantity=1)
        self.assertEqual(
            total(money.sold(order(sold, refunds=[refund((sold, 1, "19.90", "3.18"), money="19.90")]))), "44.70"
        )

    def test_share_of_a_line_is_whole_units(self) -> None:
        [third] = money.sold(order(line("10.00", 3, tax="4.79", current_quantity=1), shipping="")).lines
        self.assertEqual((str(third.net), str(third.taxes[0].amount)), ("8.40", "1.60"))
        yen = order(line("100", 3, tax="27", current_quantity=1, discount="1"), shipping="", currency="JPY")
        self.assertEqual(total(money.sold(yen)), "100")


if __name__ == "__main__":
    unittest.main()
