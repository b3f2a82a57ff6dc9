"""Customers and their addresses. What ERPNext refuses is kept as a note; no order is lost over its address book."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import frappe
from frappe.utils.nestedset import get_root_of

from shopify_books import fit
from shopify_books.settings import Settings

# A Contact is named by both names, and by a number where that name is taken.
_HALF_A_NAME = 60

_SAME_ADDRESS = ("address_line1", "address_line2", "city", "state", "pincode", "country")


class Party:
    """Who an order is for: names of the Customer and of the two Addresses, which may be absent."""

    def __init__(self, customer: str, billing: str | None = None, shipping: str | None = None) -> None:
        self.customer = customer
        self.billing = billing
        self.shipping = shipping


def party_of(order: Mapping[str, Any], settings: Settings) -> Party:
    """The order's customer, made where it is new; orders without one are the default customer's."""
    shopify_customer = order.get("customer") or {}
    if not shopify_customer.get("id"):
        return Party(settings.shopify.default_customer)
    billing = order.get("billing_address") or shopify_customer.get("default_address") or {}
    shipping = order.get("shipping_address") or {}
    name = _customer(order, shopify_customer, billing or shipping, settings)
    if frappe.db.get_value("Customer", name, "disabled"):
        settings.note(f"Customer {name} is disabled: booked on {settings.shopify.default_customer}.")
        return Party(settings.shopify.default_customer)
    email = fit.email(shopify_customer.get("email") or order.get("email"))
    return Party(
        name,
        billing=_kept(name, "billing address", billing, lambda: _address(name, billing, "Billing", email)),
        shipping=_kept(name, "shipping address", shipping, lambda: _address(name, shipping, "Shipping", email)),
    )


def _customer(
    order: Mapping[str, Any], source: Mapping[str, Any], address: Mapping[str, Any], settings: Settings
) -> str:
    found = frappe.db.get_value("Customer", {"shopify_customer_id": str(source["id"])}, "name")
    if found:
        return found
    company = fit.text(address.get("company"), fit.KEY_LENGTH) if order.get("company") else ""
    customer = frappe.get_doc(
        {
            "doctype": "Customer",
            "shopify_customer_id": str(source["id"]),
            "customer_name": company or fit.customer_name(source, address),
            "customer_group": settings.shopify.customer_group,
            "territory": get_root_of("Territory"),
            "customer_type": "Company" if company else "Individual",
        }
    )
    customer.flags.ignore_mandatory = True
    customer.insert(ignore_permissions=True)
    _kept(customer.name, "contact", source, lambda: _contact(customer.name, source))
    if source.get("email") and not fit.email(source["email"]):
        customer.add_comment(
            text=f"Shopify has an e-mail that ERPNext refuses: {frappe.utils.escape_html(source['email'])}"
        )
    return customer.name


def _contact(customer: str, source: Mapping[str, Any]) -> str | None:
    email = fit.email(source.get("email"))
    number = fit.phone(source.get("phone") or (source.get("default_address") or {}).get("phone"))
    if not fit.text(source.get("first_name")) or not email:
        return None
    contact = frappe.get_doc(
        {
            "doctype": "Contact",
            "status": "Passive",
            "first_name": fit.text(source.get("first_name"), _HALF_A_NAME),
            "last_name": fit.text(source.get("last_name"), _HALF_A_NAME),
            "email_ids": [{"email_id": email, "is_primary": 1}],
            "phone_nos": [{"phone": number, "is_primary_phone": 1}] if number else [],
            "links": [{"link_doctype": "Customer", "link_name": customer}],
        }
    )
    return contact.insert(ignore_permissions=True, ignore_mandatory=True).name


def _address(customer: str, source: Mapping[str, Any], kind: str, email: str) -> str:
    """The customer's address with these very lines, or a new one: an earlier order's address stays what it was."""
    title = frappe.db.get_value("Customer", customer, "customer_name") or customer
    fields = {**fit.address_fields(source, title, kind), "country": country_of(source)}
    known = frappe.get_all(
        "Address",
        filters={"link_name": customer, "link_doctype": "Customer", "address_type": kind},
        fields=["name", *_SAME_ADDRESS],
    )
    for one in known:
        if all((one[field] or "") == (fields[field] or "") for field in _SAME_ADDRESS):
            return one["name"]
    address = frappe.get_doc(
        {
            "doctype": "Address",
            **fields,
            "email_id": email,
            "shopify_address_id": source.get("id"),
            "links": [{"link_doctype": "Customer", "link_name": customer}],
        }
    )
    address.insert(ignore_permissions=True, ignore_mandatory=True)
    if lost := fit.left_out(source, fields):
        address.add_comment(text="As Shopify has it: " + frappe.utils.escape_html("; ".join(lost)))
    if address.country and not fields["country"]:
        address.add_comment(text=f"Shopify has no country for it: {address.country} is ERPNext's default.")
    return address.name


def country_of(source: Mapping[str, Any]) -> str | None:
    """ERPNext's name of a country, by its ISO code first: the two call some twenty of them differently."""
    code = str(source.get("country_code") or "").strip().lower()
    name = fit.text(source.get("country"))
    if len(code) == 2 and (found := frappe.db.get_value("Country", {"code": code}, "name")):
        return found
    if name and (found := frappe.db.exists("Country", name)):
        return found
    if not name:
        return None
    # Kosovo, say, which has a code of its own making and is not on ERPNext's list.
    return (
        frappe.get_doc({"doctype": "Country", "country_name": name, "code": code}).insert(ignore_permissions=True).name
    )


def _kept(customer: str, what: str, source: Mapping[str, Any], make: Callable[[], str | None]) -> str | None:
    """What `make` returns; where ERPNext refuses, nothing of it stays but a comment on the customer."""
    if not source:
        return None
    frappe.db.savepoint("address_book")
    try:
        return make()
    except Exception as error:
        # Whatever it is that ERPNext stumbles over; but after a deadlock nothing is left of the transaction.
        if isinstance(error, (frappe.QueryDeadlockError, frappe.QueryTimeoutError)):
            raise
        frappe.db.rollback(save_point="address_book")
        frappe.clear_messages()
        note = f"ERPNext refused the {what} that Shopify has ({error})"
        frappe.get_doc("Customer", customer).add_comment(text=frappe.utils.escape_html(note))
        return None
