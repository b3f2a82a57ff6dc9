"""Controller of Shopify Books Payment Account; all it does is what the fields say."""

from frappe.model.document import Document


class ShopifyBooksPaymentAccount(Document):
    """See shopify_books_payment_account.json for the fields."""
