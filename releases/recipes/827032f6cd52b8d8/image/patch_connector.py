#!/usr/bin/env python3
"""Closes the gaps of frappe/ecommerce_integrations that a go-live does not survive; see README.md for what and why.

Edits by syntax tree, not by line: a patch finds its place exactly once, or nothing at all is written.

Exit codes: 0 every patch is in place · 1 one is missing (--check), or its place was not found · 2 wrong arguments.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from connector_patches import APP, PATCHES, Patch, PlaceNotFound, decide
from source_text import Insertion, SourceText, write_together

# A line at the file's end for each patch of ours; it tells an earlier run of this program from a fix by upstream.
_MARK = "# erpnext-image: "


@dataclass(frozen=True)
class Result:
    """What became of one patch: applied · already-applied · upstream · missing (if only checked) · failed (message)."""

    id: str
    file: str
    function: str
    state: str
    message: str = ""

    @property
    def in_place(self) -> bool:
        """Whether the connector behaves as the patch wants it."""
        return self.state in ("applied", "already-applied", "upstream")


def _marked(source: SourceText) -> set[str]:
    marks: set[str] = set()
    for line in source.last_lines():
        if not line.startswith(_MARK):
            break
        marks.add(line.removeprefix(_MARK))
    return marks


def _plan_file(file: Path, patches: Sequence[Patch]) -> tuple[list[Result], bytes | None]:
    """What to say of each patch, as if it were written, and the file's new content; None when it stays as it is."""

    def result(patch: Patch, state: str, message: str = "") -> Result:
        return Result(patch.id, patch.file, patch.function, state, message)

    try:
        source = SourceText(file.read_bytes())
    except OSError as error:
        return [result(patch, "failed", f"{patch.file}: cannot be read ({error.strerror}).") for patch in patches], None
    except SyntaxError as error:
        return [result(patch, "failed", f"{patch.file}: is not valid Python ({error}).") for patch in patches], None
    results: list[Result] = []
    insertions: list[Insertion] = []
    marks = _marked(source)
    for patch in patches:
        try:
            decision = decide(patch, source)
        except PlaceNotFound as error:
            results.append(result(patch, "failed", str(error)))
            continue
        if decision is None:
            results.append(result(patch, "already-applied" if patch.id in marks else "upstream"))
        else:
            results.append(result(patch, "applied"))
            insertions += decision
    if not insertions:
        return results, None
    new_marks = [_MARK + one.id for one in results if one.state == "applied" and one.id not in marks]
    content = source.with_insertions(insertions, new_marks)
    fault = _fault_of_edit(content, [patch for patch, one in zip(patches, results) if one.state != "failed"])
    if fault is not None:
        return [result(patch, "failed", f"{patch.file}: {fault}.") for patch in patches], None
    return results, content


def _fault_of_edit(content: bytes, patches: Sequence[Patch]) -> str | None:
    """Reads the new content as a later run would: an edit that breaks the file or closes no gap is not written."""
    try:
        source = SourceText(content)
        open_gaps = [patch.id for patch in patches if decide(patch, source) is not None]
    except (SyntaxError, PlaceNotFound) as error:
        return f"the edited text would be broken ({error})"
    return f"the edit would not close {', '.join(open_gaps)}" if open_gaps else None


def _absence_of(app: Path) -> str:
    """One sentence for a connector that is not there. In a build the cause is a list of apps that did not arrive."""
    there = ", ".join(sorted(folder.name for folder in app.parent.glob("*") if folder.is_dir())) or "no app at all"
    return f"{app} is missing, so there is nothing to patch: {app.parent} holds {there}."


def _plan(app: Path) -> tuple[list[Result], dict[Path, bytes]]:
    """Decides every patch without writing: what to say of each, and the new contents of the files to edit."""
    if not app.is_dir():
        message = _absence_of(app)
        return [Result(patch.id, patch.file, patch.function, "failed", message) for patch in PATCHES], {}
    results: list[Result] = []
    contents: dict[Path, bytes] = {}
    for name in dict.fromkeys(patch.file for patch in PATCHES):
        file = (app / name).resolve()
        found, content = _plan_file(file, [patch for patch in PATCHES if patch.file == name])
        results += found
        if content is not None:
            contents[file] = content
    return results, contents


def check(app: Path) -> list[Result]:
    """The state of each patch as the files are now. `app` is the directory of the connector's repository."""
    results, _ = _plan(app)
    return [Result(one.id, one.file, one.function, "missing") if one.state == "applied" else one for one in results]


def apply(app: Path) -> list[Result]:
    """Writes every missing patch, or, when one of them fails, nothing."""
    results, contents = _plan(app)
    if any(result.state == "failed" for result in results):
        return check(app)
    write_together(contents)
    return results


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; see the module's text for the exit codes."""
    parser = argparse.ArgumentParser(
        description="Patch frappe/ecommerce_integrations, or say which patches are in place."
    )
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--app", type=Path, help="directory of the connector's repository")
    where.add_argument("--apps-dir", type=Path, help=f"a bench's apps directory, which holds {APP}")
    parser.add_argument("--check", action="store_true", help="report without writing; exit 1 when a patch is missing")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    options = parser.parse_args(arguments)
    app: Path = options.app or options.apps_dir / APP
    try:
        results = check(app) if options.check else apply(app)
    except OSError as error:
        print(f"{error.filename}: cannot be written ({error.strerror}); nothing was changed.", file=sys.stderr)
        return 1
    if options.json:
        print(json.dumps({"app": str(app), "patches": [asdict(result) for result in results]}, indent=2))
    else:
        for result in results:
            print(f"{result.state:<16}{result.id:<24}{result.file} {result.function}".rstrip())
    for message in dict.fromkeys(result.message for result in results if result.message):
        print(message, file=sys.stderr)
    return 0 if all(result.in_place for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
