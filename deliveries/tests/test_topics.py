"""Which order a delivery is about."""

import unittest

from ..topics import order_of


class OrderOf(unittest.TestCase):
    def test_each_topic_has_the_id_in_its_own_place(self):
        cases = [
            ("orders/create", {"id": 7}, "7"),
            ("refunds/create", {"id": 1, "order_id": 7}, "7"),
            ("orders/edited", {"order_edit": {"id": 1, "order_id": 7}}, "7"),
        ]
        for topic, payload, order in cases:
            with self.subTest(topic):
                self.assertEqual(order_of(topic, payload), order)

    def test_a_payload_of_another_shape_is_about_none(self):
        for payload in ({}, {"order_edit": 7}, {"order_edit": {"order_id": True}}, [], None):
            with self.subTest(payload=payload):
                self.assertIsNone(order_of("orders/edited", payload))


if __name__ == "__main__":
    unittest.main()
