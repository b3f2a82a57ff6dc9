"""ERPNext as the forwarder asks it: through its web server, over REST, with the automation user's key."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
import time
import urllib.parse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

from .topics import TOPICS, order_of

LOG = "Ecommerce Integration Log"
SETTING = "Shopify Setting"

# The connector's one path (connector.md); its HMAC check, its log row and its job all follow from a POST of it.
HOOK = "/api/method/ecommerce_integrations.shopify.connection.store_request_data"

# Seconds that one answer may take. gunicorn gives a request 120.
ANSWER_SECONDS = 60.0
# nginx for a backend that is not there: whether that has taken what was sent is not known.
LOST = (502, 504)
# Frappe for a site in maintenance, for one that is not there yet, and for a key that it does not know yet.
AWAY = (401, 403, 404, 429, 503)
# Rows that are looked through for a delivery's own: all orders of the moment, the history's too.
MOST_ROWS = 200
# Jobs, and workers, that are looked through.
MOST_JOBS = 1000
# Seconds after which a worker that was not heard of is dead. RQ's own says so every 30 s while it has a job, and is listed for 90; ours every 10.
SILENT = 50.0


class SiteAway(Exception):
    """The site cannot be asked now. Where `sent`, it may have taken a delivery all the same."""

    def __init__(self, words: str, sent: bool = False) -> None:
        super().__init__(words)
        self.sent = sent


class Refused(Exception):
    """The site answers, and not with what was asked for."""


@dataclass(frozen=True)
class Row:
    """A row of the connector's log."""

    name: str
    # Queued, Success, Error or Invalid.
    status: str
    message: str


class Site:
    def __init__(self, address: str, name: str, key: str, secret: str) -> None:
        self._address = address
        self._name = name
        self._authorization = f"token {key}:{secret}"
        self._shared_secret: bytes | None = None
        self._zone: ZoneInfo | None = None

    def post(self, topic: str, body: bytes) -> None:
        """Delivers as Shopify does, signed with the secret that ERPNext has. Content that Frappe would parse is dangerous: it runs what a field
        `cmd` names; the connector reads the bytes."""
        signature = base64.b64encode(hmac.new(self._secret(), body, hashlib.sha256).digest()).decode()
        headers = {
            "Content-Type": "application/octet-stream",
            "X-Shopify-Topic": topic,
            "X-Shopify-Hmac-Sha256": signature,
        }
        try:
            self._ask("POST", HOOK, body, headers)
        except Refused:
            # Perhaps it has another secret by now.
            self._shared_secret = None
            raise

    def has_order(self, order: str) -> bool:
        return bool(self._list("Sales Order", ["name"], [["shopify_order_id", "=", order]], 1))

    def rows_since(self, topic: str, order: str, since: float) -> list[Row]:
        """Rows of one event of an order from a time on (seconds since 1970), oldest first."""
        bound = self._site_time(since)
        filters = [
            ["method", "=", TOPICS[topic].method],
            # Of these two only one is indexed, which one depends on Frappe's version.
            ["creation", ">=", bound],
            ["modified", ">=", bound],
            ["request_data", "like", f"%{order}%"],
        ]
        fields = ["name", "status", "message", "request_data"]
        found = self._list(LOG, fields, filters, MOST_ROWS, "creation asc")
        return [_row(row) for row in found if _order_in(topic, row.get("request_data")) == order]

    def row(self, name: str) -> Row | None:
        found = self._list(LOG, ["name", "status", "message"], [["name", "=", name]], 1)
        return _row(found[0]) if found else None

    def has_job(self, row: str) -> bool:
        """Whether a job that waits or runs belongs to a log row. What runs is asked of the workers: Frappe's list of the running jobs is a 500
        (ValueError) while a killed worker's job is in it, up to ten minutes. RQ buries that job with a signal, which gunicorn's threads may not set."""
        queued = [["RQ Job", "queue", "=", "short"], ["RQ Job", "status", "=", "queued"]]
        if any(_belongs(job, row) for job in self._view("RQ Job", queued)):
            return True
        heard = self._site_time(time.time() - SILENT)
        workers = self._view("RQ Worker", [])
        running = [worker["current_job_id"] for worker in workers if str(worker["last_heartbeat"]) >= heard]
        return any(_belongs(self._document("RQ Job", job), row) for job in running if job)

    def bury(self, row: str) -> None:
        """A row whose job died, which would be Queued forever."""
        said = {"status": "Error", "message": "The job ended without a word: its worker was killed. It is delivered again."}
        headers = {"Content-Type": "application/json", "Accept": "application/json", "Authorization": self._authorization}
        path = f"/api/resource/{urllib.parse.quote(LOG)}/{urllib.parse.quote(row)}"
        self._ask("PUT", path, json.dumps(said).encode(), headers)

    def is_up(self) -> bool:
        try:
            self._get("/api/method/ping", {})
        except (SiteAway, Refused):
            return False
        return True

    def _secret(self) -> bytes:
        if self._shared_secret is None:
            held = self._document(SETTING, SETTING).get("shared_secret")
            if not held:
                raise SiteAway("Shopify Setting has no shared secret yet")
            self._shared_secret = str(held).encode()
        return self._shared_secret

    def _site_time(self, seconds: float) -> str:
        """A time as the site's rows have it: local time, which does not say its offset. When the clock is put back, the earlier of the two."""
        if self._zone is None:
            zone = self._get("/api/method/frappe.client.get_time_zone", {})["message"]["time_zone"]
            self._zone = ZoneInfo(zone)
        then = datetime.fromtimestamp(seconds, timezone.utc)
        offsets = [moment.astimezone(self._zone).utcoffset() for moment in (then, datetime.now(timezone.utc))]
        earlier = then.replace(tzinfo=None) + min(offset or timedelta() for offset in offsets)
        return earlier.isoformat(" ", "microseconds")

    def _document(self, doctype: str, name: str) -> Mapping[str, Any]:
        return self._get(f"/api/resource/{urllib.parse.quote(doctype)}/{urllib.parse.quote(name)}", {})["data"]

    def _view(self, doctype: str, filters: Sequence[Any]) -> list[Mapping[str, Any]]:
        """What Frappe reads from Redis, as its own pages list it: only that list takes a length."""
        query = {
            "doctype": doctype,
            "fields": '["*"]',
            "filters": json.dumps(filters),
            "order_by": "creation asc",
            "start": "0",
            "page_length": str(MOST_JOBS),
        }
        return self._get("/api/method/frappe.desk.reportview.get_list", query)["message"]

    def _list(
        self, doctype: str, fields: Sequence[str], filters: Sequence[Any], most: int, order_by: str = ""
    ) -> list[Mapping[str, Any]]:
        query = {"fields": json.dumps(fields), "filters": json.dumps(filters), "limit_page_length": str(most)}
        if order_by:
            query["order_by"] = order_by
        return self._get(f"/api/resource/{urllib.parse.quote(doctype)}", query)["data"]

    def _get(self, path: str, query: Mapping[str, str]) -> Any:
        headers = {"Accept": "application/json", "Authorization": self._authorization}
        target = f"{path}?{urllib.parse.urlencode(query)}" if query else path
        return self._ask("GET", target, None, headers)

    def _ask(self, method: str, target: str, body: bytes | None, headers: Mapping[str, str]) -> Any:
        connection = http.client.HTTPConnection(self._address, timeout=ANSWER_SECONDS)
        try:
            try:
                connection.connect()
            except OSError as error:
                raise SiteAway(f"{self._address} takes no connection: {error}") from error
            try:
                connection.request(method, target, body, {"Host": self._name, **headers})
                response = connection.getresponse()
                content = response.read()
            except (OSError, http.client.HTTPException) as error:
                raise SiteAway(f"{self._address} gave no answer: {error!r}", sent=method == "POST") from error
        finally:
            connection.close()
        if response.status in AWAY or response.status in LOST:
            raise SiteAway(f"the site answers {response.status}", sent=method == "POST" and response.status in LOST)
        return _judged(response.status, content)


def _judged(status: int, content: bytes) -> Any:
    try:
        answer = json.loads(content)
    except ValueError:
        answer = None
    if status >= 300 or not isinstance(answer, dict):
        words = answer.get("exc_type") if isinstance(answer, dict) else None
        raise Refused(f"ERPNext answered {status} {words or ''}".strip())
    return answer


def _belongs(job: Mapping[str, Any], row: str) -> bool:
    return row in str(job.get("arguments"))


def _row(fields: Mapping[str, Any]) -> Row:
    return Row(str(fields["name"]), str(fields["status"]), str(fields.get("message") or ""))


def _order_in(topic: str, request_data: Any) -> str | None:
    try:
        return order_of(topic, json.loads(request_data))
    except (TypeError, ValueError):
        return None
