"""Books in ERPNext what Shopify charged, to the cent, on top of frappe/ecommerce_integrations."""

__version__ = "1.0.0"
