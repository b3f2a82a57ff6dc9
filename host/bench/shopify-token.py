"""Puts a new Admin API token where the connector reads it. Not by saving the setting: that may register webhooks."""

import json
import os
import sys

import frappe
from frappe.utils.password import set_encrypted_password

SETTING = "Shopify Setting"

token = json.load(sys.stdin)["access_token"]
frappe.init(site=os.environ["SITE_NAME"], sites_path=".")
frappe.connect()
set_encrypted_password(SETTING, SETTING, token, "password")
# What a save leaves in the document itself; Frappe looks behind it when it is all asterisks.
frappe.db.set_single_value(SETTING, "password", "*" * 10, update_modified=False)
frappe.db.commit()
frappe.clear_document_cache(SETTING, SETTING)
