"""Google Cloud Pub/Sub as the puller asks it: REST v1 (https://pubsub.googleapis.com/$discovery/rest?version=v1)."""

from __future__ import annotations

import base64
import binascii
import http.client
import json
import socket
import ssl
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

# Most messages of one pull, and most ids of one acknowledgement: a request may have 512 KiB, an id has some 200 bytes.
MOST_MESSAGES = 500
MOST_IDS = 1000
# Seconds that a question may take which Pub/Sub answers at once.
ASK_SECONDS = 20.0
# Seconds after which a pull that waits for a message is given up; Pub/Sub itself ends one without any after some 90.
WAIT = 180.0


class BusAway(Exception):
    """It gave no answer, or one that passes: 429 and 5xx."""


class BusRefused(Exception):
    """It does not do that, in its own words."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(f"Pub/Sub answered {status}: {words}")
        self.status = status


@dataclass(frozen=True)
class Message:
    ack_id: str
    message_id: str
    # Seconds since 1970.
    published: float
    # By their names in lower case.
    attributes: Mapping[str, str]
    data: bytes


class Subscription:
    """A pull subscription, `projects/<project>/subscriptions/<name>`. Each call blocks; `close` ends one that waits."""

    def __init__(self, url: str, name: str, token: Path) -> None:
        parts = urlsplit(url)
        self._address = (parts.hostname or "", parts.port)
        self._is_secure = parts.scheme == "https"
        self._path = f"{parts.path.rstrip('/')}/v1/{name}"
        self._token = token
        self._waiting: set[http.client.HTTPConnection] = set()
        self._lock = threading.Lock()

    def pull(self, is_patient: bool) -> list[Message]:
        """Some of what there is; a patient one waits for the next message. `returnImmediately` is deprecated and all the same the only pull that can be
        ended: one that the caller gives up goes on at Pub/Sub, takes the next messages and keeps them from everyone for their deadline."""
        body = {"maxMessages": MOST_MESSAGES, **({} if is_patient else {"returnImmediately": True})}
        answer = self._ask("pull", body, WAIT if is_patient else ASK_SECONDS)
        return [_message(received) for received in answer.get("receivedMessages", [])]

    def acknowledge(self, ack_ids: Sequence[str]) -> None:
        for start in range(0, len(ack_ids), MOST_IDS):
            self._ask("acknowledge", {"ackIds": list(ack_ids[start : start + MOST_IDS])})

    def extend(self, ack_ids: Sequence[str], seconds: int) -> None:
        """No other client gets these messages for so long. With 0 they come again, after the subscription's pause."""
        for start in range(0, len(ack_ids), MOST_IDS):
            some = {"ackIds": list(ack_ids[start : start + MOST_IDS]), "ackDeadlineSeconds": seconds}
            self._ask("modifyAckDeadline", some)

    def seek(self, since: float) -> None:
        """What was published since then comes again; all from before counts as acknowledged."""
        moment = datetime.fromtimestamp(since, timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z")
        self._ask("seek", {"time": moment})

    def close(self) -> None:
        with self._lock:
            for connection in self._waiting:
                try:
                    # close() alone would not wake the thread that reads.
                    if connection.sock is not None:
                        connection.sock.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass

    def _ask(self, verb: str, body: Mapping[str, Any], seconds: float = ASK_SECONDS) -> dict[str, Any]:
        connection = self._connection(seconds)
        with self._lock:
            self._waiting.add(connection)
        try:
            token = self._token.read_text().strip()
            headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
            connection.request("POST", f"{self._path}:{verb}", json.dumps(body), headers)
            response = connection.getresponse()
            content = response.read()
        except TimeoutError:
            raise BusAway(f"Pub/Sub gave no answer to {verb} within {seconds:.0f} s") from None
        except (OSError, http.client.HTTPException) as error:
            raise BusAway(f"Pub/Sub cannot be asked: {type(error).__name__} {error}") from error
        finally:
            with self._lock:
                self._waiting.discard(connection)
            connection.close()
        return _judged(response.status, content)

    def _connection(self, seconds: float) -> http.client.HTTPConnection:
        host, port = self._address
        if self._is_secure:
            return http.client.HTTPSConnection(host, port, timeout=seconds, context=ssl.create_default_context())
        return http.client.HTTPConnection(host, port, timeout=seconds)


def _judged(status: int, content: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(content or b"{}")
    except ValueError:
        answer = None
    if status == 200 and isinstance(answer, dict):
        return answer
    error = answer.get("error") if isinstance(answer, dict) else None
    words = str(error.get("message", "")) if isinstance(error, dict) else ""
    if status == 429 or status >= 500 or status == 200:
        raise BusAway(f"Pub/Sub answered {status} {words}".strip())
    raise BusRefused(status, words or "no words")


def _message(received: Mapping[str, Any]) -> Message:
    message = received.get("message", {})
    try:
        data = base64.b64decode(message.get("data", ""), validate=True)
    except (binascii.Error, ValueError):
        data = b""
    attributes = {name.lower(): str(value) for name, value in message.get("attributes", {}).items()}
    return Message(
        ack_id=received["ackId"],
        message_id=str(message.get("messageId", "")),
        published=published(str(message.get("publishTime", ""))),
        attributes=attributes,
        data=data,
    )


def published(text: str) -> float:
    """Seconds since 1970; 0 for what is no time, which counts as old."""
    # Python before 3.11 reads neither nanoseconds nor "Z".
    try:
        return datetime.fromisoformat(text[:19] + "+00:00").timestamp()
    except ValueError:
        return 0.0
