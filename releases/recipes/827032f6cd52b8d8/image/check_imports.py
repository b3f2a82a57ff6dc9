"""Imports what the apps import, with the bench's own Python: what cannot be imported breaks in the build and not in a migration.

The apps themselves cannot be imported without a site; the packages that they are made on can. Seen on frappe/bench#1698: setuptools without
pkg_resources gave images that build well and break when a site is made.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

# Code that no site runs: tests, commands of developers, patches of versions that are long gone.
_NOT_RUN = {"tests", "test", "testing", "boilerplate", "node_modules"}

# All of them together: some load compiled libraries.
_SECONDS = 300

# In one process, which goes on after a failure. An import may print, so the answer is the last line.
_IMPORT = """
import importlib, json, sys, warnings
warnings.simplefilter("ignore")
failed = {}
for name in json.loads(sys.stdin.read()):
    try:
        importlib.import_module(name)
    except BaseException as error:
        failed[name] = f"{type(error).__name__}: {error}"
print()
print(json.dumps(failed))
"""


def packages_of(app: Path) -> set[str]:
    """Top-level packages that the app's modules cannot be loaded without."""
    names: set[str] = set()
    for file in sorted((app / app.name).rglob("*.py")):
        if _NOT_RUN.isdisjoint(file.relative_to(app).parts) and not file.name.startswith("test_"):
            names.update(_imported(file))
    return names


def _imported(file: Path) -> Iterator[str]:
    try:
        tree = ast.parse(file.read_bytes())
    except SyntaxError:
        # A template that is no Python yet.
        return
    for node in tree.body:
        # One inside of try or if has something else in its place; one inside of a function may never run.
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.split(".")[0]


def faults_of(bench: Path, apps: Iterable[str]) -> list[str]:
    """One sentence for each package that cannot be imported, naming the apps that do."""
    apps = list(apps)
    users: dict[str, list[str]] = {}
    for app in apps:
        for name in packages_of(bench / "apps" / app):
            users.setdefault(name, []).append(app)
    wanted = sorted(name for name in users if name not in apps and name not in sys.stdlib_module_names)
    python = bench / "env" / "bin" / "python"
    try:
        # From "/", or the current directory would count as a place to find packages in.
        found = subprocess.run(
            [python, "-B", "-c", _IMPORT],
            input=json.dumps(wanted),
            cwd="/",
            capture_output=True,
            text=True,
            check=True,
            timeout=_SECONDS,
        )
        failed = json.loads(found.stdout.strip().splitlines()[-1])
    except (OSError, subprocess.SubprocessError, ValueError, IndexError) as error:
        return [f"The bench's Python {python} cannot be asked to import packages ({error})."]
    return [f'{", ".join(users[name])}: "{name}" cannot be imported ({why}).' for name, why in sorted(failed.items())]
