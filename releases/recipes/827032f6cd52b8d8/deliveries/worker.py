"""The worker of ERPNext's queues short and default, kept warm: a process for each order that may be booked at once, which runs its jobs in itself.

    ORDERS_AT_ONCE     processes; 1, or not set: bench's own worker, which forks for each job, and imports ERPNext again in each fork
    BENCH              directory of the bench: /home/frappe/frappe-bench

A process that has done MOST_JOBS, or has grown beyond MOST_BYTES, ends after its job, and the pool begins another one. Frappe 16 has such a worker of
its own (FrappeWorkerNoFork), Frappe 15 has none.
"""

from __future__ import annotations

import gc
import importlib
import os
import resource
import signal
import sys
import threading
from collections.abc import Mapping
from typing import Any

from rq.timeouts import JobTimeoutException
from rq.worker import SimpleWorker, StopRequested
from rq.worker_pool import WorkerPool

QUEUES = ["short", "default"]
MOST_JOBS = 1000
# Of memory at its peak. One that books orders has 250 MB.
MOST_BYTES = 400 * 1024 * 1024
# Seconds between two signs of life, and after which a process without one is no longer listed. RQ's own are listed for 90 to 420 seconds.
SIGN_OF_LIFE = 10.0
LISTED = 30
# What is imported once for all processes; each where it is installed.
BOOKS = (
    "shopify_books.jobs",
    "ecommerce_integrations.shopify.connection",
    "erpnext.accounts.doctype.payment_entry.payment_entry",
    "erpnext.selling.doctype.sales_order.sales_order",
    "erpnext.stock.doctype.delivery_note.delivery_note",
)


class WarmWorker(SimpleWorker):
    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.push_exc_handler(self._begin_anew)

    def work(self, *given: Any, **named: Any) -> bool:
        is_over = threading.Event()
        threading.Thread(target=self._live, args=(is_over,), daemon=True).start()
        try:
            return super().work(*given, **{**named, "max_jobs": MOST_JOBS})
        finally:
            is_over.set()

    def execute_job(self, job: Any, queue: Any) -> None:
        super().execute_job(job, queue)
        if resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 > MOST_BYTES:
            self._stop_requested = True

    def heartbeat(self, timeout: int | None = None, pipeline: Any = None) -> None:
        super().heartbeat(LISTED, pipeline)

    def kill_horse(self, sig: signal.Signals = signal.SIGKILL) -> None:
        """There is no other process: RQ would kill its own group, and so all the others."""
        os.kill(os.getpid(), sig)

    def _begin_anew(self, _job: Any, _kind: type, error: BaseException, _trace: Any) -> None:
        # What was cut off in the middle may have left anything behind in the process.
        if isinstance(error, JobTimeoutException):
            raise StopRequested

    def _live(self, is_over: threading.Event) -> None:
        while not is_over.wait(SIGN_OF_LIFE):
            try:
                self.heartbeat()
            except Exception as error:  # noqa: BLE001
                # Redis is away: the next one is in ten seconds, and the worker itself ends of it.
                print(f"no sign of life: {error!r}", file=sys.stderr, flush=True)


def main(environment: Mapping[str, str]) -> None:
    bench = environment.get("BENCH", "/home/frappe/frappe-bench")
    at_once = int(environment.get("ORDERS_AT_ONCE") or 1)
    if at_once == 1:
        os.chdir(bench)
        os.execvp("bench", ["bench", "worker", "--queue", ",".join(QUEUES)])
    os.chdir(f"{bench}/sites")
    import frappe
    from frappe.utils.background_jobs import get_queue_list, get_redis_conn, set_niceness

    with frappe.init_site():
        connection = get_redis_conn()
        queues = get_queue_list(QUEUES, build_queue_name=True)
    set_niceness()
    for module in BOOKS:
        try:
            importlib.import_module(module)
        except ImportError as error:
            print(f"{module} is imported when a job needs it: {error}", file=sys.stderr, flush=True)
    # The processes share what is not written to; the collector would write to all of it.
    gc.freeze()
    WorkerPool(queues, connection=connection, num_workers=at_once, worker_class=WarmWorker).start()


if __name__ == "__main__":
    main(os.environ)
