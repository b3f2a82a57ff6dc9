"""Functions of the connector by their names; what they do is the test's."""

import time


def migrate_from_old_connector(payload=None, request_id=None):
    raise RuntimeError("no old connector")


def _migrate_items_to_ecommerce_item(log):
    time.sleep(log["seconds"])


def sync_sales_order(payload, request_id=None):
    return None
