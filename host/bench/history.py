"""What the pull of the order history needs of the site (backfill.sh): one action as JSON on standard input, an answer as JSON."""

import datetime
import json
import os
import signal
import sys
import time

import frappe
from frappe.utils import now_datetime
from frappe.utils.background_jobs import get_jobs

SETTING = "Shopify Setting"
METHOD = "ecommerce_integrations.shopify.order.sync_old_orders"
CATALOG_JOB = "shopify.job.sync.all.products"
# What books several orders at once (deliveries/history.py), with each of its processes.
PULLS = (METHOD.encode(), b"deliveries.history")
ORDER_METHOD = "ecommerce_integrations.shopify.order.sync_sales_order"

# Seconds that a pull may take to end once it is told to.
PATIENCE = 20


def set_window(values):
    """Past the document: its save may register webhooks. A cached copy would be read instead."""
    for field, value in values.items():
        frappe.db.set_single_value(SETTING, field, value, update_modified=False)
    frappe.db.commit()
    frappe.clear_document_cache(SETTING, SETTING)


def hourly_event():
    return frappe.db.get_value("Scheduled Job Type", {"method": METHOD}, ["name", "stopped"], as_dict=True)


def stop_event(stopped):
    event = hourly_event()
    if event:
        frappe.db.set_value("Scheduled Job Type", event.name, "stopped", stopped)
        frappe.db.commit()
        frappe.clear_document_cache("Scheduled Job Type", event.name)


def site_time(text):
    """The connector takes its two fields for the time of the process it runs in, whatever the site's zone is."""
    moment = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return moment.astimezone().replace(tzinfo=None)


def busy():
    """Jobs in RQ, waiting or running, that a pull must not meet."""
    site = frappe.local.site
    events = get_jobs(site=site, key="job_type").get(site, [])
    names = [str(name) for name in get_jobs(site=site, key="job_name").get(site, [])]
    found = ["the connector's own hourly pull"] if METHOD in events else []
    return found + (["the catalog import"] if CATALOG_JOB in names else [])


def look(request):
    event = hourly_event()
    answer = {
        "stopped": bool(event and event.stopped),
        "flag": bool(int(frappe.db.get_single_value(SETTING, "sync_old_orders") or 0)),
        "busy": busy(),
    }
    if "since" in request:
        rows = frappe.db.sql(
            "select status, count(*) from `tabEcommerce Integration Log` where method = %s and creation >= %s group by status",
            (ORDER_METHOD, request["since"]),
        )
        answer["log"] = {status.lower(): count for status, count in rows}
    return answer


def begin(request):
    window = request["window"]
    began = str(now_datetime())
    times = {"old_orders_from": site_time(window["from"]), "old_orders_to": site_time(window["to"])}
    set_window({**times, "sync_old_orders": 1})
    return {"began": began}


def hold(_request):
    stop_event(1)
    return {}


def release(_request):
    """The window goes first, or the hourly event would take it up."""
    set_window({"sync_old_orders": 0})
    stop_event(0)
    return {}


def pulls():
    """Processes in this container that run the connector's pull."""
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                arguments = file.read().split(b"\0")
        except OSError:
            continue
        if not set(PULLS).isdisjoint(arguments) and int(pid) != os.getpid():
            yield int(pid)


def end(_request):
    """Whatever of a pull is left, the window included, so that the hourly event does not take it up."""
    set_window({"sync_old_orders": 0})
    for order in (signal.SIGTERM, signal.SIGKILL):
        deadline = time.monotonic() + PATIENCE
        for pid in list(pulls()):
            try:
                os.kill(pid, order)
            except ProcessLookupError:
                pass
        while list(pulls()) and time.monotonic() < deadline:
            time.sleep(0.2)
    return {}


request = json.load(sys.stdin)
frappe.init(site=os.environ["SITE_NAME"], sites_path=".")
frappe.connect()
actions = {"look": look, "begin": begin, "hold": hold, "release": release, "end": end}
print(json.dumps(actions[request["action"]](request)))
