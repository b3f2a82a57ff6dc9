"""Texts, addresses and products as ERPNext takes them. Imports no Frappe."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

# Frappe's Data fields hold 140 characters.
DATA_LENGTH = 140
# Names that are keys get " - 1" or "-Billing-1" behind them where they are taken.
KEY_LENGTH = 120

# Shopify's four units of weight, in REST and in GraphQL (WeightUnit); the connector stumbles over any other, and over none.
GRAPHQL_UNITS = {"g": "GRAMS", "kg": "KILOGRAMS", "oz": "OUNCES", "lb": "POUNDS"}

# The form that frappe.utils.validate_email_address asks for, without display names.
_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_EMAIL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+{_LABEL}", re.IGNORECASE)
_PHONE = re.compile(r"[0-9 +_\-,.*#()]{1,20}")


def text(value: object, length: int = DATA_LENGTH) -> str:
    """One line without the < and > that ERPNext refuses in names, cut to `length` characters."""
    plain = re.sub(r"[<>]", "", str(value if value is not None else ""))
    return re.sub(r"\s+", " ", plain).strip()[:length].strip()


def email(value: object) -> str:
    """The address where Frappe takes it, else nothing."""
    found = str(value or "").strip()
    return found if len(found) <= DATA_LENGTH and _EMAIL.fullmatch(found) else ""


def phone(value: object) -> str:
    """The number where Frappe takes it, else nothing."""
    found = str(value or "").strip()
    return found if _PHONE.fullmatch(found) else ""


def customer_name(customer: Mapping[str, Any], address: Mapping[str, Any]) -> str:
    """What the customer is called; a name is never empty, for a redacted customer it is the id."""
    choices = (
        f"{customer.get('first_name') or ''} {customer.get('last_name') or ''}",
        f"{address.get('first_name') or ''} {address.get('last_name') or ''}",
        address.get("name"),
        address.get("company"),
        customer.get("email"),
        customer.get("phone"),
    )
    names = (text(choice, KEY_LENGTH) for choice in choices)
    return next((name for name in names if name), f"Shopify customer {customer.get('id')}")


def address_fields(address: Mapping[str, Any], name: str, kind: str) -> dict[str, str]:
    """Fields of ERPNext's Address; the country is the caller's, who knows the site's."""
    # ERPNext's Address has no field for a company, and what stands in the title is not printed.
    company = text(address.get("company"))
    street = [part for part in (text(address.get("address1")), text(address.get("address2"))) if part]
    if company and company.casefold() != name.casefold():
        street.insert(0, company)
    return {
        "address_title": (company or name)[:KEY_LENGTH],
        "address_type": kind,
        "address_line1": street[0] if street else "-",
        "address_line2": text(", ".join(street[1:])),
        "city": text(address.get("city")) or "-",
        "state": text(address.get("province")),
        "pincode": text(address.get("zip")),
        "phone": phone(address.get("phone")),
    }


def left_out(source: Mapping[str, Any], fields: Mapping[str, str | None]) -> list[str]:
    """What Shopify has and ERPNext could not take whole, as notes for the customer."""
    pairs = {
        "address1": "address_line1",
        "address2": "address_line2",
        "city": "city",
        "province": "state",
        "zip": "pincode",
        "phone": "phone",
    }
    held = " ".join(value or "" for value in fields.values())
    return [
        f"{key}: {source[key]}"
        for key in pairs
        if source.get(key) and re.sub(r"\s+", " ", str(source[key])).strip() not in held
    ]


def product(source: Mapping[str, Any]) -> dict[str, Any]:
    """A product of Shopify's REST API as ERPNext can hold it; texts it refuses are cut, units it lacks are left out."""
    fitted = dict(source)
    fitted["title"] = text(source.get("title")) or f"Product {source.get('id')}"
    # Names of an Item Group and of a Supplier; the supplier's is a key, which MariaDB compares whole.
    fitted["product_type"] = text(source.get("product_type"))
    fitted["vendor"] = text(source.get("vendor"))
    fitted["body_html"] = source.get("body_html") or fitted["title"]
    fitted["options"] = [
        {**option, "name": text(option.get("name")), "values": [text(value) for value in option.get("values") or []]}
        for option in source.get("options") or []
    ]
    fitted["variants"] = [_variant(variant) for variant in source.get("variants") or []]
    return fitted


def _variant(source: Mapping[str, Any]) -> dict[str, Any]:
    fitted = dict(source)
    rest = {graphql: unit for unit, graphql in GRAPHQL_UNITS.items()}
    fitted["weight_unit"] = rest.get(source.get("weight_unit"), source.get("weight_unit"))
    if fitted["weight_unit"] not in GRAPHQL_UNITS or source.get("weight") is None:
        fitted.update(weight=0, weight_unit="kg")
    fitted["title"] = text(source.get("title"))
    fitted["sku"] = text(source.get("sku"))
    for option in ("option1", "option2", "option3"):
        if source.get(option) is not None:
            fitted[option] = text(source[option])
    return fitted
