"""A small shop through the whole door while everything is killed; bench:door runs a large one."""

from __future__ import annotations

import unittest

from .soak import soak
from .soak_bus import soak_bus


class Soak(unittest.TestCase):
    def test_none_is_lost_none_doubled_and_none_invalid(self) -> None:
        outcome = soak(orders=40, deliveries=160, seed=12)
        found = {name: outcome[name] for name in ("accepted", "left", "lost", "doubled", "invalid", "races")}
        self.assertEqual(found, {"accepted": 160, "left": 0, "lost": 0, "doubled": 0, "invalid": 0, "races": 0})

    def test_nor_is_any_of_a_day_in_which_the_server_was_gone(self) -> None:
        outcome = soak_bus(orders=40, deliveries=160, seed=12)
        found = {name: outcome[name] for name in ("left", "lost", "doubled", "invalid")}
        self.assertEqual(found, {"left": 0, "lost": 0, "doubled": 0, "invalid": 0})


if __name__ == "__main__":
    unittest.main()
