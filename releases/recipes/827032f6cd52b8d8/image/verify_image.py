#!/usr/bin/env python3
"""Proves what a built image holds, and writes it down: the recipe builds one without apps too, without an error.

Exit codes: 0 the report is written · 1 something is missing from the image, no report · 2 wrong arguments.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import check_imports
import patch_connector

FRAMEWORK = "frappe"
# Our own app, which the build adds to those asked for.
BOOKS = "shopify_books"

# ERPNext's releases need the framework of the same number; base images are found by a branch's name and may drift.
SAME_RELEASE_AS_FRAMEWORK = "erpnext"

# Finding a module is enough, and does not run it: most apps cannot be imported without a site.
_FIND_MODULES = (
    "import sys; from importlib.util import find_spec; print(*[n for n in sys.argv[1:] if find_spec(n) is None])"
)


# A commit is a whole SHA-1: a shorter one may come to mean another.
_ASKED = r"[^@#\s]+@[^@#\s]+(#[0-9a-f]{40})?"

# A program's version takes a fraction of a second; slow disks included.
_SECONDS = 60


class ImageFault(Exception):
    """What is wrong with the image, as one sentence for each fault."""


@dataclass(frozen=True)
class App:
    """One app as the image holds it; `asked` is what the build was told, None what the image does not tell."""

    name: str
    asked: str
    version: str | None
    branch: str | None
    commit: str | None


def expected_apps(text: str) -> list[str]:
    """The repositories asked for, "<repository>@<branch>[#<commit>]" each; the framework is not among them."""
    asked = text.split()
    if not asked:
        raise ImageFault(
            'No apps were asked for; name them, e.g. --build-arg APPS="erpnext@version-15 ecommerce_integrations@main".'
        )
    malformed = [one for one in asked if not re.fullmatch(_ASKED, one)]
    if malformed:
        raise ImageFault(f'"{malformed[0]}" is not "<repository>@<branch>" or "<repository>@<branch>#<commit>".')
    return asked


def folders_of(bench: Path, asked: Sequence[str]) -> dict[str, str]:
    """The folder of each app asked for; bench names folders after the Python package, not after the repository."""
    there = {folder.name for folder in (bench / "apps").glob("*") if (folder / folder.name / "__init__.py").is_file()}
    folders: dict[str, str] = {}
    for one in asked:
        repository = one.split("@")[0]
        same = [name for name in there if _plain(name) == _plain(repository)]
        if same:
            folders[one] = same[0]
    missing = [one for one in asked if one not in folders]
    unclaimed = there - set(folders.values()) - {FRAMEWORK, BOOKS}
    # One of each left over are the same app under two names: nothing but the list of apps puts a folder there.
    if len(missing) == 1 and len(unclaimed) == 1:
        folders[missing.pop()] = unclaimed.pop()
    faults = [f'App "{one}" is missing from the image.' for one in missing]
    if BOOKS not in there:
        faults.append(f'Our own app "{BOOKS}" is missing from the image.')
    if FRAMEWORK not in there:
        faults.insert(0, f'The framework "{FRAMEWORK}" is missing from the image.')
    if faults:
        raise ImageFault("\n".join([*faults, f"The image holds: {', '.join(sorted(there)) or 'no app at all'}."]))
    return folders


def version_of(bench: Path, name: str) -> str | None:
    """The app's `__version__`, read without running it; None for an app that computes it."""
    file = bench / "apps" / name / name / "__init__.py"
    for node in ast.parse(file.read_bytes()).body:
        if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Constant):
            continue
        if any(isinstance(target, ast.Name) and target.id == "__version__" for target in node.targets):
            return str(node.value.value)
    return None


def runtimes_of(bench: Path, python: str, node: str) -> dict[str, str]:
    """The versions that the image runs on, each one of those asked for; raises ImageFault for every other."""
    asked = {"python": _versions("--python", python), "node": _versions("--node", node)}
    # The bench's own Python is what the workers run on, whatever else is installed.
    interpreter = bench / "env" / "bin" / "python"
    found = {
        "python": _answer([interpreter, "-c", "import platform; print(platform.python_version())"]),
        "node": _answer(["node", "--version"]).removeprefix("v"),
    }
    faults = [
        f"{name} is {version}, but {' or '.join(asked[name])} was asked for; the base image has moved, or it is another's."
        for name, version in found.items()
        if ".".join(version.split(".")[:2]) not in asked[name]
    ]
    if faults:
        raise ImageFault("\n".join(faults))
    return found


def _versions(option: str, text: str) -> list[str]:
    versions = text.split()
    if not versions or any(not re.fullmatch(r"\d+\.\d+", one) for one in versions):
        raise ImageFault(f'{option} is "{text}"; name major and minor versions, e.g. "3.11", or several with blanks.')
    return versions


def _answer(command: Sequence[str | Path]) -> str:
    try:
        # A broken wrapper may wait forever.
        return subprocess.run(
            command, cwd="/", capture_output=True, text=True, check=True, timeout=_SECONDS
        ).stdout.strip()
    except (OSError, subprocess.SubprocessError) as error:
        raise ImageFault(f"{command[0]} does not tell its version ({error}).") from error


def check_installed(bench: Path, names: Sequence[str]) -> None:
    """A folder alone is no installed app: the workers' own Python must find its package."""
    python = bench / "env" / "bin" / "python"
    try:
        # From "/", or the current directory would count as a place to find packages in.
        found = subprocess.run(
            [python, "-B", "-c", _FIND_MODULES, *names], cwd="/", capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError) as error:
        raise ImageFault(f"The bench's Python {python} cannot be asked for its packages ({error}).") from error
    missing = found.stdout.split()
    if missing:
        raise ImageFault(f"Not installed in the bench's Python: {', '.join(missing)}.")


def inspect_apps(bench: Path, asked: Sequence[str]) -> list[App]:
    """Every app of the image, the framework first; raises ImageFault for one that is missing or does not fit."""
    folders = {FRAMEWORK: FRAMEWORK, **folders_of(bench, asked), BOOKS: BOOKS}
    check_installed(bench, list(folders.values()))
    states = _bench_states(bench)
    apps = []
    for one, name in folders.items():
        resolution = states.get(name, {}).get("resolution")
        known = resolution if isinstance(resolution, dict) else {}
        apps.append(App(name, one, version_of(bench, name), known.get("branch"), known.get("commit_hash")))
    _check_releases({app.name: app.version for app in apps})
    faults = [fault for app in apps[1:] if (fault := _fault_of_commit(app))]
    if faults:
        raise ImageFault("\n".join(faults))
    return apps


def check_framework(version: str | None, asked: str) -> None:
    """bench notes no commit of the framework, and the recipe deletes its history: its tag v<version> has to do."""
    if asked == "":
        return
    if not re.fullmatch(_ASKED, asked):
        raise ImageFault(f'--frappe is "{asked}"; name it as "frappe@v15.92.0#<commit>".')
    tag = asked.split("@")[1].split("#")[0]
    if tag != f"v{version}":
        raise ImageFault(
            f"{FRAMEWORK} is {version}, but {tag} was asked for; a release names the framework by its tag."
        )


def _fault_of_commit(app: App) -> str | None:
    _, _, commit = app.asked.partition("#")
    if not commit:
        return None
    # bench notes the whole one; older benches a short one.
    if app.commit and re.fullmatch(r"[0-9a-f]{7,40}", app.commit) and commit.startswith(app.commit):
        return None
    found = app.commit or "unknown, because bench noted none"
    return f"The commit of {app.name} is {found}, but {commit} was asked for: its branch has moved; make a new release."


def inspect_patches(bench: Path) -> list[dict[str, str]]:
    """The connector's patches, each in place; raises ImageFault otherwise."""
    results = patch_connector.check(bench / "apps" / patch_connector.APP)
    faults = [one.message or f'{one.file}: patch "{one.id}" is missing.' for one in results if not one.in_place]
    if faults:
        raise ImageFault("\n".join(dict.fromkeys(faults)))
    return [{key: value for key, value in asdict(one).items() if key != "message"} for one in results]


def check_replacements(bench: Path) -> None:
    """Our app replaces functions of the connector by name; raises ImageFault for one that upstream has renamed or moved."""
    tree = ast.parse((bench / "apps" / BOOKS / BOOKS / "connector.py").read_bytes())
    files = {
        alias.asname or alias.name: Path(*(node.module or "").split("."), f"{alias.name}.py")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    faults = []
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "_replace":
            *owners, module = ast.unparse(call.args[0]).split(".")[::-1]
            path = [*owners, ast.literal_eval(call.args[1])]
            if not _defines(bench / "apps" / patch_connector.APP / files[module], path):
                faults.append(
                    f"{files[module]} has no {'.'.join(path)}, which {BOOKS} replaces: teach it the new name."
                )
    if faults:
        raise ImageFault("\n".join(faults))


def _defines(file: Path, path: Sequence[str]) -> bool:
    """Whether the module has the function, or the class with the method, of that name."""
    try:
        body = ast.parse(file.read_bytes()).body
    except (OSError, SyntaxError):
        return False
    for name in path:
        found = [one for one in body if isinstance(one, (ast.FunctionDef, ast.ClassDef)) and one.name == name]
        if not found:
            return False
        body = found[0].body
    return True


def write_report(path: Path, report: object) -> None:
    """Written whole or not at all, and readable by every user of the image."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.new")
    temporary.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    temporary.chmod(0o444)
    os.replace(temporary, path)


def _check_releases(versions: dict[str, str | None]) -> None:
    framework = versions[FRAMEWORK]
    other = versions.get(SAME_RELEASE_AS_FRAMEWORK, framework)
    if _major(other) != _major(framework):
        raise ImageFault(
            f"{SAME_RELEASE_AS_FRAMEWORK} {other} does not go with {FRAMEWORK} {framework}; name one release for both."
        )


def _major(version: str | None) -> str:
    return (version or "").split(".")[0]


def _bench_states(bench: Path) -> dict:
    """What bench noted of the apps; the recipe deletes their git histories, so nothing else knows the commits."""
    try:
        states = json.loads((bench / "sites" / "apps.json").read_bytes())
    except (OSError, ValueError):
        return {}
    return states if isinstance(states, dict) else {}


def _plain(name: str) -> str:
    """Python packages have underscores where repositories may have hyphens."""
    return name.lower().replace("-", "_")


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; see the module's text for the exit codes."""
    parser = argparse.ArgumentParser(description="Verify the apps and the patches of a bench, and write a report.")
    parser.add_argument("--bench", type=Path, required=True, help="the bench's directory")
    parser.add_argument(
        "--apps", required=True, help='what must be there: "<repository>@<branch> …", without the framework'
    )
    parser.add_argument("--frappe", default="", help='the framework: "frappe@v<version>#<commit>"')
    parser.add_argument("--python", required=True, help='versions of Python that will do, e.g. "3.11"')
    parser.add_argument("--node", required=True, help='versions of Node that will do, e.g. "24.12 24.13"')
    parser.add_argument("--bases", default="", help="what the image is built on, space separated; only written down")
    parser.add_argument("--report", type=Path, required=True, help="file to write, as JSON")
    options = parser.parse_args(arguments)
    try:
        apps = inspect_apps(options.bench, expected_apps(options.apps))
        check_framework(apps[0].version, options.frappe)
        report = {
            "apps": [asdict(app) for app in apps],
            "bases": options.bases.split(),
            "runtimes": runtimes_of(options.bench, options.python, options.node),
            "patches": inspect_patches(options.bench),
        }
        if faults := check_imports.faults_of(options.bench, [app.name for app in apps]):
            raise ImageFault("\n".join(faults))
        check_replacements(options.bench)
    except ImageFault as fault:
        print(fault, file=sys.stderr)
        return 1
    write_report(options.report, report)
    for app in apps:
        print(f"{app.name:<24}{app.version or '?':<16}{app.asked} {app.commit or ''}".rstrip())
    return 0


if __name__ == "__main__":
    sys.exit(main())
