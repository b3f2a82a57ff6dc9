"""What the app adds to a site: fields that remember what a document stands for, items of lines without product."""

import frappe
from frappe.custom.doctype.custom_field.custom_field import create_custom_fields

# Item code to what it is called; one is made where the site has none, a renamed one is left alone.
ITEMS = {
    "SHOPIFY-LINE": "Shopify line without product",
    "SHOPIFY-TIP": "Tip",
    "SHOPIFY-GIFT-CARD": "Gift card",
    "SHOPIFY-REFUND": "Refund for no line in particular",
}


def _remembered(fieldname, label, after, fieldtype="Data", **more):
    return {
        "fieldname": fieldname,
        "label": label,
        "fieldtype": fieldtype,
        "insert_after": after,
        "read_only": 1,
        "print_hide": 1,
        "no_copy": 1,
        **more,
    }


FIELDS = {
    "Sales Order": [
        # A delivery that is older than what was booked last must not turn it back.
        _remembered("shopify_updated_at", "Shopify Updated At", "title"),
        _remembered("shopify_presentment", "Paid by the Customer as", "title"),
    ],
    "Sales Order Item": [_remembered("shopify_line_item_id", "Shopify Line Item Id", "item_name", no_copy=0)],
    "Sales Invoice": [
        _remembered("shopify_refund_id", "Shopify Refund Id", "title", search_index=1),
        # JSON: the transactions that paid the money back, for the Payment Entry that follows the credit note.
        _remembered("shopify_refund_transactions", "Shopify Refund Transactions", "title", "Long Text", hidden=1),
    ],
    "Delivery Note": [_remembered("shopify_refund_id", "Shopify Refund Id", "title", search_index=1)],
    "Payment Entry": [
        _remembered("shopify_order_id", "Shopify Order Id", "title", search_index=1),
        _remembered("shopify_transaction_id", "Shopify Transaction Id", "title", search_index=1),
    ],
}


# The connector finds its documents by these, as texts without an index: every delivery would read whole tables.
IDS = {
    "Customer": ("shopify_customer_id",),
    "Delivery Note": ("shopify_order_id", "shopify_fulfillment_id"),
    "Sales Invoice": ("shopify_order_id",),
    "Sales Order": ("shopify_order_id",),
}


def know_modules():
    """Before installation: the list of modules is cached, and with one of before the app came no DocType is made."""
    frappe.cache().delete_value(["app_modules", "installed_app_modules", "module_app"])
    frappe.setup_module_map()


def make_fields_and_items():
    """Idempotent: runs at installation and after every migrate."""
    create_custom_fields(FIELDS, ignore_validate=True)
    index_ids()
    # ERPNext's setup wizard makes the root; a site is installed before it has run.
    if not frappe.db.exists("Item Group", {"is_group": 1}) or not frappe.db.exists("UOM", "Nos"):
        return
    for code in ITEMS:
        make_item(code)


def index_ids(document=None, method=None):
    """Hook of Shopify Setting, on_update: saving it makes the connector's fields. Idempotent."""
    for doctype, fields in IDS.items():
        for field in fields:
            if frappe.db.has_column(doctype, field):
                # Shopify's ids have 13 or 14 digits; a text is indexed by its first characters. An index of one column
                # would make Frappe write a Property Setter for a field of that name.
                frappe.db.add_index(doctype, [f"{field}(20)", "docstatus"], index_name=field)


def make_item(code):
    """The item of a kind of line, made where it is absent: it is sold and never on stock."""
    if not frappe.db.exists("Item", code):
        from frappe.utils.nestedset import get_root_of

        frappe.get_doc(
            {
                "doctype": "Item",
                "item_code": code,
                "item_name": ITEMS.get(code, code),
                "item_group": get_root_of("Item Group"),
                "stock_uom": "Nos",
                "is_stock_item": 0,
                "is_purchase_item": 0,
                "is_sales_item": 1,
                "include_item_in_manufacturing": 0,
            }
        ).insert(ignore_permissions=True, ignore_mandatory=True)
    return code
