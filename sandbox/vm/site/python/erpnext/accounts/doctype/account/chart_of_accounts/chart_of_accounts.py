"""The charts of accounts that the setup wizard offers."""

import frappe


def get_charts_for_country(country, with_standard=False):
    return frappe.ask("charts_of", country)
