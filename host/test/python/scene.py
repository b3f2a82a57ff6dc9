"""Puts jobs into RQ as Frappe does, works on them, and tells what is there.

scene.py fill <site> · age <queue> <job seconds> <worker seconds> · work <queues…> · put <queue> <site> [<order> [<seconds>]] · list
"""

import datetime
import json
import sys

import ecommerce_integrations.shopify.utils as connector
from frappe.utils.background_jobs import execute_job, get_queue, get_queues, get_redis_conn, get_workers
from rq import Worker
from rq.job import Job

ORDER = "ecommerce_integrations.shopify.utils.sync_sales_order"


def put(queue, site, method, when=None, **kwargs):
    arguments = {"site": site, "method": method, "event": None, "job_name": str(method), "is_async": True, "kwargs": kwargs}
    if when is None:
        return get_queue(queue).enqueue_call("frappe.utils.background_jobs.execute_job", kwargs=arguments, timeout=300)
    return get_queue(queue).enqueue_in(when, execute_job, kwargs=arguments)


def put_order(queue, site, number="0", seconds="0"):
    put(queue, site, ORDER, payload={"id": number, "seconds": float(seconds)})


def fill(site):
    put("long", site, connector._migrate_items_to_ecommerce_item, log={"seconds": 120})
    put("default", site, connector._migrate_items_to_ecommerce_item, log={"seconds": 0})
    put("short", site, "ecommerce_integrations.shopify.utils.migrate_from_old_connector", request_id="log-1")
    put("long", site, connector._migrate_items_to_ecommerce_item, datetime.timedelta(hours=1), log={"seconds": 0})
    # None of these is the loop's.
    put("short", site, ORDER, payload={"id": 1, "note": "migrate_from_old_connector"})
    put("short", site, "_migrate_items_to_ecommerce_item", payload={})
    put("long", "other.example", connector._migrate_items_to_ecommerce_item, log={"seconds": 0})
    put("long", site, ORDER, datetime.timedelta(hours=2), payload={"id": 2})


def age(queue, job_seconds, worker_seconds):
    now = datetime.datetime.now(datetime.timezone.utc)

    def then(seconds):
        return (now - datetime.timedelta(seconds=float(seconds))).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    for job_id in get_queue(queue).get_job_ids():
        get_redis_conn().hset(Job.key_for(job_id), "enqueued_at", then(job_seconds))
    for worker in get_workers():
        get_redis_conn().hset(worker.key, "birth", then(worker_seconds))


def work(*names):
    Worker([get_queue(name) for name in names], connection=get_redis_conn()).work(logging_level="ERROR")


def everything():
    found = []
    for queue in get_queues():
        places = {
            "queued": queue.get_job_ids(),
            "started": queue.started_job_registry.get_job_ids(),
            "scheduled": queue.scheduled_job_registry.get_job_ids(),
            "failed": queue.failed_job_registry.get_job_ids(),
        }
        for place, ids in places.items():
            for job in Job.fetch_many(ids, connection=get_redis_conn()):
                method = job.kwargs["method"]
                name = method if isinstance(method, str) else method.__name__
                found.append(f'{queue.name.rsplit(":", 1)[1]} {place} {name.rsplit(".", 1)[-1]} {job.kwargs["site"]}')
    return sorted(found)


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    if command == "list":
        print(json.dumps(everything()))
    else:
        {"fill": fill, "age": age, "work": work, "put": put_order}[command](*arguments)
