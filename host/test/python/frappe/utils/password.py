"""Frappe's secrets, in clear, under "__Auth" of the state: {"<doctype> <name> <field>": <secret>}."""

import frappe


def _all():
    return frappe.state().setdefault("__Auth", {})


def check_password(user, password):
    if _all().get(f"User {user} password") != password:
        raise frappe.AuthenticationError(user)


def update_password(user, password, logout_all_sessions=False):
    assert logout_all_sessions
    _all()[f"User {user} password"] = password


def get_decrypted_password(doctype, name, field="password", raise_exception=True):
    secret = _all().get(f"{doctype} {name} {field}")
    if secret == "written with another key":
        raise frappe.ValidationError("Encryption key is invalid")
    return secret


def set_encrypted_password(doctype, name, secret, field="password"):
    _all()[f"{doctype} {name} {field}"] = secret
