"""Two files are replaced together: a failure between them must not leave one patched and the other not."""

from __future__ import annotations

import os
from unittest import mock

import patch_connector
from connector_patches import ORDER, PACKAGE, PRODUCT
from source_text import SourceText
from tests.connector import ConnectorTestCase


class WriteTogether(ConnectorTestCase):
    def assert_untouched_when(self, name: str, fail_at: int, error: BaseException) -> None:
        """Lets the given call of an os function fail, as a full disk or a signal would."""
        before = self.everything()
        real = getattr(os, name)
        calls = 0

        def failing(*arguments: object, **keywords: object) -> object:
            nonlocal calls
            calls += 1
            if calls == fail_at:
                raise error
            return real(*arguments, **keywords)

        with mock.patch.object(os, name, failing), self.assertRaises(type(error)):
            patch_connector.apply(self.app)
        self.assertGreaterEqual(calls, fail_at)
        self.assertEqual(self.everything(), before)

    def test_disk_full_while_staging(self) -> None:
        for fail_at in (1, 2):
            with self.subTest(fail_at):
                self.assert_untouched_when("fsync", fail_at, OSError(28, "No space left on device"))

    def test_first_or_second_file_cannot_be_replaced(self) -> None:
        for fail_at in (1, 2):
            with self.subTest(fail_at):
                self.assert_untouched_when("replace", fail_at, PermissionError(1, "Operation not permitted"))

    def test_stopped_between_the_files(self) -> None:
        self.assert_untouched_when("replace", 2, KeyboardInterrupt())

    def test_edit_that_would_break_the_file_is_not_written(self) -> None:
        before = self.everything()
        with mock.patch.object(SourceText, "with_insertions", return_value=b"def broken(:\n"):
            results = patch_connector.apply(self.app)
        self.assertEqual({one.state for one in results}, {"failed"})
        self.assertEqual(
            {one.message for one in results},
            {
                f"{name}: the edited text would be broken (invalid syntax (<unknown>, line 1))."
                for name in (PACKAGE, ORDER, PRODUCT)
            },
        )
        self.assertEqual(self.everything(), before)

    def test_edit_that_leaves_its_gap_open_is_not_written(self) -> None:
        before = self.everything()
        with mock.patch.object(SourceText, "with_insertions", lambda source, *_: source.text.encode()):
            results = patch_connector.apply(self.app)
        self.assertEqual(results[-1].message, f"{PRODUCT}: the edit would not close product-item-name.")
        self.assertEqual(self.everything(), before)
