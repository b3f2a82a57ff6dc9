"""The site's own configuration file."""

import frappe


def update_site_config(key, value, validate=True, site_config_path=None):
    frappe.ask("update_site_config", key, value)
