"""Items of an order's lines, by product and variant id: two products may carry one SKU, and some is typed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import frappe
from ecommerce_integrations.ecommerce_integrations.doctype.ecommerce_item.ecommerce_item import EcommerceItem
from ecommerce_integrations.shopify.constants import MODULE_NAME, WEIGHT_TO_ERPNEXT_UOM_MAP
from frappe.utils.nestedset import get_root_of

from shopify_books import fit, shopify
from shopify_books.money import Line
from shopify_books.settings import Settings

# What an insert may end with when ERPNext refuses the values.
REFUSALS = (frappe.ValidationError, frappe.NameError, frappe.DuplicateEntryError)


class ShopifyEcommerceItem(EcommerceItem):
    """Upstream refuses a second Ecommerce Item with the SKU of a first one, and takes the first one's item for both."""

    def check_unique_constraints(self) -> None:
        """One for each variant; of other integrations, upstream's own rule."""
        if self.integration != MODULE_NAME:
            super().check_unique_constraints()
            return
        same = {
            "integration": MODULE_NAME,
            "integration_item_code": self.integration_item_code,
            "variant_id": self.variant_id or "",
            "has_variants": self.has_variants or 0,
        }
        if frappe.db.exists("Ecommerce Item", same):
            frappe.throw("Ecommerce Item already exists", exc=frappe.DuplicateEntryError)


def item_of(line: Line, settings: Settings) -> str:
    """The item code of a line. One that cannot be made is booked on the item of lines without product, and said so."""
    if line.kind != "product" or not line.product_id:
        return settings.line_item(line.kind)
    found = known_item(line.product_id, line.variant_id)
    product = None if found else shopify.product(line.product_id)
    if product is not None:
        make_items(product)
        found = known_item(line.product_id, line.variant_id)
        if not found:
            variant = next(
                (one for one in product.get("variants") or [] if str(one.get("id")) == line.variant_id), None
            )
            found = _standalone(product, variant) if variant else None
    if found and (reason := _not_for_sale(found)):
        settings.note(f'"{line.title}": item {found} {reason}, booked on {settings.line_item("custom")}.')
        return settings.line_item("custom")
    if not found:
        settings.note(
            f'"{line.title}" (product {line.product_id}) is not in Shopify any more: '
            f"booked on {settings.line_item('custom')}."
        )
        return settings.line_item("custom")
    return found


def _not_for_sale(code: str) -> str | None:
    """Why ERPNext would refuse the whole order over this item."""
    item = frappe.db.get_value("Item", code, ["disabled", "is_sales_item", "end_of_life", "has_variants"], as_dict=True)
    if item.disabled:
        return "is disabled"
    if not item.is_sales_item or item.has_variants:
        return "is not one that is sold"
    over = item.end_of_life and frappe.utils.getdate(item.end_of_life) < frappe.utils.getdate()
    return "has reached its end of life" if over else None


def known_item(product_id: str, variant_id: str | None) -> str | None:
    """The item of a variant. A line without variant id is the product's only one."""
    filters = {"integration": MODULE_NAME, "integration_item_code": product_id, "has_variants": 0}
    if variant_id:
        found = frappe.db.get_value("Ecommerce Item", {**filters, "variant_id": variant_id}, "erpnext_item_code")
    else:
        codes = set(frappe.get_all("Ecommerce Item", filters, pluck="erpnext_item_code"))
        found = codes.pop() if len(codes) == 1 else None
    return found if found and frappe.db.exists("Item", found) else None


def make_items(product: Mapping[str, Any]) -> None:
    """All items of a product, as the connector's catalog import makes them."""
    from ecommerce_integrations.shopify.product import ShopifyProduct

    frappe.db.savepoint("product")
    try:
        ShopifyProduct(product["id"])._make_item(dict(product))
    except REFUSALS:
        # The one variant that an order asks for is then made by itself.
        frappe.db.rollback(save_point="product")
        frappe.clear_messages()


def make_fitted(make_item, self, product_dict: dict[str, Any]) -> None:
    """ShopifyProduct._make_item with a product that ERPNext takes. `make_item` is upstream's."""
    fitted = fit.product(product_dict)
    for variant in fitted["variants"]:
        # The rewrite for GraphQL looks for GraphQL's names.
        unit = variant["weight_unit"]
        variant["weight_unit"] = unit if unit in WEIGHT_TO_ERPNEXT_UOM_MAP else fit.GRAPHQL_UNITS[unit]
    for unit in {variant["weight_unit"] for variant in fitted["variants"]}:
        uom = WEIGHT_TO_ERPNEXT_UOM_MAP[unit]
        if not frappe.db.exists("UOM", uom):
            frappe.get_doc({"doctype": "UOM", "uom_name": uom, "enabled": 1}).insert(ignore_permissions=True)
    make_item(self, fitted)


def create_variant(create_item, self, product_dict, warehouse, has_variant=0, attributes=None, variant_of=None) -> None:
    """ShopifyProduct._create_item, where ERPNext may refuse one variant without taking the others with it."""
    if not variant_of:
        create_item(self, product_dict, warehouse, has_variant, attributes, variant_of)
        return
    # Not the dict's: after the rewrite for GraphQL its id is the variant's.
    product_id, variant_id = self.product_id, str(product_dict["variant_id"])
    if known_item(product_id, variant_id):
        return
    frappe.db.savepoint("variant")
    try:
        create_item(self, product_dict, warehouse, has_variant, attributes, variant_of)
    except REFUSALS:
        frappe.db.rollback(save_point="variant")
        frappe.clear_messages()
        _standalone_item(product_id, variant_id, product_dict.get("title"), product_dict.get("sku"))


def get_erpnext_item(integration, integration_item_code, variant_id=None, sku=None, has_variants=0):
    """The connector's look-up, where an order of Shopify's asks: never by SKU."""
    if has_variants:
        code = frappe.db.get_value(
            "Ecommerce Item",
            {"integration": integration, "integration_item_code": integration_item_code, "has_variants": 1},
            "erpnext_item_code",
        )
    else:
        code = known_item(str(integration_item_code), str(variant_id) if variant_id else None)
    return frappe.get_doc("Item", code) if code else None


def _standalone(product: Mapping[str, Any], variant: Mapping[str, Any]) -> str:
    title = product.get("title") or ""
    if variant.get("title") and variant["title"] != "Default Title":
        title = f"{title}-{variant['title']}"
    return _standalone_item(str(product["id"]), str(variant["id"]), title, variant.get("sku"))


def _standalone_item(product_id: str, variant_id: str, title: object, sku: object) -> str:
    """An item of one variant without a template: where options were renamed, differ in case only, or came later."""
    code = variant_id
    if not frappe.db.exists("Item", code):
        frappe.get_doc(
            {
                "doctype": "Item",
                "item_code": code,
                "item_name": fit.text(title) or f"Variant {variant_id}",
                "item_group": get_root_of("Item Group"),
                "stock_uom": "Nos",
                "is_stock_item": 1,
                "is_sales_item": 1,
            }
        ).insert(ignore_permissions=True, ignore_mandatory=True)
    frappe.get_doc(
        {
            "doctype": "Ecommerce Item",
            "integration": MODULE_NAME,
            "erpnext_item_code": code,
            "integration_item_code": product_id,
            "variant_id": variant_id,
            "has_variants": 0,
            "sku": fit.text(sku),
        }
    ).insert(ignore_permissions=True)
    return code
