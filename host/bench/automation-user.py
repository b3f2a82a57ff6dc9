"""The user that the stack works as, with exactly its roles and the API key pair of Secret Manager. Writes only differences."""

import json
import os
import sys

import frappe
from frappe.utils.password import check_password, get_decrypted_password, set_encrypted_password, update_password

secrets = json.load(sys.stdin)
email = os.environ["AUTOMATION_USER"]
roles = os.environ["AUTOMATION_ROLES"].split(",")
frappe.init(site=os.environ["SITE_NAME"], sites_path=".")
frappe.connect()
frappe.flags.mute_emails = True

unknown = [role for role in roles if not frappe.db.exists("Role", role)]
if unknown:
    sys.exit(f"The site has no role {', '.join(unknown)}: is ERPNext installed on it? bench --site {frappe.local.site} list-apps")

if frappe.db.exists("User", email):
    user = frappe.get_doc("User", email)
else:
    user = frappe.get_doc({"doctype": "User", "email": email, "first_name": "Automation", "send_welcome_email": 0})
    user.insert(ignore_permissions=True)
    print(f"made user {email}")
if not user.enabled or {row.role for row in user.roles} != set(roles):
    user.enabled = 1
    user.set("roles", [])
    user.append_roles(*roles)
    user.save(ignore_permissions=True)
    print(f"gave it the roles {', '.join(roles)}")

if user.api_key != secrets["automation_api_key"]:
    frappe.db.set_value("User", email, "api_key", secrets["automation_api_key"])
    print("set its API key")
try:
    current = get_decrypted_password("User", email, "api_secret", raise_exception=False)
except frappe.ValidationError:
    # After a restore the site's encryption key may be another one than the value was written with.
    current = None
if current != secrets["automation_api_secret"]:
    set_encrypted_password("User", email, secrets["automation_api_secret"], "api_secret")
    print("set its API secret")
if not frappe.db.get_value("User", email, "api_secret"):
    # What a save leaves in the document itself: where it is empty, the next save of the user, by anybody, deletes the secret.
    frappe.db.set_value("User", email, "api_secret", "*" * 10)

try:
    check_password("Administrator", secrets["administrator_password"])
except frappe.AuthenticationError:
    update_password("Administrator", secrets["administrator_password"], logout_all_sessions=True)
    print("set Administrator's password")

frappe.db.commit()
frappe.clear_cache(user=email)
