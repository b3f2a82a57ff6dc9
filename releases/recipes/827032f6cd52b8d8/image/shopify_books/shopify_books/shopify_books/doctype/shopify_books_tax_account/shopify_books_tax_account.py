"""Controller of Shopify Books Tax Account; all it does is what the fields say."""

from frappe.model.document import Document


class ShopifyBooksTaxAccount(Document):
    """See shopify_books_tax_account.json for the fields."""
