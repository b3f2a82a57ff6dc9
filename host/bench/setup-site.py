"""Frappe's setup wizard with the company of the customer's file, and what the connector needs before its first save."""

import json
import os
import sys

import frappe

company = json.load(sys.stdin)
frappe.init(site=os.environ["SITE_NAME"], sites_path=".")
frappe.connect()

if not frappe.db.exists("Company", company["company_name"]):
    existing = frappe.get_all("Company", pluck="name")
    if existing:
        sys.exit(
            f'The site already keeps the books of "{existing[0]}", not of "{company["company_name"]}": '
            "change company.legalName back, or start with an empty data disk."
        )
    # The wizard does nothing once this is set; a run that was cut short may have set it.
    frappe.db.set_single_value("System Settings", "setup_complete", 0)
    from frappe.desk.page.setup_wizard.setup_wizard import setup_complete

    setup_complete(company)
    frappe.db.commit()
    if not frappe.db.exists("Company", company["company_name"]):
        sys.exit("The setup wizard ended without a company; Error Log in ERPNext says why.")

# At 0, every save of the setting queues a migration that loops and jams the workers. Set past the document: saving it
# would make the connector register its own webhooks.
if frappe.db.exists("DocType", "Shopify Setting"):
    frappe.db.set_single_value("Shopify Setting", "is_old_data_migrated", 1)
frappe.db.commit()
frappe.clear_cache()
print(f'company "{company["company_name"]}" is set up')
