"""A Redis whose file was torn starts by itself (host/redis.sh), with all that was on the disk."""

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path

from .processes import Redis


class TornFile(unittest.TestCase):
    def setUp(self) -> None:
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.redis = Redis(Path(scratch.name))
        self.addCleanup(self.redis.end)
        self.redis.start()
        for number in range(20):
            self.redis.ask(f"SET key{number} {'x' * 100}")
        self.redis.end()

    def test_starts_after_a_command_that_stops_in_the_middle(self) -> None:
        file = self.redis.newest_file
        file.write_bytes(file.read_bytes()[:-30])
        self.redis.start()
        self.assertEqual(self.redis.ask("DBSIZE"), b":19\r\n")

    def test_starts_after_zeros_that_the_file_system_left(self) -> None:
        file = self.redis.newest_file
        whole = file.read_bytes()
        file.write_bytes(whole + bytes(4096))
        self.redis.start()
        self.assertEqual(self.redis.ask("DBSIZE"), b":20\r\n")
        self.assertIn("4096 bytes that are no command", self.redis.log)
        self.assertEqual(file.with_name(f"{file.name}.torn").read_bytes(), whole + bytes(4096))

    def test_goes_on_to_write_where_it_was_cut_off(self) -> None:
        with self.redis.newest_file.open("ab") as file:
            file.write(bytes(32))
        self.redis.start()
        self.assertEqual(self.redis.ask("SET more 1"), b"+OK\r\n")
        self.redis.end()
        self.redis.start()
        self.assertEqual(self.redis.ask("GET more"), b"$1\r\n1\r\n")

    def test_leaves_alone_what_no_loss_of_power_explains(self) -> None:
        file = self.redis.newest_file
        file.write_bytes(bytes(32) + file.read_bytes() + bytes(17_000_000))
        with self.assertRaises(ChildProcessError):
            self.redis.start()
        self.assertIn("which no loss of power explains", self.redis.log)


if __name__ == "__main__":
    unittest.main()
