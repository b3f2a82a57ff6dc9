"""The two users that are no people, with exactly their roles and their API key pairs, and Administrator's password. Writes only differences.

The stack works as one; its key pair is in Secret Manager. The Sync Console reads as the other; its key pair follows from the first one's
secret (components/shared/console-user.ts), so that there is no further secret to keep, and the Worker cannot find the first from it.
"""

import hashlib
import hmac
import json
import os
import sys

import frappe
from frappe.permissions import add_permission
from frappe.utils.password import check_password, get_decrypted_password, set_encrypted_password, update_password

READER = "Sync Console"

# What the Sync Console reads (console/, clients/frappe-orders.ts). No role of ERPNext's reads these and writes nothing.
READ = [
    "Customer",
    "Delivery Note",
    "Ecommerce Integration Log",
    "Ecommerce Item",
    "Payment Entry",
    "Sales Invoice",
    "Sales Order",
]


def derived(secret, what):
    return hmac.new(secret.encode(), f"erpnext-shopify-stack/{what}".encode(), hashlib.sha256).hexdigest()


def ensure_roles(roles):
    unknown = [role for role in roles if not frappe.db.exists("Role", role)]
    if unknown:
        sys.exit(f"The site has no role {', '.join(unknown)}: is ERPNext installed on it? bench --site {frappe.local.site} list-apps")


def ensure_reader():
    """Without the desk: a user who has no other role is a website user, and gets none of what Frappe grants everyone who works at a desk."""
    if not frappe.db.exists("Role", READER):
        frappe.get_doc({"doctype": "Role", "role_name": READER, "desk_access": 0}).insert(ignore_permissions=True)
        print(f"made the role {READER}")
    there = [doctype for doctype in READ if frappe.db.exists("DocType", doctype)]
    for doctype in there:
        if not frappe.db.exists("Custom DocPerm", {"parent": doctype, "role": READER}):
            # It keeps what the doctype's own definition grants to the others.
            add_permission(doctype, READER)
            print(f"let it read {doctype}")


def ensure_user(email, first_name, roles):
    if frappe.db.exists("User", email):
        user = frappe.get_doc("User", email)
    else:
        user = frappe.get_doc({"doctype": "User", "email": email, "first_name": first_name, "send_welcome_email": 0})
        user.insert(ignore_permissions=True)
        print(f"made user {email}")
    if not user.enabled or {row.role for row in user.roles} != set(roles):
        user.enabled = 1
        user.set("roles", [])
        user.append_roles(*roles)
        user.save(ignore_permissions=True)
        print(f"gave it the roles {', '.join(roles)}")
    return user


def ensure_key(user, key, secret):
    if user.api_key != key:
        frappe.db.set_value("User", user.email, "api_key", key)
        print("set its API key")
    try:
        current = get_decrypted_password("User", user.email, "api_secret", raise_exception=False)
    except frappe.ValidationError:
        # After a restore the site's encryption key may be another one than the value was written with.
        current = None
    if current != secret:
        set_encrypted_password("User", user.email, secret, "api_secret")
        print("set its API secret")
    if not frappe.db.get_value("User", user.email, "api_secret"):
        # What a save leaves in the document itself: where it is empty, the next save of the user, by anyone, deletes the secret.
        frappe.db.set_value("User", user.email, "api_secret", "*" * 10)


def main():
    secrets = json.load(sys.stdin)
    frappe.init(site=os.environ["SITE_NAME"], sites_path=".")
    frappe.connect()
    frappe.flags.mute_emails = True

    roles = os.environ["AUTOMATION_ROLES"].split(",")
    ensure_roles(roles)
    secret = secrets["automation_api_secret"]
    automation = ensure_user(os.environ["AUTOMATION_USER"], "Automation", roles)
    ensure_key(automation, secrets["automation_api_key"], secret)

    ensure_reader()
    console = ensure_user(os.environ["CONSOLE_USER"], READER, [READER])
    ensure_key(console, derived(secret, "console-api-key")[:32], derived(secret, "console-api-secret"))

    try:
        check_password("Administrator", secrets["administrator_password"])
    except frappe.AuthenticationError:
        update_password("Administrator", secrets["administrator_password"], logout_all_sessions=True)
        print("set Administrator's password")

    frappe.db.commit()
    for user in (automation, console):
        # Not the site's whole cache, which every page would have to make again.
        frappe.clear_cache(user=user.email)


main()
