"""What is answered without asking MariaDB is what MariaDB would have answered. SQLite stands in for it: a plain SELECT is one thing to both."""

from __future__ import annotations

import random
import sqlite3
import types
import unittest
from collections.abc import Sequence
from typing import Any

from tests.fakes import load, module

ROWS = "select name, qty from `tabItem` where qty >= %s order by name"
BOTH = "select i.name, b.qty from `tabItem` i join tabBin b on b.name = i.name order by i.name"
WITH = "WITH found AS (SELECT name FROM `tabBin`) select count(name) from found"


class Database:
    """As Frappe's: every read and write goes through `sql`, get_value through get_values."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._connection = sqlite3.connect(":memory:", isolation_level=None)
        for table in ("tabItem", "tabBin", "tabDocType"):
            self._connection.execute(f"create table `{table}` (name text primary key, qty integer, issingle integer)")

    def sql(self, query: str, values: Sequence[Any] = (), *, as_dict: bool = False, update: Any = None, run: bool = True, for_update: bool = False) -> Any:
        if not run:
            return query
        self.asked.append(query)
        cursor = self._connection.execute(query.replace("%s", "?").replace(" for update", ""), values)
        rows = cursor.fetchall()
        if not as_dict:
            return tuple(rows)
        return [{**dict(zip((column[0] for column in cursor.description), row)), **(update or {})} for row in rows]

    def get_values(self, doctype: str, filters: Any, fieldname: str = "name", as_dict: bool = False, for_update: bool = False) -> Any:
        suffix = " for update" if for_update else ""
        return self.sql(f"select {fieldname} from `tab{doctype}` where name = %s{suffix}", (filters,), as_dict=as_dict)


class Reads(unittest.TestCase):
    def setUp(self) -> None:
        self.db = Database()
        self.reads = load(self, "shopify_books.reads", module("frappe", local=types.SimpleNamespace(db=self.db)))
        for name in "abc":
            self.db.sql("insert into `tabItem` values (%s, 1, 0)", (name,))
            self.db.sql("insert into `tabBin` values (%s, 2, 0)", (name,))
        self.db.asked.clear()

    def test_same_question_is_asked_once(self) -> None:
        with self.reads.once():
            answers = [self.db.sql(ROWS, (1,)) for _ in range(3)] + [self.db.get_values("Item", "a", "qty")] * 2
            counted = [self.db.sql(WITH) for _ in range(2)]
        self.assertEqual(answers[0], (("a", 1), ("b", 1), ("c", 1)))
        self.assertEqual((answers[:3], counted), ([answers[0]] * 3, [((3,),)] * 2))
        self.assertEqual(self.db.asked, [ROWS, "select qty from `tabItem` where name = %s", WITH])

    def test_other_values_and_other_forms_are_other_questions(self) -> None:
        with self.reads.once():
            self.assertEqual(len(self.db.sql(ROWS, (1,))), 3)
            self.assertEqual(self.db.sql(ROWS, (2,)), ())
            self.assertEqual(self.db.sql(ROWS, (1,), as_dict=True)[0], {"name": "a", "qty": 1})
            self.assertEqual(self.db.sql(ROWS, (1,), as_dict=True, update={"x": 1})[0], {"name": "a", "qty": 1, "x": 1})
            self.assertEqual(self.db.sql(ROWS, (1,), run=False), ROWS)

    def test_a_write_is_seen_at_once_and_of_its_own_table_alone(self) -> None:
        with self.reads.once():
            for _ in range(2):
                self.db.sql(BOTH), self.db.sql(ROWS, (1,)), self.db.get_values("Item", "a", "qty")
            self.db.asked.clear()
            self.db.sql("update tabBin set qty = 9 where name = 'a'")
            self.assertEqual(self.db.sql(BOTH)[0], ("a", 9))
            self.db.sql(ROWS, (1,)), self.db.get_values("Item", "a", "qty")
            self.assertEqual(self.db.asked[1:], [BOTH])

    def test_what_a_savepoint_takes_back_is_seen(self) -> None:
        with self.reads.once():
            self.db.sql("begin")
            self.db.sql("savepoint product")
            self.db.sql("update `tabItem` set qty = 5")
            self.assertEqual(self.db.sql(ROWS, (1,))[0], ("a", 5))
            self.db.sql("rollback to savepoint product")
            self.assertEqual(self.db.sql(ROWS, (1,))[0], ("a", 1))
            self.db.sql("commit")

    def test_reads_that_lock_or_act_are_always_asked(self) -> None:
        with self.reads.once():
            for _ in range(2):
                self.db.get_values("Item", "a", "qty", for_update=True)
                self.db.sql("select name, random() as uuid from `tabItem` where name = 'a'")
                self.db.sql("select 1")
        self.assertEqual(len(self.db.asked), 6)

    def test_rows_that_were_handed_out_may_be_changed(self) -> None:
        with self.reads.once():
            self.db.sql(ROWS, (1,), as_dict=True)[0]["qty"] = 7
            self.db.get_values("Item", "a", "qty", as_dict=True)[0]["qty"] = 7
            self.assertEqual(self.db.sql(ROWS, (1,), as_dict=True)[0]["qty"], 1)
            self.assertEqual(self.db.get_values("Item", "a", "qty", as_dict=True)[0]["qty"], 1)

    def test_nothing_is_known_to_the_next_order_but_what_is_a_single(self) -> None:
        self.db.sql("insert into `tabDocType` values ('Item', 0, 0)")
        self.db.asked.clear()
        for _ in range(2):
            with self.reads.once():
                self.db.sql(ROWS, (1,)), self.db.get_values("DocType", "Item", "issingle"), self.db.get_values("DocType", "New", "issingle")
        single = "select issingle from `tabDocType` where name = %s"
        self.assertEqual(self.db.asked, [ROWS, single, single, ROWS, single])

    def test_any_sequence_of_reads_and_writes_answers_as_without(self) -> None:
        dice, other = random.Random(18), Database()
        for name in "abc":
            other.sql("insert into `tabItem` values (%s, 1, 0)", (name,)), other.sql("insert into `tabBin` values (%s, 2, 0)", (name,))
        statements = [ROWS, BOTH, WITH, "insert or replace into `tabItem` values (%s, 3, 0)", "delete from `tabBin` where name = %s"]
        statements += ["replace into tabBin values (%s, 4, 0)", "update `tabItem` set qty = qty + 1 where name = %s"]
        with self.reads.once():
            for _ in range(500):
                text, name = dice.choice(statements), dice.choice("abcdef")
                values = () if "%s" not in text else (dice.randrange(4),) if text == ROWS else (name,)
                self.assertEqual(self.db.sql(text, values), other.sql(text, values), text)
                self.assertEqual(self.db.get_values("Item", name, "qty"), other.get_values("Item", name, "qty"))
        self.assertLess(len(self.db.asked), len(other.asked))


if __name__ == "__main__":
    unittest.main()
