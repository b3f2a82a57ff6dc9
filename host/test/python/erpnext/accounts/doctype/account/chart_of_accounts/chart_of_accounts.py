"""The charts that ERPNext has, by country; every country may have the standard ones too."""

import frappe


def get_charts_for_country(country, with_standard=False):
    assert with_standard
    return [*frappe.state()["Country"][country].get("charts", []), "Standard", "Standard with Numbers"]
