"""One job."""

from rq.exceptions import NoSuchJobError

import frappe


class Job:
    def __init__(self, record):
        self.id = record["id"]
        self.kwargs = {"site": frappe.local.site, "method": record["method"], "kwargs": record["kwargs"]}

    @staticmethod
    def key_for(job_id):
        return f"rq:job:{job_id}".encode()

    @classmethod
    def fetch_many(cls, job_ids, connection, serializer=None):
        known = {record["id"]: record for record in frappe.ask("jobs")}
        return [cls(known[job_id]) if job_id in known else None for job_id in job_ids]

    def get_status(self, refresh=True):
        for record in frappe.ask("jobs"):
            if record["id"] == self.id:
                return record["status"]
        raise NoSuchJobError(f"No such job: {self.id}")

    def delete(self):
        frappe.ask("delete_job", self.id)
