"""The setup wizard."""

import frappe


def setup_complete(args):
    return frappe.ask("setup_complete", args)
