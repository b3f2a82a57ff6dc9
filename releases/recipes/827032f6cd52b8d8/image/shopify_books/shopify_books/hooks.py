"""What Frappe knows of the app; what no hook serves is in connector.py."""

app_name = "shopify_books"
app_title = "Shopify Books"
app_publisher = "Shopify ERPNext Connector"
app_description = "Books in ERPNext what Shopify charged, to the cent"
app_email = "support@example.com"
app_license = "MIT"
required_apps = ["frappe/erpnext", "frappe/ecommerce_integrations"]

before_install = "shopify_books.install.know_modules"
# A site made before gets new fields and items at its next migration.
after_install = "shopify_books.install.make_fields_and_items"
after_migrate = ["shopify_books.install.make_fields_and_items"]

override_doctype_class = {"Ecommerce Item": "shopify_books.items.ShopifyEcommerceItem"}

doc_events = {
    # A credit note that a bookkeeper submits pays the money back as one that the app submits does.
    "Sales Invoice": {"on_submit": "shopify_books.refunds.pay_back"},
    "Shopify Setting": {"on_update": "shopify_books.install.index_ids"},
}
