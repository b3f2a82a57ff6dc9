"""A Pub/Sub topic with one pull subscription, as a server of this process: pull, acknowledge, modifyAckDeadline and seek of the REST API v1.

Messages come in any order; one that is not acknowledged within its deadline comes again, under another ackId, of which the old one stays good for
nothing. Acknowledged messages are kept (retainAckedMessages). A seek acknowledges what was published before and gives the rest again.
https://pubsub.googleapis.com/$discovery/rest?version=v1, https://docs.cloud.google.com/pubsub/docs/replay-overview
"""

from __future__ import annotations

import base64
import json
import random
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

NAME = "projects/demo-project/subscriptions/demo-store-deliveries"
TOKEN = "ya29.of-the-server"
# What the real one answers with at most, however many are asked for.
MOST_OF_A_PULL = 300


@dataclass
class Published:
    number: int
    published: float
    attributes: Mapping[str, str]
    data: bytes
    is_acknowledged: bool = False
    # Until then it is with someone; monotonic.
    leased_until: float = 0.0
    attempts: int = 0


@dataclass
class Bus:
    ack_seconds: float = 60.0
    # The subscription's retryPolicy.minimumBackoff.
    backoff: float = 0.2
    dice: random.Random = field(default_factory=lambda: random.Random(12))

    def __post_init__(self) -> None:
        self.messages: list[Published] = []
        self.asked: list[str] = []
        # What the next questions are answered with: status and words.
        self.troubles: list[tuple[int, str]] = []
        # While it is so, a pull that asks for an answer at once gets none.
        self.is_slow = False
        self.lock = threading.Condition()
        bus = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                status, answer = bus.answer(self.path, self.headers.get("Authorization", ""), body)
                content = json.dumps(answer).encode()
                try:
                    self.send_response(status)
                    self.send_header("Content-Length", str(len(content)))
                    self.end_headers()
                    self.wfile.write(content)
                except OSError:
                    pass

            def log_message(self, *_arguments: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def publish(self, attributes: Mapping[str, str], data: bytes, age: float = 0.0) -> Published:
        with self.lock:
            message = Published(len(self.messages) + 1, time.time() - age, dict(attributes), data)
            self.messages.append(message)
            self.lock.notify_all()
            return message

    @property
    def unacknowledged(self) -> int:
        with self.lock:
            return sum(not message.is_acknowledged for message in self.messages)

    def answer(self, path: str, authorization: str, body: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
        name, _, verb = path.removeprefix("/v1/").partition(":")
        with self.lock:
            self.asked.append(verb)
            if authorization != f"Bearer {TOKEN}":
                return _refusal(401, "Request had invalid authentication credentials.")
            if name != NAME:
                return _refusal(404, f"Resource not found (resource={name.split('/')[-1]}).")
            if self.troubles:
                return _refusal(*self.troubles.pop(0))
            if verb == "pull":
                return 200, self._pull(body)
            if verb == "acknowledge":
                for message in self._of(body["ackIds"]):
                    message.is_acknowledged = True
                return 200, {}
            if verb == "modifyAckDeadline":
                return self._modify(body)
            if verb == "seek":
                return 200, self._seek(body["time"])
            return _refusal(404, f"no {verb}")

    def _pull(self, body: Mapping[str, Any]) -> dict[str, Any]:
        while self.is_slow and body.get("returnImmediately"):
            self.lock.wait(0.05)
        # The real one holds the question for up to 90 s.
        deadline = time.monotonic() + (0 if body.get("returnImmediately") else 2)
        while not (free := self._free()):
            left = deadline - time.monotonic()
            if left <= 0:
                return {}
            self.lock.wait(min(left, 0.05))
        self.dice.shuffle(free)
        some = free[: min(body["maxMessages"], MOST_OF_A_PULL, self.dice.randint(1, MOST_OF_A_PULL))]
        return {"receivedMessages": [self._give(message) for message in some]}

    def _free(self) -> list[Published]:
        now = time.monotonic()
        return [message for message in self.messages if not message.is_acknowledged and message.leased_until <= now]

    def _give(self, message: Published) -> dict[str, Any]:
        message.leased_until = time.monotonic() + self.ack_seconds
        message.attempts += 1
        moment = datetime.fromtimestamp(message.published, timezone.utc).isoformat(timespec="milliseconds")
        return {
            "ackId": f"{message.number}-{message.attempts}",
            "message": {
                "messageId": str(message.number),
                "publishTime": moment.replace("+00:00", "Z"),
                "attributes": dict(message.attributes),
                "data": base64.b64encode(message.data).decode(),
            },
        }

    def _of(self, ack_ids: list[str]) -> list[Published]:
        found = []
        for ack_id in ack_ids:
            number, attempt = map(int, ack_id.split("-"))
            message = self.messages[number - 1]
            if message.attempts == attempt and message.leased_until > time.monotonic():
                found.append(message)
        return found

    def _modify(self, body: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
        seconds = body["ackDeadlineSeconds"]
        if not 0 <= seconds <= 600:
            return _refusal(400, "Invalid ack deadline given (ack_deadline_seconds must be between 0 and 600).")
        for message in self._of(body["ackIds"]):
            message.leased_until = time.monotonic() + (seconds or self.backoff)
        return 200, {}

    def _seek(self, moment: str) -> dict[str, Any]:
        since = datetime.fromisoformat(moment.replace("Z", "+00:00")).timestamp()
        for message in self.messages:
            message.is_acknowledged = message.published < since
            message.leased_until = 0.0
        self.lock.notify_all()
        return {}


def _refusal(status: int, words: str) -> tuple[int, dict[str, Any]]:
    return status, {"error": {"code": status, "message": words}}
