"""The last gate of the build: an image without its apps or patches must not come to be."""

from __future__ import annotations

import contextlib
import io
import json
import os
import platform
import sys
from pathlib import Path
from unittest import mock

import patch_connector
import verify_image
from connector_patches import PATCHES, PRODUCT
from tests.connector import ConnectorTestCase

PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
APPS = "erpnext@version-15 ecommerce_integrations@main"
MISSING = 'No apps were asked for; name them, e.g. --build-arg APPS="erpnext@version-15 ecommerce_integrations@main".'


class VerifyImage(ConnectorTestCase):
    """A bench on disk: apps as folders, and a Python that finds what lies in them."""

    def setUp(self) -> None:
        super().setUp()
        self.bench = self.app.parent / "bench"
        self.report = self.bench / "reports" / "report.json"
        (self.bench / "apps").mkdir(parents=True)
        self.app = self.app.rename(self.bench / "apps" / "ecommerce_integrations")
        patch_connector.apply(self.app)
        self.add_app("ecommerce_integrations", '__version__ = "1.20.3"\n')
        self.add_app("frappe", '__version__ = "15.92.0"\n')
        self.add_app("shopify_books", '__version__ = "1.0.0"\n')
        self.replace_by("_replace(product.Importer, '_create_item', None)")
        self.add_app("erpnext", 'import frappe\n\n__version__ = "15.92.1"\n')
        self.add_python()
        self.add_node("v24.13.1")

    def add_app(self, name: str, source: str) -> None:
        package = self.bench / "apps" / name / name
        package.mkdir(parents=True, exist_ok=True)
        (package / "__init__.py").write_text(source)

    def replace_by(self, *calls: str) -> None:
        """What our app replaces of the connector."""
        source = "\n".join(("from ecommerce_integrations.shopify import order, product", *calls))
        (self.bench / "apps" / "shopify_books" / "shopify_books" / "connector.py").write_text(source)

    def add_python(self) -> None:
        """bench's Python, which knows the apps by path files in its site-packages; here by PYTHONPATH."""
        python = self.bench / "env" / "bin" / "python"
        python.parent.mkdir(parents=True)
        packages = self.bench / "packages"
        packages.mkdir(exist_ok=True)
        for name in ("shopify", "shopify_log"):
            (packages / f"{name}.py").write_text("")
        paths = ":".join(str(folder) for folder in [*(self.bench / "apps").iterdir(), packages])
        python.write_text(f'#!/bin/sh\nPYTHONPATH="{paths}" exec "{sys.executable}" "$@"\n')
        python.chmod(0o755)

    def add_node(self, says: str, exit_code: int = 0) -> None:
        """The only node on PATH, as the base image has it there."""
        node = self.bench.parent / "programs" / "node"
        node.parent.mkdir(exist_ok=True)
        node.write_text(f'#!/bin/sh\n[ "$*" = --version ] && echo {says} && exit {exit_code}\n')
        node.chmod(0o755)
        path = mock.patch.dict(os.environ, {"PATH": f"{node.parent}:/usr/bin:/bin"})
        path.start()
        self.addCleanup(path.stop)

    def verify(self, apps: str = APPS, python: str = PYTHON, node: str = "24.12 24.13") -> tuple[int, str]:
        """Exit code and what was said on standard error."""
        said = io.StringIO()
        arguments = ["--bench", str(self.bench), "--apps", apps, "--report", str(self.report)]
        arguments += ["--python", python, "--node", node, "--bases", "frappe/build:v@sha256:1 frappe/base:v@sha256:2"]
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
            return verify_image.main(arguments), said.getvalue()

    def assert_fault(self, message: str, apps: str = APPS) -> None:
        self.assertEqual(self.verify(apps), (1, f"{message}\n"))
        self.assertFalse(self.report.exists())

    def note(self, **commits: str) -> None:
        (self.bench / "sites").mkdir(exist_ok=True)
        states = {name: {"resolution": {"commit_hash": commit, "branch": "x"}} for name, commit in commits.items()}
        (self.bench / "sites" / "apps.json").write_text(json.dumps(states))

    def test_commit_of_a_release(self) -> None:
        commit, other = "4f6ccae1f263a30dc49d116a02ee35e34d920755", "0f6b39ba5971278edb3a9a5c7c4eef435fff6171"
        asked = f"erpnext@v15.92.1#{commit} ecommerce_integrations@version-15"
        for noted in (commit, commit[:8]):
            self.note(erpnext=noted)
            self.assertEqual(self.verify(asked), (0, ""))
        self.report.unlink()
        moved = "was asked for: its branch has moved; make a new release."
        self.note(erpnext=other)
        self.assert_fault(f"The commit of erpnext is {other}, but {commit} {moved}", asked)
        self.note(frappe=commit)
        unknown = "unknown, because bench noted none"
        self.assert_fault(f"The commit of erpnext is {unknown}, but {commit} {moved}", asked)

    def test_framework_of_a_release(self) -> None:
        commit = "4f6ccae1f263a30dc49d116a02ee35e34d920755"
        verify_image.check_framework("15.92.0", "")
        verify_image.check_framework("15.92.0", f"frappe@v15.92.0#{commit}")
        for asked, fault in (
            (f"frappe@v15.93.0#{commit}", "frappe is 15.92.0, but v15.93.0 was asked for"),
            (f"frappe@version-15#{commit}", "frappe is 15.92.0, but version-15 was asked for"),
            ("v15.92.0", '--frappe is "v15.92.0"'),
        ):
            with self.assertRaisesRegex(verify_image.ImageFault, fault):
                verify_image.check_framework("15.92.0", asked)

    def test_report(self) -> None:
        resolution = {"commit_hash": "4f6ccae1", "branch": "version-15"}
        states = {"frappe": {"resolution": resolution}, "erpnext": {"resolution": "not a repo"}}
        (self.bench / "sites").mkdir()
        (self.bench / "sites" / "apps.json").write_text(json.dumps(states))
        self.assertEqual(self.verify(), (0, ""))
        nothing = {"branch": None, "commit": None}
        known = {"branch": "version-15", "commit": "4f6ccae1"}
        self.assertEqual(
            json.loads(self.report.read_text()),
            {
                "apps": [
                    {"name": "frappe", "asked": "frappe", "version": "15.92.0", **known},
                    {"name": "erpnext", "asked": "erpnext@version-15", "version": "15.92.1", **nothing},
                    {
                        "name": "ecommerce_integrations",
                        "asked": "ecommerce_integrations@main",
                        "version": "1.20.3",
                        **nothing,
                    },
                    {"name": "shopify_books", "asked": "shopify_books", "version": "1.0.0", **nothing},
                ],
                "bases": ["frappe/build:v@sha256:1", "frappe/base:v@sha256:2"],
                "runtimes": {"python": platform.python_version(), "node": "24.13.1"},
                "patches": [
                    {"id": one.id, "file": one.file, "function": one.function, "state": "already-applied"}
                    for one in PATCHES
                ],
            },
        )
        self.assertEqual(self.report.stat().st_mode & 0o777, 0o444)
        self.assertEqual([path.name for path in self.report.parent.iterdir()], ["report.json"])

    def test_same_image_gives_the_same_report(self) -> None:
        self.verify()
        first = self.report.read_bytes()
        self.verify()
        self.assertEqual(self.report.read_bytes(), first)

    def test_folder_named_after_the_package(self) -> None:
        self.add_app("india_compliance", '__version__ = "15.1.0"\n')
        self.add_app("local_taxes", "from local_taxes.version import __version__\n")
        (self.bench / "env" / "bin" / "python").unlink()
        (self.bench / "env" / "bin").rmdir()
        (self.bench / "env").rmdir()
        self.add_python()
        self.assertEqual(self.verify(f"{APPS} India-Compliance@v15 erpnext-localisation@main"), (0, ""))
        apps = json.loads(self.report.read_text())["apps"]
        self.assertEqual(
            [(one["name"], one["asked"], one["version"]) for one in apps[3:5]],
            [
                ("india_compliance", "India-Compliance@v15", "15.1.0"),
                ("local_taxes", "erpnext-localisation@main", None),
            ],
        )

    def test_function_that_upstream_has_renamed(self) -> None:
        self.replace_by(
            "_replace(order, 'sync_sales_order', None)",
            "_replace(order, 'sync_order', None)",
            "_replace(product.Importer, '_create', None)",
            "_replace(product.Exporter, '_create_item', None)",
        )
        places = (
            "order.py has no sync_order",
            "product.py has no Importer._create",
            "product.py has no Exporter._create_item",
        )
        self.assert_fault(
            "\n".join(
                f"ecommerce_integrations/shopify/{place}, which shopify_books replaces: teach it the new name."
                for place in places
            )
        )

    def test_app_missing(self) -> None:
        self.assert_fault(
            'App "hrms@version-15" is missing from the image.\n'
            "The image holds: ecommerce_integrations, erpnext, frappe, shopify_books.",
            f"{APPS} hrms@version-15",
        )

    def test_two_apps_missing_while_a_stranger_is_there(self) -> None:
        self.add_app("stranger", "")
        self.assert_fault(
            'App "hrms@v15" is missing from the image.\nApp "local@v15" is missing from the image.\n'
            "The image holds: ecommerce_integrations, erpnext, frappe, shopify_books, stranger.",
            f"{APPS} hrms@v15 local@v15",
        )

    def test_image_without_any_app(self) -> None:
        (self.bench / "apps").rename(self.bench / "aside")
        self.assert_fault(
            'The framework "frappe" is missing from the image.\n'
            'App "erpnext@version-15" is missing from the image.\n'
            'App "ecommerce_integrations@main" is missing from the image.\n'
            'Our own app "shopify_books" is missing from the image.\n'
            "The image holds: no app at all."
        )

    def test_folder_without_package_is_no_app(self) -> None:
        (self.bench / "apps" / "erpnext" / "erpnext" / "__init__.py").unlink()
        self.assert_fault(
            'App "erpnext@version-15" is missing from the image.\nThe image holds: '
            "ecommerce_integrations, frappe, shopify_books."
        )

    def test_app_that_is_not_installed(self) -> None:
        python = self.bench / "env" / "bin" / "python"
        python.write_text(python.read_text().replace(f"{self.bench}/apps/erpnext", f"{self.bench}/apps/elsewhere"))
        self.assert_fault("Not installed in the bench's Python: erpnext.")
        # Standing in the app's folder would let any Python find it.
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(self.bench / "apps" / "erpnext")
        self.assert_fault("Not installed in the bench's Python: erpnext.")

    def test_bench_without_python(self) -> None:
        python = self.bench / "env" / "bin" / "python"
        python.unlink()
        error = f"[Errno 2] No such file or directory: {python!r}"
        self.assert_fault(f"The bench's Python {python} cannot be asked for its packages ({error}).")

    def test_releases_that_do_not_go_together(self) -> None:
        self.add_app("frappe", '__version__ = "16.0.0"\n')
        self.assert_fault("erpnext 15.92.1 does not go with frappe 16.0.0; name one release for both.")

    def test_nothing_asked_for(self) -> None:
        for apps in ("", "  "):
            self.assert_fault(MISSING, apps)

    def test_malformed_list(self) -> None:
        self.assert_fault('"erpnext" is not "<repository>@<branch>" or "<repository>@<branch>#<commit>".', "erpnext")

    def test_runtimes_that_were_not_asked_for_are_all_named(self) -> None:
        moved = "the base image has moved, or it is another's."
        self.add_node("v24.14.0")
        self.assertEqual(
            self.verify(python="3.1 3.2"),
            (
                1,
                f"python is {platform.python_version()}, but 3.1 or 3.2 was asked for; {moved}\n"
                f"node is 24.14.0, but 24.12 or 24.13 was asked for; {moved}\n",
            ),
        )
        self.assertFalse(self.report.exists())

    def test_version_of_which_another_is_the_beginning_is_another(self) -> None:
        self.add_node("v24.120.0")
        self.assertEqual(self.verify()[0], 1)

    def test_node_that_is_missing_or_broken(self) -> None:
        self.add_node("v24.13.0", exit_code=3)
        error = "Command '['node', '--version']' returned non-zero exit status 3."
        self.assert_fault(f"node does not tell its version ({error}).")
        (self.bench.parent / "programs" / "node").unlink()
        with mock.patch.dict(os.environ, {"PATH": str(self.bench.parent)}):
            self.assert_fault("node does not tell its version ([Errno 2] No such file or directory: 'node').")

    def test_versions_that_are_none(self) -> None:
        for text in ("", "3", "3.11.6", "3.x"):
            with self.subTest(text):
                self.assertEqual(
                    self.verify(python=text),
                    (
                        1,
                        f'--python is "{text}"; name major and minor versions, e.g. "3.11", or several with blanks.\n',
                    ),
                )

    def test_patch_missing(self) -> None:
        source = self.read(PRODUCT)
        self.write(PRODUCT, source.replace(b"[:140]", b"[:150]"))
        self.assert_fault(f'{PRODUCT}: patch "product-item-name" is missing.')
        self.write(PRODUCT, source.replace(b"_create_item(", b"_make_item("))
        self.assert_fault(f"{PRODUCT}: looked for one function _create_item, found none.")


class Containerfile(ConnectorTestCase):
    """What no test here can build, at least says the same as the programs that it runs."""

    here = Path(__file__).resolve().parents[1]
    lines = (here / "Containerfile").read_text().replace("\\\n", "").splitlines()
    instructions = [line for line in lines if line and not line.startswith("#")]

    def of(self, keyword: str) -> list[str]:
        return [line.removeprefix(f"{keyword} ") for line in self.instructions if line.startswith(f"{keyword} ")]

    def test_starts_from_the_apps_and_keeps_how_the_image_runs(self) -> None:
        self.assertEqual(self.instructions[0], "FROM apps")
        self.assertEqual(self.instructions[-1], "USER frappe")
        changed = {line.split()[0] for line in self.instructions}
        self.assertEqual(changed, {"FROM", "ARG", "USER", "COPY", "RUN", "LABEL"})

    def test_context_is_what_it_copies(self) -> None:
        programs = [word for word in self.of("COPY")[0].split() if word.endswith(".py")]
        ignored = [line for line in (self.here / ".dockerignore").read_text().splitlines() if not line.startswith("#")]
        self.assertEqual(ignored, ["*", *(f"!{copied}" for copied in (*programs, "shopify_books")), "**/__pycache__"])
        self.assertIn("shopify_books /home/frappe/frappe-bench/apps/shopify_books", self.of("COPY")[1])
        self.assertEqual(programs, sorted(path.name for path in self.here.glob("*.py")))

    def test_label_names_every_patch(self) -> None:
        [label] = self.of("LABEL")
        self.assertIn(f'erpnext.connector-patches="{" ".join(sorted(one.id for one in PATCHES))}"', label)

    def test_apps_have_no_default(self) -> None:
        self.assertEqual(self.of("ARG"), ["APPS", "PYTHON", "NODE", 'FRAPPE=""', 'BASES=""'])

    def test_no_argument_has_the_name_of_a_variable_of_the_base_image(self) -> None:
        """Python's own images set these, and an ENV wins over an ARG."""
        names = {argument.split("=")[0] for argument in self.of("ARG")}
        self.assertTrue(names.isdisjoint({"PYTHON_VERSION", "PYTHON_SHA256", "NVM_DIR", "PATH", "LANG", "GPG_KEY"}))

    def test_verification_is_told_every_argument(self) -> None:
        [command] = [line for line in self.of("RUN") if "verify_image.py" in line]
        for argument in ("APPS", "FRAPPE", "PYTHON", "NODE", "BASES"):
            self.assertIn(f'--{argument.lower()} "${{{argument}}}"', command)
