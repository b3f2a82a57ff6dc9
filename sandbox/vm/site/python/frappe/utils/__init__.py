"""Frappe's helpers, as far as they are called here."""

import datetime

import frappe


def now_datetime():
    """Now in the site's time zone, without saying so."""
    return datetime.datetime.fromisoformat(frappe.ask("now"))
