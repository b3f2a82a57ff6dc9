"""Functions of the connector by their names; what they do is the test's."""

import os
import time


def migrate_from_old_connector(payload=None, request_id=None):
    raise RuntimeError("no old connector")


def _migrate_items_to_ecommerce_item(log):
    time.sleep(log["seconds"])


def sync_sales_order(payload, request_id=None):
    """Leaves a file named after its process and its order, in the directory JOBS where there is one."""
    if "JOBS" in os.environ:
        open(os.path.join(os.environ["JOBS"], f"{os.getpid()} {payload.get('id')}"), "w").close()
    time.sleep(payload.get("seconds", 0))
