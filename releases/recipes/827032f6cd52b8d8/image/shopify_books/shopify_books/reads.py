"""What an order has read it does not read again: four tenths of what ERPNext asks MariaDB about an order it has asked before.

Nothing is seen otherwise than without it. Within a transaction (REPEATABLE READ) MariaDB gives a plain SELECT the same answer each time, but for what
the transaction itself has written. So an answer is kept until a table that it is made of is written to, and no longer than the transaction.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import frappe

_TABLE = re.compile(r"`(tab[^`]+|__\w+)`|\b(tab[A-Z]\w*|__[A-Za-z]\w*)")
# Such reads see, or do, more than what was committed when the transaction began.
_LIVE = re.compile(
    r"\b(for\s+update|lock\s+in\s+share|into|\w+_lock\w*|rand|uuid\w*|now|sysdate|cur(?:rent_)?(?:date|time|timestamp)"
    r"|nextval|lastval|last_insert_id|row_count|found_rows|sleep|information_schema)\b|@",
    re.IGNORECASE,
)
_READS = ("select", "with")
_WRITES = ("insert", "update", "delete", "replace")
# Arguments of Database.sql under which it does more than ask, or answers otherwise than with rows.
_MORE = ("update", "auto_commit", "as_iterator", "debug", "explain", "ignore_ddl")
# Whether a DocType is a single one is asked for each document that is made. A migration alone changes it, and the workers begin again after one.
_schema: dict[Any, Any] = {}
_PLAIN = (str, int, float, Decimal, datetime.date, datetime.timedelta, type(None))


@contextmanager
def once() -> Iterator[None]:
    """Within it this process' connection answers from what it has read."""
    database = frappe.local.db
    answers = _Answers()
    # get_values too, which all of Frappe's own reads come down to: it builds a statement for longer than MariaDB needs to answer it.
    database.sql, database.get_values = answers.statement(database.sql), answers.values(database.get_values)
    try:
        yield
    finally:
        del database.sql, database.get_values


class _Answers:
    def __init__(self) -> None:
        self._kept: dict[Any, Any] = {}
        # By table, the keys of the answers that are made of it.
        self._of: dict[str, set[Any]] = {}
        # Tables that have been asked since each get_values under way began; None where something was done that may not be left out.
        self._asked: list[set[str] | None] = []

    def statement(self, ask: Callable[..., Any]) -> Callable[..., Any]:
        """Database.sql."""

        def sql(query: Any, *values: Any, **form: Any) -> Any:
            text = str(query)
            verb = text.lstrip("( \n\t")[:9].lower()
            tables = _tables(text)
            if not verb.startswith(_READS) or not tables or _LIVE.search(text):
                self._asked = [None] * len(self._asked)
                self._forget(verb, tables)
                return ask(query, *values, **form)
            self._note(tables)
            if not form.get("run", True) or any(map(form.get, _MORE)) or not _is_plain(values):
                return ask(query, *values, **form)
            return self._answer((text, repr(values), repr(form)), lambda: (ask(query, *values, **form), tables))

        return sql

    def values(self, ask: Callable[..., Any]) -> Callable[..., Any]:
        """Database.get_values."""

        def get_values(*what: Any, **form: Any) -> Any:
            if not _is_plain((what, form)):
                return ask(*what, **form)

            def found() -> tuple[Any, set[str] | None]:
                self._asked.append(set())
                try:
                    rows = ask(*what, **form)
                finally:
                    tables = self._asked.pop()
                return rows, tables

            key = (repr(what), repr(form))
            if what[:1] != ("DocType",) or what[2:3] != ("issingle",):
                return self._answer(key, found)
            if key not in _schema:
                rows = self._answer(key, found)
                if not rows:
                    return rows
                _schema[key] = rows
            return _copied(_schema[key])

        return get_values

    def _answer(self, key: Any, find: Callable[[], tuple[Any, set[str] | None]]) -> Any:
        if key in self._kept:
            rows, tables = self._kept[key]
            self._note(tables)
            return _copied(rows)
        rows, tables = find()
        self._note(tables)
        if not tables:
            return rows
        self._kept[key] = rows, tables
        for table in tables:
            self._of.setdefault(table, set()).add(key)
        return _copied(rows)

    def _note(self, tables: set[str] | None) -> None:
        if self._asked and self._asked[-1] is not None:
            self._asked[-1] = None if tables is None else self._asked[-1] | tables

    def _forget(self, verb: str, tables: set[str]) -> None:
        if verb.startswith((*_READS, "savepoint")):
            return
        if not verb.startswith(_WRITES):
            # The transaction ends, or goes back to a savepoint, or something else that is not known here.
            self._kept.clear()
            self._of.clear()
            return
        for table in tables:
            for key in self._of.pop(table, ()):
                self._kept.pop(key, None)


def _tables(text: str) -> set[str]:
    return {quoted or plain for quoted, plain in _TABLE.findall(text)}


def _is_plain(value: Any) -> bool:
    """Whether equal words stand for equal values."""
    if isinstance(value, dict):
        return all(map(_is_plain, value.values()))
    return all(map(_is_plain, value)) if isinstance(value, (list, tuple, set, frozenset)) else isinstance(value, _PLAIN)


def _copied(rows: Any) -> Any:
    """ERPNext changes rows that it was given."""
    return [row.copy() if isinstance(row, (dict, list)) else row for row in rows] if isinstance(rows, list) else rows
