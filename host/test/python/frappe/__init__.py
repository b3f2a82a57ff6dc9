"""As much of Frappe as host/bench/ touches, with its state in a JSON file (FRAPPE_STATE).

The state: {<doctype>: {<name>: <document>}, "singles": {<doctype>: {<field>: <value>}}}. Documents are written by commit alone.
"""

import contextlib
import datetime
import json
import os
from types import SimpleNamespace

local = SimpleNamespace(site=None)
flags = SimpleNamespace()


class ValidationError(Exception):
    pass


class AuthenticationError(Exception):
    pass


_documents = None


def state():
    global _documents
    if _documents is None:
        with open(os.environ["FRAPPE_STATE"]) as file:
            _documents = json.load(file)
    return _documents


class _Database:
    def exists(self, doctype, name):
        if isinstance(name, dict):
            return next((row["name"] for row in _rows(doctype) if _fits(row, name)), None)
        return name if name in state().get(doctype, {}) else None

    def get_value(self, doctype, name, field):
        return state()[doctype][name].get(field)

    def get_single_value(self, doctype, field):
        return state().get("singles", {}).get(doctype, {}).get(field)

    def set_single_value(self, doctype, field, value, update_modified=True):
        state().setdefault("singles", {}).setdefault(doctype, {})[field] = value

    def set_value(self, doctype, name, field, value):
        names = [name] if isinstance(name, str) else [one["name"] for one in _rows(doctype) if name.items() <= one.items()]
        for one in names:
            state()[doctype][one][field] = value

    def has_column(self, doctype, column):
        return any(column in row for row in _rows(doctype))

    def delete(self, doctype, filters):
        for name in [row["name"] for row in _rows(doctype) if _fits(row, filters)]:
            del state()[doctype][name]

    def commit(self):
        with open(os.environ["FRAPPE_STATE"], "w") as file:
            json.dump(state(), file, default=str)


db = _Database()

# What names a document of a doctype.
_NAMED_BY = {"User": "email", "Fiscal Year": "year", "Role": "role_name"}


class _Document:
    def __init__(self, fields):
        self.__dict__.update({"enabled": 1, "roles": [], "api_key": None, "api_secret": None, **fields})
        self.roles = [SimpleNamespace(**row) if isinstance(row, dict) else row for row in self.roles]

    def set(self, field, value):
        setattr(self, field, value)

    def append_roles(self, *roles):
        known = {row.role for row in self.roles}
        self.roles += [SimpleNamespace(role=role) for role in roles if role not in known]

    def insert(self, ignore_permissions=False):
        name = self.__dict__[_NAMED_BY[self.doctype]]
        if name in state().setdefault(self.doctype, {}):
            raise ValidationError(f"{self.doctype} {name} exists")
        self.save(ignore_permissions)

    def save(self, ignore_permissions=False):
        assert ignore_permissions
        if self.doctype == "User" and not self.__dict__.get("api_secret"):
            state().get("__Auth", {}).pop(f"User {self.email} api_secret", None)
        fields = {**self.__dict__, "roles": [{"role": row.role} for row in self.roles]}
        state().setdefault(self.doctype, {})[fields[_NAMED_BY[self.doctype]]] = fields


def init(site, sites_path="."):
    local.site = site


@contextlib.contextmanager
def init_site(site=None):
    yield


def connect():
    assert local.site is not None


def get_doc(doctype, name=None):
    return _Document(doctype if name is None else state()[doctype][name])


def clear_document_cache(doctype, name):
    assert doctype == name


def clear_cache(user=None):
    assert local.site is not None


def _fits(row, filters):
    """Filters are values, or ("like", pattern) with % at both ends."""
    return all(value[1].strip("%") in row[field] if isinstance(value, tuple) else row[field] == value for field, value in filters.items())


def _rows(doctype):
    return [{"name": name, **fields_of} for name, fields_of in state().get(doctype, {}).items()]


def get_all(doctype, fields=None, pluck=None, order_by=None, limit=None):
    rows = _rows(doctype)
    if pluck is not None:
        return [row[pluck] for row in rows]
    if order_by is not None:
        field, direction = order_by.split(" ")
        rows.sort(key=lambda row: row[field], reverse=direction == "desc")
    return [{field: _typed(field, row[field]) for field in fields} for row in rows[:limit]]


def _typed(field, value):
    """MariaDB gives dates and times as such."""
    if field == "creation":
        return datetime.datetime.fromisoformat(value)
    return datetime.date.fromisoformat(str(value)) if field.endswith("_date") else value
