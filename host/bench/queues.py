"""Looks after RQ's queues and prints what it saw as one line of JSON: {"facts": {"queues", "connector"}, "faults": [sentence]}.

Takes the app's secret out of the history of Shopify Setting on the way.

Runs with the rq of Frappe 15 (1.15) and of Frappe 16 (2.x).
"""

import datetime
import json
import os
import time
from zoneinfo import ZoneInfo

import frappe
from frappe.utils.background_jobs import get_queues, get_redis_conn, get_workers
from rq.command import send_stop_job_command
from rq.exceptions import InvalidJobOperation, NoSuchJobError
from rq.job import Job

# An idle worker reports every 405 seconds (RQ's worker_ttl of 420 less 15).
LONGEST_SILENCE = datetime.timedelta(seconds=480)

# Longest that a job may wait for a live worker, in seconds: three jobs of the queue's own limit (300), and for "long", whose
# jobs take up to 1500, one and a quarter hour.
LONGEST_WAIT = {"short": 900, "default": 900, "long": 4500}

# Jobs at the head of a queue that are checked for the oldest; one that was put in front of others is younger than they.
LOOKED_AT = 100

# What the connector queues when it is saved with is_old_data_migrated = 0, and what it queues in turn.
OLD_MIGRATION = {
    "ecommerce_integrations.shopify.utils.migrate_from_old_connector",
    "ecommerce_integrations.shopify.utils._migrate_items_to_ecommerce_item",
}

# Seconds that a worker may take to end a job it was told to stop.
STOP_LIMIT = 10

NOW = datetime.datetime.now(datetime.timezone.utc)


def utc(moment):
    """RQ's times are UTC; those of its version 1 do not say so."""
    return moment if moment is None or moment.tzinfo else moment.replace(tzinfo=datetime.timezone.utc)


def short_name(queue_name):
    """A queue's name in Redis is "<bench>:<queue>"."""
    return queue_name.rsplit(":", 1)[-1]


def live_workers():
    """For each queue, when those of its workers began that still report."""
    births = {queue: [] for queue in LONGEST_WAIT}
    for worker in get_workers():
        heartbeat = utc(worker.last_heartbeat)
        if heartbeat and NOW - heartbeat < LONGEST_SILENCE:
            for name in worker.queue_names():
                births.setdefault(short_name(name), []).append(utc(worker.birth_date) or NOW)
    return births


def oldest_in(queue):
    """When the oldest of its waiting jobs was queued, without reading the orders in them."""
    with get_redis_conn().pipeline(transaction=False) as asked:
        for job_id in queue.get_job_ids(0, LOOKED_AT):
            asked.hget(Job.key_for(job_id), "enqueued_at")
        moments = [datetime.datetime.fromisoformat(raw.decode().replace("Z", "+00:00")) for raw in asked.execute() if raw]
    return min(map(utc, moments), default=None)


def method_of(job):
    """The function that Frappe's job runs; None when the job cannot be read, which is then not ours to judge."""
    try:
        arguments = job.kwargs
    except Exception:
        return None
    if arguments.get("site") != frappe.local.site:
        return None
    method = arguments.get("method")
    return method if isinstance(method, str) else f"{getattr(method, '__module__', '')}.{getattr(method, '__qualname__', '')}"


def old_migrations(queues):
    """Every job of the connector's own migration, wherever it stands."""
    ids = set()
    for queue in queues:
        ids.update(queue.get_job_ids())
        for registry in (
            queue.started_job_registry,
            queue.scheduled_job_registry,
            queue.deferred_job_registry,
            queue.failed_job_registry,
        ):
            ids.update(registry.get_job_ids())
    jobs = Job.fetch_many(mentioning(sorted(ids), "igrate_"), connection=get_redis_conn())
    return [job for job in jobs if job is not None and method_of(job) in OLD_MIGRATION]


def mentioning(job_ids, word):
    """RQ keeps a call's text beside its content: enough to tell which of many large jobs are worth reading."""
    with get_redis_conn().pipeline(transaction=False) as asked:
        for job_id in job_ids:
            asked.hget(Job.key_for(job_id), "description")
        texts = asked.execute()
    return [job_id for job_id, text in zip(job_ids, texts) if text and word.encode() in text]


def take_away(job):
    """Only this job. One that runs is stopped first, or its worker would put it back."""
    try:
        if job.get_status() == "started":
            send_stop_job_command(get_redis_conn(), job.id)
            deadline = time.monotonic() + STOP_LIMIT
            while job.get_status() == "started" and time.monotonic() < deadline:
                time.sleep(0.1)
        job.delete()
    except (InvalidJobOperation, NoSuchJobError):
        # It ended by itself meanwhile; what is left of it is found the next time.
        return False
    return True


def cure(jobs):
    """What the playbook says: the flag, past the document, and these jobs gone."""
    if frappe.db.exists("DocType", "Shopify Setting"):
        frappe.db.set_single_value("Shopify Setting", "is_old_data_migrated", 1)
        frappe.db.commit()
        frappe.clear_document_cache("Shopify Setting", "Shopify Setting")
    return sum(take_away(job) for job in jobs)


def forget_secrets():
    """The connector keeps its secret in a field of the type Data and tracks changes: each value of before would stay readable in a Version, for
    ever and in every backup. With a Dev-Dashboard app it grants tokens, too. Other changes keep their history."""
    kept = {"ref_doctype": "Shopify Setting", "docname": "Shopify Setting", "data": ("like", '%"shared_secret"%')}
    if frappe.db.exists("Version", kept):
        frappe.db.delete("Version", kept)
        frappe.db.commit()


def last_delivery():
    """The newest row of the connector's log; Frappe keeps times in the site's zone and does not say so."""
    if not frappe.db.exists("DocType", "Ecommerce Integration Log"):
        return None
    newest = frappe.get_all("Ecommerce Integration Log", fields=["creation"], order_by="creation desc", limit=1)
    if not newest:
        return None
    zone = frappe.db.get_single_value("System Settings", "time_zone") or "UTC"
    moment = newest[0]["creation"].replace(tzinfo=ZoneInfo(zone)).astimezone(datetime.timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def waits_of(births, oldest):
    """Seconds that each queue's oldest job has waited for a live worker; after an outage a job is old and its worker young."""
    waits = {}
    for queue in LONGEST_WAIT:
        since = oldest.get(queue)
        if since and births[queue]:
            since = max(since, min(births[queue]))
        waits[queue] = round((NOW - since).total_seconds()) if since else None
    return waits


def faults_of(births, waits):
    """One sentence for each thing that is wrong."""
    look = "docker compose logs queue-short queue-long"
    unserved = sorted(queue for queue in LONGEST_WAIT if not births[queue])
    if unserved:
        yield f"No worker serves {', '.join(unserved)}: {look}"
    for queue, limit in LONGEST_WAIT.items():
        if births[queue] and (waits[queue] or 0) > limit:
            yield f"A job waits in the queue {queue} for {waits[queue]} s although a worker serves it: {look}"


def main():
    frappe.init(site=os.environ["SITE_NAME"], sites_path=".")
    frappe.connect()
    queues = {short_name(queue.name): queue for queue in get_queues()}
    migrations = old_migrations(queues.values())
    cured = cure(migrations) if migrations else 0
    forget_secrets()
    births = live_workers()
    oldest = {name: oldest_in(queue) for name, queue in queues.items()}
    waits = waits_of(births, oldest)
    ages = [NOW - moment for moment in oldest.values() if moment]
    facts = {
        "queues": {
            "workers": {queue: len(births[queue]) for queue in LONGEST_WAIT},
            "queued": {queue: queues[queue].count if queue in queues else 0 for queue in LONGEST_WAIT},
            "oldestQueuedSeconds": round(max(ages).total_seconds()) if ages else None,
            "waits": waits,
            "failedJobs": sum(queue.failed_job_registry.count for queue in queues.values()),
            "oldMigrationJobs": len(migrations),
            "oldMigrationsCured": cured,
        },
        "connector": {"lastDeliveryAt": last_delivery()},
    }
    print(json.dumps({"facts": facts, "faults": list(faults_of(births, waits))}))


main()
