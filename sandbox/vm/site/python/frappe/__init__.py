"""Frappe's Python API as far as the server's own scripts (host/bench) call it: every call is answered by the sandbox's ERPNext."""

import datetime
import json
import os
import socket


class ValidationError(Exception):
    """417, as are most of Frappe's."""


class AuthenticationError(Exception):
    """401."""


class DoesNotExistError(ValidationError):
    """404."""


class DuplicateEntryError(ValidationError):
    """409."""


class _Dict(dict):
    """A dictionary whose keys are attributes too; a missing one is None."""

    def __getattr__(self, name):
        return self.get(name)

    def __setattr__(self, name, value):
        self[name] = value


class _Connection:
    """One process is one database connection: what is not committed when it ends did not happen."""

    def __init__(self):
        self._stream = None

    def ask(self, function, *arguments):
        if self._stream is None:
            peer = socket.create_connection(("127.0.0.1", int(os.environ["SANDBOX_FRAPPE_PORT"])))
            self._stream = peer.makefile("rw", encoding="utf-8", newline="\n")
        self._stream.write(json.dumps({"function": function, "arguments": arguments}, default=str) + "\n")
        self._stream.flush()
        line = self._stream.readline()
        if not line:
            raise ConnectionError("Lost connection to MySQL server during query")
        answer = json.loads(line)
        if "error" in answer:
            raise globals().get(answer["error"], ValidationError)(answer["message"])
        return answer.get("value")


def _of_this_server(pid):
    """Whether a process was started on this script's server: every process there knows the server's root."""
    try:
        with open(f"/proc/{pid}/environ", "rb") as file:
            return f"ERPNEXT_ROOT={os.environ['SANDBOX_SERVER']}".encode() in file.read().split(b"\0")
    except OSError:
        return False


_list_directory = os.listdir


def _listdir(path="."):
    """A container sees its own processes alone; here every sandbox's are in one /proc, and a script would end a neighbour's."""
    names = _list_directory(path)
    return list(filter(_of_this_server, filter(str.isdigit, names))) if path == "/proc" else names


os.listdir = _listdir

_connection = _Connection()
ask = _connection.ask

local = _Dict()
flags = _Dict()
conf = _Dict()


def init(site, sites_path="."):
    ask("init", site)
    local.site = site


def connect(site=None):
    ask("connect")


def destroy():
    """The connection ends with the process."""


def clear_cache(user=None, doctype=None):
    """There is none."""


def clear_document_cache(doctype, name=None):
    """There is none."""


def get_roles(user):
    return ask("get_roles", user)


def _value(name, value):
    """Times and dates as Frappe's own rows hold them."""
    if isinstance(value, str) and value and name in ("creation", "modified"):
        return datetime.datetime.fromisoformat(value)
    if isinstance(value, str) and value and name.endswith("_date"):
        return datetime.date.fromisoformat(value)
    return value


def _row(fields):
    return _Dict({name: _value(name, value) for name, value in fields.items()})


def get_all(doctype, filters=None, fields=None, pluck=None, limit=None, order_by=None):
    rows = [_row(row) for row in ask("get_all", doctype, filters or {}, order_by or "", limit or 0)]
    if pluck:
        return [row.get(pluck) for row in rows]
    wanted = fields or ["name"]
    return [_Dict(row if "*" in wanted else {field: row.get(field) for field in wanted}) for row in rows]


get_list = get_all


def get_doc(doctype, name=None):
    if isinstance(doctype, dict):
        return Document(doctype)
    return Document(ask("get_doc", doctype, name or doctype))


class Document(_Dict):
    def __init__(self, fields):
        super().__init__({name: _children(value) for name, value in fields.items()})

    def set(self, name, value):
        self[name] = value

    def append_roles(self, *roles):
        self.roles = (self.roles or []) + [_Dict(role=role) for role in roles]

    def insert(self, ignore_permissions=False):
        self.update(ask("insert", dict(self)))
        return self

    def save(self, ignore_permissions=False):
        self.update(ask("save", dict(self)))
        return self

    def add_roles(self, *roles):
        self.append_roles(*(role for role in roles if role not in [row.role for row in self.roles or []]))
        self.save()


def _children(value):
    return [_Dict(row) if isinstance(row, dict) else row for row in value] if isinstance(value, list) else value


def _fits(row, filters):
    """Filters are values, or ("like", pattern) with % at both ends."""
    return all(value[1].strip("%") in str(row.get(field)) if isinstance(value, tuple) else row.get(field) == value for field, value in filters.items())


class _Database:
    def exists(self, doctype, name=None):
        if isinstance(name, dict):
            return next((row.name for row in get_all(doctype, fields=["*"]) if _fits(row, name)), None)
        return ask("exists", doctype, name or doctype)

    def count(self, doctype, filters=None):
        return len(ask("get_all", doctype, filters or {}, "", 0))

    def get_value(self, doctype, name, field="name", as_dict=False):
        if isinstance(name, dict):
            rows = get_all(doctype, filters=name, fields=["*"], limit=1)
        else:
            rows = [_row(ask("get_doc", doctype, name))] if ask("exists", doctype, name) else []
        if not rows:
            return None
        fields = field if isinstance(field, list) else [field]
        values = _Dict({one: rows[0].get(one) for one in fields})
        return values if as_dict else list(values.values()) if isinstance(field, list) else values[field]

    def sql(self, query, values=()):
        return [tuple(row) for row in ask("sql", query, list(values))]

    def get_single_value(self, doctype, field):
        return _value(field, ask("get_value", doctype, doctype, field))

    def has_column(self, doctype, column):
        """Every doctype of the sandbox has all of its fields."""
        return True

    def set_value(self, doctype, name, field, value=None, update_modified=True):
        if isinstance(name, dict):
            for one in get_all(doctype, filters=name, pluck="name"):
                self.set_value(doctype, one, field, value)
            return
        ask("set_value", doctype, name, field if isinstance(field, dict) else {field: value})

    def set_single_value(self, doctype, field, value=None, update_modified=True):
        self.set_value(doctype, doctype, field, value)

    def delete(self, doctype, filters):
        ask("forget", doctype, [row.name for row in get_all(doctype, fields=["*"]) if _fits(row, filters)])

    def commit(self):
        ask("commit")

    def rollback(self):
        ask("rollback")


db = _Database()
