"""ERPNext with the connector, as far as the forwarder meets it. What it answers and writes is that of the real one (connector.md): a log row
and a job for each delivery, one worker after the other, Invalid for an event without its order and for an order that is there already."""

from __future__ import annotations

import copy
import hashlib
import hmac
import json
import queue
import threading
import time
import urllib.parse
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from zoneinfo import ZoneInfo

from ..topics import CREATE, TOPICS
from .processes import SECRET, SITE
from .shopify import HOOK

# Neither the machine's zone nor UTC.
ZONE = "Asia/Kolkata"

METHOD_OF = {name: topic.method for name, topic in TOPICS.items()}


@dataclass
class Books:
    """What is in the database."""

    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    # Documents by order: "Sales Order", and for each other method what it has made.
    orders: dict[str, list[str]] = field(default_factory=dict)
    # How often each event had an effect.
    effects: dict[tuple[str, str], int] = field(default_factory=dict)
    items: set[str] = field(default_factory=set)


class Connector:
    """mode: "up"; "maintenance" answers 503; "down" hangs up, and "lost-before" and "lost-after" go down
    with the next delivery, before or after it was taken."""

    def __init__(self, workers: int = 2, seconds_a_job: float = 0.002) -> None:
        self.books = Books()
        self.mode = "up"
        # What Shopify Setting has as its shared secret.
        self.secret = SECRET
        # Orders that our app leaves out.
        self.test_orders: set[str] = set()
        # Orders whose creation ends in Error that often.
        self.errors: dict[str, int] = {}
        self.seconds_a_job = seconds_a_job
        self.kill_next_job = False
        # An order whose deliveries end the process that takes them.
        self.poison: str | None = None
        # Whether the site lacks the connector's own fields: 500 for a request that filters by them.
        self.no_column = False
        # Every delivery that came, as (topic, order).
        self.taken: list[tuple[str, str]] = []
        self.headers: list[dict[str, str]] = []
        self._lock = threading.Lock()
        self._jobs: queue.Queue[str] = queue.Queue()
        # Rows whose job waits or runs, those of them whose job runs, and those that a killed worker left.
        self._pending: set[str] = set()
        self._running: set[str] = set()
        self._abandoned: set[str] = set()
        # Whom the orders of the running jobs are for, and how often two jobs at once had one of them, or one order, in common.
        self._touched: dict[str, frozenset[str]] = {}
        self.races = 0
        self._number = 0
        # Requests under way.
        self._asked = 0
        connector = self

        class Handler(_Handler):
            owner = connector

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.address = f"127.0.0.1:{self._server.server_address[1]}"
        for work in [self._server.serve_forever, *[self._work] * workers]:
            threading.Thread(target=work, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def backup(self) -> Books:
        with self._lock:
            return copy.deepcopy(self.books)

    def settle(self) -> None:
        """Returns once no request and no job is under way. The site is in maintenance, so that none begins."""
        while True:
            with self._lock:
                if not self._asked and not self._running:
                    return
            time.sleep(0.01)

    def restore(self, books: Books) -> None:
        """What runs at the moment has no effect any more: its connection to the database is ended."""
        with self._lock:
            self.books = copy.deepcopy(books)
            self._pending.clear()

    def statuses(self, status: str) -> int:
        with self._lock:
            return sum(row["status"] == status for row in self.books.rows.values())

    def deliver(self, topic: str, signature: str, body: bytes) -> tuple[int, Any]:
        right = b64encode(hmac.new(self.secret, body, hashlib.sha256).digest()).decode()
        if signature != right:
            return 500, {"exc_type": "TypeError"}
        payload = json.loads(body)
        with self._lock:
            self._number += 1
            name = f"row{self._number:07}"
            order = str(payload["id"])
            moment = self._moment()
            row = {"name": name, "status": "Queued", "message": "None", "method": METHOD_OF[topic], "creation": moment}
            self.books.rows[name] = {**row, "modified": moment, "request_data": json.dumps(payload, indent=4)}
            self._pending.add(name)
            self.taken.append((topic, order))
        self._jobs.put(name)
        return 200, {}

    def _work(self) -> None:
        while True:
            name = self._jobs.get()
            with self._lock:
                books = self.books
                row = books.rows.get(name)
                killed, self.kill_next_job = self.kill_next_job, False
                if killed:
                    self._abandoned.add(name)
                if row is None or killed:
                    self._pending.discard(name)
                    continue
                self._running.add(name)
                touched = self._touches(row)
                self.races += any(touched & others for others in self._touched.values())
                self._touched[name] = touched
            self._run(row, books)
            with self._lock:
                self._pending.discard(name)
                self._running.discard(name)
                del self._touched[name]

    def _touches(self, row: dict[str, Any]) -> frozenset[str]:
        order = json.loads(row["request_data"])
        items = {f"item {line['product_id']}" for line in order["line_items"] if line.get("product_id")}
        missing = items - self.books.items
        self.books.items |= items
        person = order.get("customer") or {}
        return frozenset({f"order {order['id']}", *missing, *(str(value) for value in person.values() if value)})

    def _run(self, row: dict[str, Any], books: Books) -> None:
        order, method = str(json.loads(row["request_data"])["id"]), row["method"]
        made = list(books.orders.get(order, []))
        # Between the look and the writing, as in the real one, which has no unique index either.
        time.sleep(self.seconds_a_job)
        with self._lock:
            if self.books is not books:
                return
            if method == METHOD_OF[CREATE]:
                row.update(self._create(order, made))
            elif not made:
                row.update(status="Invalid", message="Sales Order not found for syncing.")
            else:
                self.books.effects[order, method] = self.books.effects.get((order, method), 0) + 1
                row.update(status="Success")

    def _create(self, order: str, made: list[str]) -> dict[str, str]:
        if made:
            return {"status": "Invalid", "message": "Sales order already exists, not synced"}
        if order in self.test_orders:
            return {"status": "Invalid", "message": "Nothing to book: a test order"}
        if self.errors.get(order, 0) > 0:
            self.errors[order] -= 1
            return {"status": "Error", "message": "Could not find Customer: 'Jane Doe' jane@example.com"}
        self.books.orders.setdefault(order, []).append("Sales Order")
        return {"status": "Success", "message": "None"}

    def rows(self, filters: list[list[Any]]) -> list[dict[str, Any]]:
        with self._lock:
            found = [dict(row) for row in self.books.rows.values() if all(_matches(row, *one) for one in filters)]
        return sorted(found, key=lambda row: row["creation"])

    def jobs(self, status: str) -> list[dict[str, str]] | None:
        """None where Frappe cannot list them: rq 1.15.1 gives an abandoned job up when the running ones are listed, sets a signal for its
        failure callback, and fails in a thread of gunicorn (registry.py, StartedJobRegistry.cleanup). Seen on Frappe 15.92."""
        if status == "started" and self._abandoned:
            return None
        return [_job(name) for name in self._names() if (name in self._running) == (status == "started")]

    def workers(self) -> list[dict[str, str]]:
        """The one that was killed is listed for up to 90 seconds, with its job and the time when it was heard of last."""
        now, before = (self._moment(seconds) for seconds in (0, 60))
        alive = [(name, now) for name in self._names() if name in self._running]
        dead = [(name, before) for name in self._abandoned]
        return [{"current_job_id": f"{SITE}::{name}", "last_heartbeat": heard} for name, heard in alive + dead]

    def _moment(self, seconds_ago: float = 0) -> str:
        moment = datetime.now(timezone.utc) - timedelta(seconds=seconds_ago)
        return moment.astimezone(ZoneInfo(ZONE)).replace(tzinfo=None).isoformat(" ", "microseconds")

    def _names(self) -> list[str]:
        with self._lock:
            return sorted(self._pending)


def _job(name: str) -> dict[str, str]:
    return {"name": f"{SITE}::{name}", "arguments": json.dumps({"request_id": name})}


def _matches(row: dict[str, Any], name: str, operator: str, value: str) -> bool:
    held = row[name]
    if operator == "like":
        return value.strip("%") in held
    return held >= value if operator == ">=" else held == value


class _Handler(BaseHTTPRequestHandler):
    owner: Connector
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        pass

    def handle(self) -> None:
        with self.owner._lock:
            self.owner._asked += 1
        try:
            super().handle()
        finally:
            with self.owner._lock:
                self.owner._asked -= 1

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        owner = self.owner
        is_poison = owner.poison is not None and json.loads(body)["id"] == int(owner.poison)
        if owner.mode == "maintenance":
            return self._stopped()
        is_before = owner.mode == "lost-before"
        if is_before:
            owner.mode = "down"
        if self._is_away() or is_poison:
            return self._hang_up()
        if self.path != HOOK or self.headers["Host"] != SITE:
            return self._answer(404, {})
        owner.headers.append(dict(self.headers.items()))
        status, answer = owner.deliver(self.headers["X-Shopify-Topic"], self.headers["X-Shopify-Hmac-Sha256"], body)
        if owner.mode == "lost-after":
            owner.mode = "down"
            return self._hang_up()
        return self._answer(status, answer)

    def do_PUT(self) -> None:
        """Fields of a log row."""
        fields = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with self.owner._lock:
            row = self.owner.books.rows.get(self.path.rpartition("/")[2])
            (row or {}).update(fields)
        return self._answer(404 if row is None else 200, {})

    def do_GET(self) -> None:
        if self._is_away():
            return self._hang_up()
        if self.owner.mode == "maintenance":
            return self._stopped()
        if self.headers["Authorization"] != "token key:secret" or self.headers["Host"] != SITE:
            return self._answer(403, {})
        url = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(url.query))
        answer = self._read(urllib.parse.unquote(url.path), query)
        return self._answer(500 if "exc_type" in answer else 200, answer)

    def _read(self, path: str, query: dict[str, str]) -> Any:
        filters = json.loads(query.get("filters", "[]"))
        if self.owner.no_column:
            return {"exc_type": "OperationalError"}
        if path == "/api/resource/Sales Order":
            return {"data": [{"name": "SO"}] if self.owner.books.orders.get(filters[0][2]) else []}
        if path == "/api/resource/Ecommerce Integration Log":
            return {"data": self.owner.rows(filters)[: int(query["limit_page_length"])]}
        if path == "/api/resource/Shopify Setting/Shopify Setting":
            return {"data": {"shared_secret": self.owner.secret.decode()}}
        if path == "/api/method/frappe.client.get_time_zone":
            return {"message": {"time_zone": ZONE}}
        if path == "/api/method/frappe.desk.reportview.get_list":
            return self._view(query["doctype"], filters)
        if path.startswith("/api/resource/RQ Job/"):
            return {"data": _job(path.rpartition("::")[2])}
        return {"message": "pong"}

    def _view(self, doctype: str, filters: list[list[str]]) -> Any:
        if doctype == "RQ Worker":
            return {"message": self.owner.workers()}
        jobs = self.owner.jobs(next(value for _, name, _, value in filters if name == "status"))
        return {"exc_type": "ValueError"} if jobs is None else {"message": jobs}

    def _is_away(self) -> bool:
        return self.owner.mode == "down"

    def _hang_up(self) -> None:
        self.close_connection = True
        self.connection.close()

    def _stopped(self) -> None:
        """Frappe looks for it before anything else, so nothing of what is answered so was done."""
        self._answer(503, {"exc_type": "SessionStopped"})

    def _answer(self, status: int, answer: Any) -> None:
        content = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(content)
