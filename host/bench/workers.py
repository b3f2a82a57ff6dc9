"""Fails unless a live worker serves each queue that the connector and ERPNext put jobs on."""

import datetime
import os
import sys

import frappe
from frappe.utils.background_jobs import get_workers

# An idle worker reports every 405 seconds (RQ's worker_ttl of 420 less 15).
LONGEST_SILENCE = datetime.timedelta(seconds=480)
QUEUES = {"short", "default", "long"}

frappe.init(site=os.environ["SITE_NAME"], sites_path=".")
frappe.connect()
now = datetime.datetime.now(datetime.timezone.utc)
served = set()
for worker in get_workers():
    heartbeat = worker.last_heartbeat
    if heartbeat and now - heartbeat.replace(tzinfo=datetime.timezone.utc) < LONGEST_SILENCE:
        # A queue's name in Redis is "<bench>:<queue>".
        served.update(name.rsplit(":", 1)[-1] for name in worker.queue_names())
if QUEUES - served:
    sys.exit("No worker serves " + ", ".join(sorted(QUEUES - served)) + ": docker compose logs queue-short queue-long")
print("workers serve " + ", ".join(sorted(served)))
