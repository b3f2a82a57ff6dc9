"""Controller of Shopify Books Setting; all it does is what the fields say."""

from frappe.model.document import Document


class ShopifyBooksSetting(Document):
    """See shopify_books_setting.json for the fields."""
