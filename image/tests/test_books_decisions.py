"""What a payload asks for, whichever delivery brought it and whenever it comes."""

from __future__ import annotations

import unittest
from datetime import date
from decimal import Decimal
from typing import Any

from shopify_books import decisions, money

from tests.orders import line, order, refund

TOTAL = Decimal("24.80")


def payment(amount: str, day: str = "2026-11-30T10:00:00+01:00", **more: Any) -> dict[str, Any]:
    return {
        "id": 1,
        "kind": "sale",
        "status": "success",
        "gateway": "paypal",
        "amount": amount,
        "processed_at": day,
        **more,
    }


class Payments(unittest.TestCase):
    def setUp(self) -> None:
        self.order = order(line("19.90"), processed_at="2026-10-20T10:00:00+02:00", payment_gateway_names=["paypal"])

    def of(self, *seen: dict[str, Any], paid_now: bool = False) -> list[tuple[str | None, str, date]]:
        found = decisions.payments_of(self.order, list(seen), TOTAL, paid_now)
        return [(one.gateway, str(one.amount), one.day) for one in found]

    def test_day_and_gateway_are_the_moneys(self) -> None:
        card = payment("10.00", "2026-11-28T23:59:00+01:00", gateway="gift_card")
        self.assertEqual(
            self.of(payment("14.80"), card),
            [("gift_card", "10.00", date(2026, 11, 28)), ("paypal", "14.80", date(2026, 11, 30))],
        )

    def test_only_what_moved_money(self) -> None:
        other = [payment("1", status="failure"), payment("2", kind="authorization"), payment("3", kind="refund")]
        self.assertEqual(self.of(*other, payment("24.80", kind="capture"))[0][1], "24.80")

    def test_transactions_that_cannot_be_seen(self) -> None:
        [unseen] = decisions.payments_of(self.order, None, TOTAL)
        self.assertEqual((unseen.id, unseen.gateway), (f"order-{self.order['id']}", "paypal"))
        self.assertEqual((unseen.amount, unseen.day), (TOTAL, date(2026, 10, 20)))
        self.order["updated_at"] = "2026-11-30T09:00:00Z"
        self.assertEqual(decisions.payments_of(self.order, None, TOTAL, paid_now=True)[0].day, date(2026, 11, 30))

    def test_two_gateways_that_cannot_be_seen_are_not_guessed(self) -> None:
        self.order["payment_gateway_names"] = ["gift_card", "paypal"]
        with self.assertRaisesRegex(decisions.PaymentsUnknown, "gift_card and paypal"):
            decisions.payments_of(self.order, None, TOTAL)

    def test_free_order(self) -> None:
        self.assertEqual(decisions.payments_of(self.order, [], Decimal(0)), [])

    def test_cash_rounded_to_coins(self) -> None:
        def rounded(adjustment: str, left: str, paid: str) -> str:
            self.order["total_cash_rounding_payment_adjustment_set"] = {"shop_money": {"amount": adjustment}}
            return str(decisions.rounded_at_the_till(self.order, Decimal(left), Decimal(paid)))

        self.assertEqual(rounded("-0.02", "12.52", "12.50"), "0.02")
        self.assertEqual(rounded("0.05", "24.80", "24.85"), "-0.05")
        self.assertEqual(rounded("0.00", "24.80", "24.00"), "0")
        self.assertEqual(rounded("-0.02", "24.80", "10.00"), "0")


class Money(unittest.TestCase):
    def test_statuses(self) -> None:
        due = {
            status: (
                decisions.has_money({"financial_status": status}, False),
                decisions.has_money({"financial_status": status}, True),
            )
            for status in (
                "paid",
                "partially_refunded",
                "refunded",
                "partially_paid",
                "pending",
                "authorized",
                "voided",
            )
        }
        self.assertEqual(
            due,
            {
                **dict.fromkeys(("paid", "partially_refunded", "refunded"), (True, True)),
                "partially_paid": (False, True),
                **dict.fromkeys(("pending", "authorized", "voided"), (False, False)),
            },
        )

    def test_sum_that_shopify_does_not_explain(self) -> None:
        given = order(line("19.90", tax="3.18"), total_price="24.80")
        self.assertIsNone(decisions.unexplained(given))
        given["total_price"] = "99.00"
        self.assertEqual(
            decisions.unexplained(given), "Shopify's total of 99.00 is not the sum of what it lists, 24.80."
        )


class Edits(unittest.TestCase):
    def test_total_or_pieces(self) -> None:
        cup = line("19.90", 2)
        sale = money.placed(order(cup, shipping=""))
        line_id = str(cup["id"])
        self.assertFalse(decisions.differs(39.800000001, {line_id: 2.0}, sale))
        self.assertTrue(decisions.differs(39.8, {line_id: 1.0}, sale))
        self.assertTrue(decisions.differs(39.79, None, sale))
        self.assertFalse(decisions.differs(39.8, None, sale))

    def test_delivery_of_an_earlier_time(self) -> None:
        self.assertTrue(decisions.is_older("2026-11-30T10:00:00+01:00", "2026-11-30T09:30:00Z"))
        self.assertFalse(decisions.is_older("2026-11-30T11:00:00+01:00", "2026-11-30T09:30:00Z"))
        self.assertFalse(decisions.is_older(None, "2026-11-30T09:30:00Z"))


class Over(unittest.TestCase):
    def setUp(self) -> None:
        self.cup, self.bowl = line("19.90", 2), line("12.50")
        self.order = order(self.cup, self.bowl, refunds=[refund((self.bowl, 1, "12.50", "0"), money="12.50")])

    def ship(self, pieces: int, status: str = "success") -> bool:
        rows = [{"id": self.cup["id"], "quantity": pieces}]
        self.order["fulfillments"] = [{"status": status, "line_items": rows}]
        return decisions.nothing_to_ship(self.order)

    def test_rest_is_shipped(self) -> None:
        self.assertEqual((self.ship(2), self.ship(1), self.ship(2, "cancelled")), (True, False, False))

    def test_without_a_refund_erpnext_knows_by_itself(self) -> None:
        self.order["refunds"] = []
        self.assertFalse(self.ship(2))


if __name__ == "__main__":
    unittest.main()
