"""Texts, addresses and products that ERPNext would refuse."""

from __future__ import annotations

import unittest

from shopify_books import fit

ADDRESS = {"address1": "Weg 1", "city": "Praha", "zip": "110 00", "phone": "+420 1"}


class Texts(unittest.TestCase):
    def test_no_markup_no_line_ends_no_more_than_fits(self) -> None:
        self.assertEqual(fit.text(" <b>A\n B</b> "), "bA B/b")
        self.assertEqual((len(fit.text("x" * 200)), fit.text(None), fit.text(0)), (140, "", "0"))

    def test_email(self) -> None:
        for taken in ("a@example.com", "a.b+c@x-y.co.uk", "O'Neil@example.com"):
            self.assertEqual(fit.email(taken), taken)
        for refused in ("a", "a@b", "a..b@example.com", "a b@example.com", "ü@example.com", "@x.de", None, "a@-x.de"):
            self.assertEqual(fit.email(refused), "", refused)

    def test_phone(self) -> None:
        self.assertEqual((fit.phone("+49 (30) 1-2"), fit.phone("x"), fit.phone("1" * 21)), ("+49 (30) 1-2", "", ""))

    def test_customer_always_has_a_name(self) -> None:
        full = {"first_name": "Anna", "last_name": "<Meier>", "email": "a@b.de", "phone": "1", "id": 7}
        for field, name in (
            ("first_name", "Anna Meier"),
            ("email", "a@b.de"),
            ("phone", "1"),
            ("id", "Shopify customer 7"),
        ):
            self.assertEqual(fit.customer_name(full, {}), name)
            full[field] = None
            if field == "first_name":
                full["last_name"] = None
        self.assertEqual(fit.customer_name({"id": 7}, {"name": "Bo"}), "Bo")


class Addresses(unittest.TestCase):
    def test_fields(self) -> None:
        fields = fit.address_fields(ADDRESS, "Anna Meier", "Billing")
        self.assertEqual((fields["address_line1"], fields["address_line2"], fields["pincode"]), ("Weg 1", "", "110 00"))
        self.assertEqual(fit.left_out(ADDRESS, fields), [])

    def test_company_is_the_first_line(self) -> None:
        fields = fit.address_fields({**ADDRESS, "company": "ACME"}, "Anna Meier", "Billing")
        self.assertEqual((fields["address_line1"], fields["address_line2"]), ("ACME", "Weg 1"))

    def test_mandatory_fields_are_never_empty(self) -> None:
        fields = fit.address_fields({"city": None}, "Anna Meier", "Shipping")
        self.assertEqual((fields["address_line1"], fields["city"]), ("-", "-"))

    def test_what_does_not_fit_is_noted(self) -> None:
        address = {**ADDRESS, "address1": "W" * 150, "phone": "call me"}
        fields = fit.address_fields(address, "Anna Meier", "Billing")
        self.assertEqual(len(fields["address_line1"]), 140)
        self.assertEqual(fit.left_out(address, fields), [f"address1: {'W' * 150}", "phone: call me"])


class Products(unittest.TestCase):
    def test_variant_without_weight(self) -> None:
        for variant in ({"id": 1, "weight": 2, "weight_unit": None}, {"id": 1, "weight": 2, "weight_unit": "stone"}):
            [fitted] = fit.product({"id": 7, "variants": [variant]})["variants"]
            self.assertEqual((fitted["weight"], fitted["weight_unit"]), (0, "kg"))

    def test_texts(self) -> None:
        fitted = fit.product({"id": 7, "title": "", "vendor": "<A>", "product_type": "x" * 150, "variants": []})
        self.assertEqual((fitted["title"], fitted["vendor"], len(fitted["product_type"])), ("Product 7", "A", 140))

    def test_options_and_their_values_stay_the_same_text(self) -> None:
        fitted = fit.product(
            {
                "id": 7,
                "options": [{"name": "Size <cm>", "values": ["<10", "20 "]}],
                "variants": [{"id": 1, "weight": 1, "weight_unit": "g", "option1": "<10"}],
            }
        )
        self.assertEqual(fitted["options"][0]["values"], ["10", "20"])
        self.assertEqual(fitted["variants"][0]["option1"], "10")


if __name__ == "__main__":
    unittest.main()
