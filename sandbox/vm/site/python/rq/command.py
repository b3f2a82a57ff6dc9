"""Commands to workers."""

from rq.exceptions import InvalidJobOperation

import frappe


def send_stop_job_command(connection, job_id, serializer=None):
    if not frappe.ask("stop_job", job_id):
        raise InvalidJobOperation("Job is not currently executing")
