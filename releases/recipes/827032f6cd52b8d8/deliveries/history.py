"""One window of the order history, pulled by the connector's own reader and booked as many orders at once as the server books (host/backfill.sh).

    SITE_NAME          the site's name
    ORDERS_AT_ONCE     processes that book
    SINCE              when this run over the history began (RFC 3339): what it has booked since then it does not book again
    BENCH              directory of the bench: /home/frappe/frappe-bench

The window is the one in Shopify Setting. Orders wait for each other as those do that are delivered (schedule.py). While deliveries wait for ERPNext's
workers, one process goes on and the others rest. The connector's own sync_old_orders, one order after the other, is the way back: ORDERS_AT_ONCE=1.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from typing import Any

from .conflicts import Variants, people_of, variants_of
from .schedule import Delivery, by_order, runnable
from .topics import CREATE

SETTING = "Shopify Setting"
# Orders that are checked for one that may be booked beside those under way: a page of the connector's.
AHEAD = 250
# Seconds between two looks at what else the server has to do, and that a process which comes up may take.
LOOK = 5.0
START = 300


def book_all(
    orders: Iterable[Mapping[str, Any]], begin: Callable[[Mapping[str, Any]], Future[None]], may_run: Callable[[], int]
) -> int:
    """Every order, never two at once that could touch the same; `may_run` says how many at once. @returns how many."""
    source, made, begun = iter(orders), Variants(), 0
    waiting: list[tuple[Delivery, Mapping[str, Any]]] = []
    running: dict[Future[None], Delivery] = {}
    is_over = False
    while True:
        while not is_over and len(waiting) < AHEAD:
            order = next(source, None)
            is_over = order is None
            if order is not None:
                waiting.append((_as_delivery(begun + len(waiting), order), order))
        heads = by_order(delivery for delivery, _ in waiting)
        for chosen in runnable(heads, running.values(), made, time.time(), may_run()):
            order = next(order for delivery, order in waiting if delivery is chosen)
            waiting = [pair for pair in waiting if pair[0] is not chosen]
            running[begin(order)] = chosen
            begun += 1
        if not running and not waiting:
            return begun
        for future in wait(running, LOOK, FIRST_COMPLETED).done:
            # What an order comes to, its log row says; what is raised here is a process that is gone.
            future.result()
            made.add(running.pop(future).variants)


def _as_delivery(place: int, order: Mapping[str, Any]) -> Delivery:
    touched = {"people": people_of(order), "variants": variants_of(order)}
    return Delivery(f"{place}-0", str(place), CREATE, str(order.get("id")), 0.0, 0.0, **touched)


def book(site: str, order: Mapping[str, Any]) -> None:
    """In a process of its own, as the connector's pull does: a row of its log for each order, which says what became of it."""
    import frappe
    from ecommerce_integrations.shopify.constants import EVENT_MAPPER
    from ecommerce_integrations.shopify.utils import create_shopify_log

    frappe.init(site=site, sites_path=".")
    frappe.connect()
    try:
        frappe.set_user("Administrator")
        row = create_shopify_log(method=EVENT_MAPPER[CREATE], request_data=json.dumps(order), make_new=True)
        try:
            frappe.get_attr(EVENT_MAPPER[CREATE])(order, request_id=row.name)
        except Exception as error:  # noqa: BLE001
            # One bad order must not end the window over all the others.
            frappe.db.rollback()
            create_shopify_log(status="Error", exception=repr(error))
        frappe.db.commit()
    finally:
        frappe.destroy()


def _new_ones(orders: Iterable[Mapping[str, Any]], since: str) -> Iterator[Mapping[str, Any]]:
    """Without those whose Sales Order was made since then of this very state: a run that was cut off goes on at the order."""
    import frappe
    from frappe.utils import convert_utc_to_system_timezone, get_datetime

    began = convert_utc_to_system_timezone(get_datetime(since.replace("Z", ""))).replace(tzinfo=None)
    for order in orders:
        same = {"shopify_order_id": str(order["id"]), "shopify_updated_at": order.get("updated_at"), "creation": (">=", began)}
        if not frappe.db.exists("Sales Order", same):
            yield order
        # Or this connection would never see what the processes have committed.
        frappe.db.commit()


_all_there: Any = None


def _keep(all_there: Any) -> None:
    global _all_there
    _all_there = all_there


def _come_up() -> None:
    """Imports what books, and waits for the others: all processes are there before the first one has a connection that they could inherit."""
    import erpnext.selling.doctype.sales_order.sales_order  # noqa: F401
    import shopify_books.jobs  # noqa: F401

    _all_there.wait(START)


def main(environment: Mapping[str, str]) -> None:
    os.chdir(environment.get("BENCH", "/home/frappe/frappe-bench") + "/sites")
    # People who look at pages come first, and what is delivered.
    os.nice(5)
    site, at_once = environment["SITE_NAME"], int(environment["ORDERS_AT_ONCE"])
    processes = multiprocessing.get_context("fork")
    all_there = processes.Barrier(at_once)
    with ProcessPoolExecutor(at_once, processes, _keep, (all_there,)) as pool:
        for there in [pool.submit(_come_up) for _ in range(at_once)]:
            there.result()
        _pull(site, environment["SINCE"], at_once, pool)


def _pull(site: str, since: str, at_once: int, pool: ProcessPoolExecutor) -> None:
    import frappe
    from ecommerce_integrations.shopify import order
    from ecommerce_integrations.shopify.connection import temp_shopify_session
    from frappe.utils.background_jobs import get_queue

    frappe.init(site=site, sites_path=".")
    frappe.connect()
    frappe.set_user("Administrator")
    setting = frappe.get_doc(SETTING)
    if not int(setting.sync_old_orders or 0):
        return
    if not hasattr(order, "_fetch_old_orders"):
        # The connector's rewrite for GraphQL reads in another way, and books by itself.
        order.sync_old_orders()
        return
    queue = get_queue("short")

    @temp_shopify_session
    def pull() -> int:
        orders = _new_ones(order._fetch_old_orders(setting.old_orders_from, setting.old_orders_to), since)
        return book_all(orders, lambda one: pool.submit(book, site, one), lambda: 1 if queue.count else at_once)

    booked = pull()
    # Past the document: its save may register webhooks.
    frappe.db.set_single_value(SETTING, "sync_old_orders", 0, update_modified=False)
    frappe.db.commit()
    frappe.clear_document_cache(SETTING, SETTING)
    print(f"{booked} orders booked, {at_once} at once", flush=True)


if __name__ == "__main__":
    main(os.environ)
