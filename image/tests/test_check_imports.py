"""What cannot be imported breaks in the build, not when a site is made or migrated."""

from __future__ import annotations

import sys
import tempfile
import unittest
from pathlib import Path

import check_imports


class CheckImports(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.bench = Path(folder.name)
        self.packages = self.bench / "packages"
        self.packages.mkdir()
        python = self.bench / "env" / "bin" / "python"
        python.parent.mkdir(parents=True)
        python.write_text(f'#!/bin/sh\nPYTHONPATH="{self.packages}" exec "{sys.executable}" "$@"\n')
        python.chmod(0o755)

    def write(self, path: str, source: str) -> None:
        file = self.bench / "apps" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(source)

    def faults(self) -> list[str]:
        return check_imports.faults_of(self.bench, ["frappe"])

    def test_package_whose_own_dependency_is_gone(self) -> None:
        (self.packages / "dropbox.py").write_text("import no_pkg_resources\n")
        self.write("frappe/frappe/integrations/dropbox.py", "import dropbox\nfrom dropbox import files\n")
        self.assertEqual(
            self.faults(),
            [
                'frappe: "dropbox" cannot be imported '
                "(ModuleNotFoundError: No module named 'no_pkg_resources')."
            ],
        )

    def test_what_no_site_needs_is_left_alone(self) -> None:
        self.write("frappe/frappe/__init__.py", "import json\nimport frappe.utils\nfrom . import utils\n")
        self.write("frappe/frappe/maybe.py", "try:\n    import gone\nexcept ImportError:\n    gone = None\n")
        self.write("frappe/frappe/late.py", "def late():\n    import gone\n")
        self.write("frappe/frappe/tests/test_all.py", "import gone\n")
        self.write("frappe/frappe/test_this.py", "import gone\n")
        self.write("frappe/frappe/template.py", "{{ no python }}\n(\n")
        self.assertEqual(self.faults(), [])

    def test_bench_without_a_python(self) -> None:
        (self.bench / "env" / "bin" / "python").unlink()
        [fault] = self.faults()
        self.assertRegex(fault, "cannot be asked to import packages")


if __name__ == "__main__":
    unittest.main()
