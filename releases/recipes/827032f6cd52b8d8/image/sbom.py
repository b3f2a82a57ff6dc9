#!/usr/bin/env python3
"""Writes down every package that a built image holds, as a CycloneDX 1.6 document: what a scanner compares with the advisories of a later day.

Read from what is installed, not from what was asked for: most apps have no lock, and take what PyPI and npm give on the day of the build.
The document has no time and no random number, so that an image built twice of the same packages has the same one.

Exit codes: 0 the document is written · 1 a kind of package is missing altogether, no document · 2 wrong arguments.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import quote

# Name and version of every distribution that bench's Python finds, a line each.
_DISTRIBUTIONS = (
    "from importlib.metadata import distributions\n"
    "for one in distributions():\n"
    "    if one.metadata['Name']: print(one.metadata['Name'], one.version)"
)

# Listing some three hundred distributions takes a second or two; slow disks included.
_SECONDS = 120


class SbomFault(Exception):
    """Why there is no document, as a sentence."""


def python_packages(bench: Path) -> Iterator[dict[str, str]]:
    """The distributions of bench's environment (purl type "pypi": lower case, "_" as "-")."""
    command = [str(bench / "env" / "bin" / "python"), "-B", "-c", _DISTRIBUTIONS]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        raise SbomFault(f"bench's Python could not be asked for its packages: {error}.") from error
    for line in answer.stdout.splitlines():
        name, _, version = line.rpartition(" ")
        yield _component(name, version, f"pkg:pypi/{quote(name.lower().replace('_', '-'))}@{quote(version)}")


def node_packages(bench: Path) -> Iterator[dict[str, str]]:
    """What lies in the apps' node_modules, nested ones included."""
    for modules in sorted(bench.glob("apps/*/node_modules")):
        yield from _node_modules(modules)


def _node_modules(modules: Path) -> Iterator[dict[str, str]]:
    scoped = [package for scope in modules.glob("@*") for package in scope.iterdir()]
    for package in [*modules.iterdir(), *scoped]:
        described = package / "package.json"
        if package.is_symlink() or not described.is_file():
            continue
        try:
            fields = json.loads(described.read_text(encoding="utf-8"))
            name, version = str(fields["name"]), str(fields["version"])
        except (ValueError, KeyError, TypeError):
            # Packages carry examples and stubs of their own that are not installed.
            continue
        yield _component(name, version, f"pkg:npm/{quote(name)}@{quote(version)}")
        if (package / "node_modules").is_dir():
            yield from _node_modules(package / "node_modules")


def debian_packages(status: Path) -> Iterator[dict[str, str]]:
    """The packages that dpkg says are installed (deb822: a paragraph each)."""
    try:
        paragraphs = status.read_text(encoding="utf-8").split("\n\n")
    except OSError as error:
        raise SbomFault(f"{status} cannot be read ({error.strerror}).") from error
    for paragraph in paragraphs:
        fields = dict(line.split(": ", 1) for line in paragraph.splitlines() if ": " in line and line[0] != " ")
        if fields.get("Status", "").endswith(" installed"):
            name, version = fields["Package"], fields["Version"]
            arch = quote(fields["Architecture"])
            yield _component(name, version, f"pkg:deb/debian/{quote(name)}@{quote(version)}?arch={arch}")


def _component(name: str, version: str, purl: str) -> dict[str, str]:
    return {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}


def document(bench: Path, status: Path) -> dict:
    """The whole document; raises SbomFault where a kind of package has none, which is an image that was read wrongly."""
    kinds = {
        "Python": list(python_packages(bench)),
        "Node": list(node_packages(bench)),
        "Debian": list(debian_packages(status)),
    }
    missing = [kind for kind, packages in kinds.items() if not packages]
    if missing:
        raise SbomFault(f"no {' and no '.join(missing)} package was found in the image.")
    by_purl = {package["purl"]: package for packages in kinds.values() for package in packages}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "container", "name": "erpnext"}},
        "components": [by_purl[purl] for purl in sorted(by_purl)],
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; see the module's text for the exit codes."""
    parser = argparse.ArgumentParser(description="Write down every package of an image.")
    parser.add_argument("--bench", type=Path, required=True, help="the bench directory")
    parser.add_argument("--dpkg", type=Path, default=Path("/var/lib/dpkg/status"), help="dpkg's list of packages")
    parser.add_argument("--output", type=Path, required=True, help="where the document goes")
    options = parser.parse_args(arguments)
    try:
        content = document(options.bench, options.dpkg)
    except SbomFault as fault:
        print(f"The packages of the image are not known: {fault}", file=sys.stderr)
        return 1
    options.output.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    print(f"{len(content['components'])} packages are written down in {options.output}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
