"""The patcher as the Containerfile and an operator call it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from connector_patches import ORDER, PATCHES, PRODUCT
from tests.connector import ALL_IDS, ConnectorTestCase

PROGRAM = Path(__file__).resolve().parents[1] / "patch_connector.py"


class CommandLine(ConnectorTestCase):
    def call(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        # From "/": the program must find its own modules wherever it is called from.
        return subprocess.run([sys.executable, "-B", PROGRAM, *arguments], cwd="/", capture_output=True, text=True)

    def states(self, output: str) -> dict[str, str]:
        return {one["id"]: one["state"] for one in json.loads(output)["patches"]}

    def test_check_writes_nothing_and_fails_until_every_patch_is_there(self) -> None:
        before = self.everything()
        missing = self.call("--app", str(self.app), "--check", "--json")
        self.assertEqual((missing.returncode, missing.stderr), (1, ""))
        self.assertEqual(self.states(missing.stdout), dict.fromkeys(ALL_IDS, "missing"))
        self.assertEqual(self.everything(), before)

        self.assertEqual(self.call("--app", str(self.app)).returncode, 0)
        there = self.call("--app", str(self.app), "--check", "--json")
        self.assertEqual((there.returncode, there.stderr), (0, ""))
        self.assertEqual(self.states(there.stdout), dict.fromkeys(ALL_IDS, "already-applied"))

    def test_report_names_the_places(self) -> None:
        done = self.call("--apps-dir", str(self.app.parent), "--json")
        self.assertEqual(done.returncode, 0)
        self.assertEqual(
            json.loads(done.stdout),
            {
                "app": str(self.app),
                "patches": [
                    {"id": one.id, "file": one.file, "function": one.function, "state": "applied", "message": ""}
                    for one in PATCHES
                ],
            },
        )

    def test_text_for_people(self) -> None:
        lines = self.call("--app", str(self.app)).stdout.splitlines()
        self.assertEqual(lines[1], f"applied         fetch-all-orders        {ORDER} _fetch_old_orders")
        self.assertEqual(len(lines), len(PATCHES))

    def test_place_not_found(self) -> None:
        self.replace(PRODUCT, "def _create_item(", "def _make_item(")
        before = self.everything()
        for arguments in ([], ["--check"]):
            failed = self.call("--app", str(self.app), "--json", *arguments)
            self.assertEqual(failed.returncode, 1)
            self.assertEqual(failed.stderr, f"{PRODUCT}: looked for one function _create_item, found none.\n")
            self.assertEqual(self.states(failed.stdout)["product-item-name"], "failed")
            self.assertEqual(self.states(failed.stdout)["line-item-name"], "missing")
        self.assertEqual(self.everything(), before)

    def test_connector_missing(self) -> None:
        apps = self.app / "apps"
        apps.mkdir()
        for name, holds in ((None, "no app at all"), ("frappe", "frappe"), ("erpnext", "erpnext, frappe")):
            if name:
                (apps / name).mkdir()
            failed = self.call("--apps-dir", str(apps), "--json")
            self.assertEqual(failed.returncode, 1)
            connector = apps / "ecommerce_integrations"
            self.assertEqual(
                failed.stderr, f"{connector} is missing, so there is nothing to patch: {apps} holds {holds}.\n"
            )
            self.assertEqual(set(self.states(failed.stdout).values()), {"failed"})

    def test_wrong_arguments(self) -> None:
        self.assertEqual(self.call().returncode, 2)
        self.assertEqual(self.call("--app", "a", "--apps-dir", "b").returncode, 2)
