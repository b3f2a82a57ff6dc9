"""Passwords, past the documents that they belong to."""

import frappe


def get_decrypted_password(doctype, name, fieldname="password", raise_exception=True):
    value = frappe.ask("get_password", doctype, name, fieldname)
    if value is None and raise_exception:
        raise frappe.AuthenticationError(f"Password not found for {doctype} {name} {fieldname}")
    return value


def set_encrypted_password(doctype, name, pwd, fieldname="password"):
    frappe.ask("set_password", doctype, name, fieldname, pwd)


def check_password(user, pwd):
    frappe.ask("check_login", user, pwd)
    return user


def update_password(user, pwd, logout_all_sessions=False):
    frappe.ask("set_login", user, pwd)
