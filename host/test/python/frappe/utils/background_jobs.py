"""Frappe's side of RQ: queues named "<bench>:<queue>", one function that runs every job."""

import os

from redis import Redis
from rq import Queue, Worker

BENCH = "home-frappe-frappe-bench"


def get_redis_conn():
    return Redis.from_url(os.environ["REDIS_URL"])


def get_queue(name):
    return Queue(f"{BENCH}:{name}", connection=get_redis_conn())


def get_queues():
    return [queue for queue in Queue.all(connection=get_redis_conn()) if queue.name.startswith(BENCH)]


def get_queue_list(names, build_queue_name=False):
    return [f"{BENCH}:{name}" if build_queue_name else name for name in names]


def set_niceness():
    pass


def get_workers():
    return Worker.all(connection=get_redis_conn())


def execute_job(site, method, event, job_name, kwargs, user=None, is_async=True, retry=0):
    if isinstance(method, str):
        module, name = method.rsplit(".", 1)
        method = getattr(__import__(module, fromlist=[name]), name)
    return method(**kwargs)

