"""The list of an image's packages: of what is installed, each once, and never an empty one."""

from __future__ import annotations

import contextlib
import io
import json
import sys
import tempfile
from pathlib import Path
from unittest import TestCase

import sbom

DPKG = """\
Package: tini
Status: install ok installed
Architecture: amd64
Version: 0.19.0-1+b3
Description: a tiny init
 with: a second line

Package: gone
Status: deinstall ok config-files
Architecture: amd64
Version: 1
"""


class Sbom(TestCase):
    def setUp(self) -> None:
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.bench = Path(directory.name)
        self.dpkg = self.bench / "status"
        self.dpkg.write_text(DPKG)
        self.packages = self.bench / "packages"
        self.add_distribution("Pillow", "11.3.0")
        self.add_distribution("num2words", "0.5.14")
        python = self.bench / "env" / "bin" / "python"
        python.parent.mkdir(parents=True)
        # Neither the machine's packages nor the user's: only those of this bench.
        python.write_text(f'#!/bin/sh\nPYTHONPATH="{self.packages}" exec "{sys.executable}" -S "$@"\n')
        python.chmod(0o755)
        self.add_node("apps/frappe/node_modules/redis", "redis", "4.7.1")
        self.add_node("apps/frappe/node_modules/@redis/client", "@redis/client", "1.6.1")
        self.add_node("apps/frappe/node_modules/redis/node_modules/yallist", "yallist", "4.0.0")
        self.add_node("apps/erpnext/node_modules/redis", "redis", "4.7.1")

    def add_distribution(self, name: str, version: str) -> None:
        info = self.packages / f"{name}-{version}.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")

    def add_node(self, path: str, name: str, version: str) -> None:
        (self.bench / path).mkdir(parents=True, exist_ok=True)
        (self.bench / path / "package.json").write_text(json.dumps({"name": name, "version": version}))

    def run_main(self) -> tuple[int, str]:
        said = io.StringIO()
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
            arguments = ["--bench", str(self.bench), "--dpkg", str(self.dpkg), "--output", str(self.output)]
            return sbom.main(arguments), said.getvalue()

    @property
    def output(self) -> Path:
        return self.bench / "sbom.json"

    def test_every_package_is_named_once(self) -> None:
        self.assertEqual(self.run_main()[0], 0)
        written = json.loads(self.output.read_text())
        self.assertEqual((written["bomFormat"], written["specVersion"]), ("CycloneDX", "1.6"))
        self.assertEqual(
            [component["purl"] for component in written["components"]],
            [
                "pkg:deb/debian/tini@0.19.0-1%2Bb3?arch=amd64",
                "pkg:npm/%40redis/client@1.6.1",
                "pkg:npm/redis@4.7.1",
                "pkg:npm/yallist@4.0.0",
                "pkg:pypi/num2words@0.5.14",
                "pkg:pypi/pillow@11.3.0",
            ],
        )

    def test_the_same_packages_make_the_same_document(self) -> None:
        self.run_main()
        first = self.output.read_bytes()
        self.run_main()
        self.assertEqual(self.output.read_bytes(), first)

    def test_what_describes_itself_wrongly_is_left_out(self) -> None:
        (self.bench / "apps/frappe/node_modules/redis/package.json").write_text("{")
        self.assertEqual(self.run_main()[0], 0)

    def test_an_image_that_was_read_wrongly_has_no_document(self) -> None:
        self.dpkg.write_text("")
        (self.bench / "apps").rename(self.bench / "elsewhere")
        code, said = self.run_main()
        self.assertEqual(code, 1)
        self.assertIn("no Node and no Debian package was found in the image.", said)
        self.assertFalse(self.output.exists())

    def test_a_bench_without_python_is_named(self) -> None:
        (self.bench / "env/bin/python").unlink()
        code, said = self.run_main()
        self.assertEqual(code, 1)
        self.assertIn("bench's Python could not be asked for its packages", said)
