"""Runs SQL on a D1 database's file the way D1 does: all statements are one transaction. Request and answer are JSON."""

import json
import sqlite3
import sys


def statements(sql):
    """Cuts a text into its statements, as SQLite itself tells where one ends."""
    pending = ""
    for piece in sql.split(";")[:-1]:
        pending += piece + ";"
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""
    rest = pending + sql.split(";")[-1]
    if rest.strip():
        yield rest


def run(file, sql):
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("BEGIN")
    results = []
    for statement in statements(sql):
        cursor = connection.execute(statement)
        names = [column[0] for column in cursor.description or []]
        rows = [dict(zip(names, row)) for row in cursor.fetchall()]
        results.append({"success": True, "results": rows, "meta": {"changes": max(cursor.rowcount, 0)}})
    connection.execute("COMMIT")
    connection.close()
    return results


request = json.load(sys.stdin)
try:
    print(json.dumps({"results": run(request["file"], request["sql"])}))
except sqlite3.Error as error:
    print(json.dumps({"error": f"{error}: SQLITE_ERROR"}))
