"""Frappe's setup wizard, which does nothing while every app says that its part is done."""

import frappe


def setup_complete(args):
    apps = frappe.state().get("Installed Application", {}).values()
    if all(app["is_setup_complete"] for app in apps):
        return
    frappe.state().setdefault("Company", {})[args["company_name"]] = {}
    for app in apps:
        app["is_setup_complete"] = 1
