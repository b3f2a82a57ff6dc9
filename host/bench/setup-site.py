"""Frappe's setup wizard with the company of the customer's file, the fiscal years that old orders fall into, and what the
connector needs before its first save."""

import datetime
import json
import os
import sys

import frappe


def refuse_unknown(company):
    """What the wizard does not find, it leaves out, and ends without a company; which one it was only a traceback tells."""
    from erpnext.accounts.doctype.account.chart_of_accounts.chart_of_accounts import get_charts_for_country

    if not frappe.db.exists("Country", company["country"]):
        sys.exit(f'ERPNext knows no country "{company["country"]}": set company.country to its English name there.')
    charts = get_charts_for_country(company["country"], with_standard=True)
    if company["chart_of_accounts"] not in charts:
        sys.exit(
            f'ERPNext has no chart of accounts "{company["chart_of_accounts"]}" for {company["country"]}: '
            f"set company.chartOfAccounts to one of {', '.join(sorted(set(charts)))}."
        )


company = json.load(sys.stdin)
history_from = datetime.date.fromisoformat(company.pop("history_from"))
frappe.init(site=os.environ["SITE_NAME"], sites_path=".")
frappe.connect()

if not frappe.db.exists("Company", company["company_name"]):
    existing = frappe.get_all("Company", pluck="name")
    if existing:
        sys.exit(
            f'The site already keeps the books of "{existing[0]}", not of "{company["company_name"]}": '
            "change company.legalName back, or start with an empty data disk."
        )
    refuse_unknown(company)
    # The wizard does nothing once this is set, and a run that failed or was cut short may have set it. Later releases of
    # Frappe 15 have one for each app.
    frappe.db.set_single_value("System Settings", "setup_complete", 0)
    if frappe.db.has_column("Installed Application", "is_setup_complete"):
        frappe.db.set_value("Installed Application", {"is_setup_complete": 1}, "is_setup_complete", 0)
    from frappe.desk.page.setup_wizard.setup_wizard import setup_complete

    setup_complete(company)
    frappe.db.commit()
    if not frappe.db.exists("Company", company["company_name"]):
        sys.exit("The setup wizard ended without a company; Error Log in ERPNext says why.")


def years_before(first, until):
    """The year that begins on `first`, and those before it, back to the one that `until` is in."""
    while True:
        after = first.replace(year=first.year + 1)
        yield first, after - datetime.timedelta(days=1)
        if first <= until:
            return
        first = first.replace(year=first.year - 1)


# ERPNext takes no order that is older than its fiscal years. It names them like this itself, and refuses two that overlap.
known = frappe.get_all("Fiscal Year", fields=["year_start_date", "year_end_date"])
for first, last in years_before(datetime.date.fromisoformat(company["fy_start_date"]), history_from):
    if any(year["year_start_date"] <= last and first <= year["year_end_date"] for year in known):
        continue
    name = str(first.year) if first.year == last.year else f"{first.year}-{last.year}"
    frappe.get_doc(
        {"doctype": "Fiscal Year", "year": name, "year_start_date": first, "year_end_date": last}
    ).insert(ignore_permissions=True)
    print(f"made fiscal year {name}")

# At 0, every save of the setting queues a migration that loops and jams the workers. Set past the document: saving it
# would make the connector register its own webhooks.
if frappe.db.exists("DocType", "Shopify Setting"):
    frappe.db.set_single_value("Shopify Setting", "is_old_data_migrated", 1)
frappe.db.commit()
frappe.clear_cache()
print(f'company "{company["company_name"]}" is set up')
