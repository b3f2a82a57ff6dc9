"""Edits Python source by inserting text at the positions of syntax tree nodes; all else stays byte-identical."""

from __future__ import annotations

import ast
import codecs
import io
import os
import re
import tempfile
import tokenize
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

# What Python's own tokenizer calls a line end. str.splitlines() knows more of them and would shift every position.
_LINE_END = re.compile(r"\r\n|\r|\n")

# The nodes of a syntax tree that know their position, as far as they are asked for it here.
Node = ast.expr | ast.stmt | ast.keyword | ast.ExceptHandler


@dataclass(frozen=True)
class Insertion:
    """Text to put in front of the character at `offset` of the source."""

    offset: int
    text: str


class SourceText:
    """One Python source: its text, its syntax tree, and where the nodes of the one lie in the other."""

    def __init__(self, data: bytes) -> None:
        """Raises SyntaxError for what is not Python; that includes bytes that the declared encoding does not know."""
        # As Python itself detects it. A byte order mark is no text, and would shift the first line.
        self._mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        self._encoding = encoding.removesuffix("-sig")
        try:
            self.text = data[len(self._mark) :].decode(self._encoding)
            self.tree = ast.parse(self.text)
        except ValueError as error:
            raise SyntaxError(str(error)) from error
        self._starts = [0, *(end.end() for end in _LINE_END.finditer(self.text))]

    @property
    def newline(self) -> str:
        """The line end of the file's first line; "\\n" for a file without any."""
        found = _LINE_END.search(self.text)
        return found.group() if found else "\n"

    def start(self, node: Node) -> int:
        """Offset of the node's first character."""
        return self._offset(node.lineno, node.col_offset)

    def end(self, node: Node) -> int:
        """Offset behind the node's last character."""
        # Optional by type only: a parsed node always has its end.
        return self._offset(node.end_lineno or node.lineno, node.end_col_offset or node.col_offset)

    def before(self, node: Node) -> str:
        """What stands on the node's first line in front of it."""
        return self.text[self._starts[node.lineno - 1] : self.start(node)]

    def indentation(self, node: Node) -> str:
        """The blanks at the front of the node's first line."""
        line = self.before(node)
        return line[: len(line) - len(line.lstrip())]

    def after(self, node: Node) -> str:
        """What stands on the node's last line behind it, without the line end."""
        return _LINE_END.split(self.text[self.end(node) :], maxsplit=1)[0]

    def last_lines(self) -> list[str]:
        """The lines of the file, the last one first."""
        return [line for line in reversed(_LINE_END.split(self.text)) if line]

    def with_insertions(self, insertions: Iterable[Insertion], last_lines: Iterable[str]) -> bytes:
        """The file's new content: insertions at their places, and whole lines at its end."""
        text = self.text
        # From the back, so that no insertion moves the place of another.
        for insertion in sorted(insertions, key=lambda one: one.offset, reverse=True):
            text = text[: insertion.offset] + insertion.text + text[insertion.offset :]
        if text and not text.endswith(("\n", "\r")):
            text += self.newline
        text += "".join(line + self.newline for line in last_lines)
        return self._mark + text.encode(self._encoding)

    def _offset(self, line: int, column: int) -> int:
        """The tree counts columns in bytes of UTF-8, whatever the file's own encoding is."""
        start = self._starts[line - 1]
        # A character has at least one byte, so the column's characters are among the next `column` ones.
        return start + len(self.text[start : start + column].encode()[:column].decode())


def write_together(contents: Mapping[Path, bytes]) -> None:
    """Replaces the files, each atomically; when one cannot be replaced, those before it get their old content back."""
    staged: list[tuple[Path, Path]] = []
    replaced: list[tuple[Path, bytes]] = []
    try:
        for path, content in contents.items():
            staged.append((path, _stage(path, content)))
        for path, temporary in staged:
            old = path.read_bytes()
            os.replace(temporary, path)
            replaced.append((path, old))
    except BaseException:
        for path, old in replaced:
            os.replace(_stage(path, old), path)
        raise
    finally:
        for _, temporary in staged:
            temporary.unlink(missing_ok=True)


def _stage(path: Path, content: bytes) -> Path:
    """A file beside `path` with the new content and the old owner and mode; rename() needs the same file system."""
    old = path.stat()
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, old.st_mode)
        if (old.st_uid, old.st_gid) != (os.geteuid(), os.getegid()):
            os.chown(name, old.st_uid, old.st_gid)
    except BaseException:
        os.unlink(name)
        raise
    return Path(name)
