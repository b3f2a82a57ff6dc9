"""Queues, their registries, their workers, and the little of Redis that is read directly."""

import datetime

import frappe


def ids(queue, status):
    return [job["id"] for job in frappe.ask("jobs") if job["queue"] == queue and job["status"] == status]


class Registry:
    def __init__(self, queue, status):
        self._queue, self._status = queue, status

    def get_job_ids(self, start=0, end=-1):
        return ids(self._queue, self._status)

    @property
    def count(self):
        return len(self.get_job_ids())


class Queue:
    def __init__(self, name):
        self._queue = name
        self.name = f"home-frappe-frappe-bench:{name}"
        self.started_job_registry = Registry(name, "started")
        self.failed_job_registry = Registry(name, "failed")
        self.scheduled_job_registry = Registry(name, "scheduled")
        self.deferred_job_registry = Registry(name, "deferred")

    def get_job_ids(self, offset=0, length=-1):
        waiting = ids(self._queue, "queued")
        return waiting[offset:] if length < 0 else waiting[offset : offset + length]

    @property
    def count(self):
        return len(self.get_job_ids())


class Worker:
    def __init__(self, record):
        self.name = record["name"]
        self.last_heartbeat = datetime.datetime.fromisoformat(record["last_heartbeat"])
        self.birth_date = datetime.datetime.fromisoformat(record["birth_date"])
        self._queues = record["queues"]

    def queue_names(self):
        return [f"home-frappe-frappe-bench:{queue}" for queue in self._queues]


class Redis:
    """Answers HGET on jobs, one after another or in a pipeline."""

    def __init__(self):
        self._asked = []

    def pipeline(self, transaction=True):
        return Redis()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._asked = []

    def hget(self, key, field):
        self._asked.append((key.decode().rsplit(":", 1)[-1], field))
        return self

    def execute(self):
        known = {job["id"]: job for job in frappe.ask("jobs")}
        values = [known.get(job_id, {}).get(field) for job_id, field in self._asked]
        self._asked = []
        return [None if value is None else value.encode() for value in values]
