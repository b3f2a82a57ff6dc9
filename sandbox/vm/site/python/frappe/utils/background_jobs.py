"""RQ's workers and queues as Frappe lists them."""

import frappe
from rq.queue import Queue, Redis, Worker


def get_workers(queue=None):
    return [Worker(record) for record in frappe.ask("workers")]


def get_queues():
    return [Queue(name) for name in ("short", "default", "long")]


def get_jobs(site=None, queue=None, key="method"):
    """What waits or runs, by site: the job's method, its name, or the method of a scheduled event."""
    found = []
    for job in frappe.ask("jobs"):
        if job["status"] not in ("queued", "started"):
            continue
        kwargs = {"method": job["method"], "job_name": job["job_name"], "job_type": job["event"]}
        if kwargs.get(key):
            found.append(kwargs[key])
    return {site: found} if found else {}


def get_redis_conn():
    return Redis()
