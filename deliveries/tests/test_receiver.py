"""The receiver, as a process with a real Redis."""

from __future__ import annotations

import json
import signal
import socket
import tempfile
import threading
import time
import unittest
from pathlib import Path

from .processes import MOST_BYTES, PREVIOUS, SECRET, Door
from .shopify import body_of, headers, order, send

NEITHER = b"another-apps-secret"


class ReceiverTestCase(unittest.TestCase):
    door: Door
    port: int

    @classmethod
    def setUpClass(cls) -> None:
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        cls.door = Door(Path(scratch.name) / "door", "127.0.0.1:9", pace=1)
        cls.addClassCleanup(cls.door.close)
        cls.door.start()
        [cls.port] = cls.door.ports

    def setUp(self) -> None:
        self.door.redis.ask("FLUSHALL")

    def report(self) -> dict[str, object]:
        return json.loads(self.door.admin("report"))

    def restart(self) -> None:
        [receiver] = self.door.receivers
        receiver.start()
        receiver.wait_for_port(self.port)

    def deliver(self, topic: str = "orders/create", secret: bytes = SECRET, **changes: object) -> int:
        body = body_of(order(1, **changes))
        return send(self.port, headers(topic, body, secret), body)


class Receiver(ReceiverTestCase):
    def test_keeps_what_is_signed_with_the_current_or_the_previous_secret(self) -> None:
        self.assertEqual([self.deliver(), self.deliver(secret=PREVIOUS)], [200, 200])
        self.assertEqual(self.report()["waiting"], 2)

    def test_takes_a_new_secret_without_a_restart(self) -> None:
        self.assertEqual(self.deliver(secret=NEITHER), 401)
        file = self.door.directory / "secrets/shopify-api-secret"
        for secret in (NEITHER, SECRET):
            file.write_bytes(secret)
            time.sleep(1.1)
            self.assertEqual(self.deliver(secret=secret), 200)

    def test_answers_a_delivery_that_it_has_and_keeps_it_once(self) -> None:
        body = body_of(order(1))
        sent = headers("orders/create", body)
        self.assertEqual([send(self.port, sent, body) for _ in range(3)], [200, 200, 200])
        self.assertEqual(self.report()["waiting"], 1)

    def test_has_what_it_has_answered_after_redis_was_killed(self) -> None:
        self.deliver()
        self.door.redis.end()
        self.door.redis.start()
        [item] = self.report()["items"]
        self.assertEqual((item["topic"], item["order"], item["state"]), ("orders/create", "1", "waiting"))

    def test_refuses_what_shopify_did_not_sign_for_this_shop_and_counts_it(self) -> None:
        body = body_of(order(1))
        right = headers("orders/create", body)
        wrong = [
            {**right, "X-Shopify-Hmac-Sha256": "x" * 43 + "="},
            {**right, "X-Shopify-Hmac-Sha256": "short"},
            {**right, "X-Shopify-Shop-Domain": "other.myshopify.com"},
            {name: value for name, value in right.items() if name != "X-Shopify-Hmac-Sha256"},
        ]
        self.assertEqual([send(self.port, sent, body) for sent in wrong], [401] * 4)
        self.assertEqual(send(self.port, right, body + b" "), 401)
        # It writes the number down every five seconds, and when it ends.
        self.door.receivers[0].end(signal.SIGTERM)
        self.restart()
        report = self.report()
        self.assertGreaterEqual(report["forgedLastDay"], 5)
        self.assertEqual((report["waiting"], report["acceptedLastDay"]), (0, 0))

    def test_does_not_look_into_what_is_not_signed(self) -> None:
        body = b"cmd=login&usr=Administrator&pwd=x"
        sent = {**headers("orders/create", body, NEITHER), "Content-Type": "application/x-www-form-urlencoded"}
        self.assertEqual(send(self.port, sent, body), 401)

    def test_refuses_a_signed_body_under_a_topic_that_it_cannot_be_of(self) -> None:
        self.assertEqual(self.deliver("orders/cancelled"), 401)
        self.assertEqual(self.deliver("orders/cancelled", cancelled_at="2026-11-30T20:00:00Z"), 200)
        self.assertEqual(self.deliver("orders/paid", financial_status="pending"), 401)
        for status in ("paid", "refunded", "partially_refunded", "voided", "partially_paid"):
            self.assertEqual(self.deliver("orders/paid", financial_status=status), 200, status)

    def test_refuses_what_is_signed_and_no_delivery(self) -> None:
        self.assertEqual(self.deliver("products/create"), 400)
        self.assertEqual(self.deliver("products/create", secret=NEITHER), 401)
        for body in (b"", b"[]", b"{}", b"{", b"\xff", b'{"id": null}', b'{"id": {}}'):
            self.assertEqual(send(self.port, headers("orders/create", body), body), 400, body)

    def test_takes_a_body_up_to_the_limit_whole_or_in_pieces(self) -> None:
        for length, status in ((MOST_BYTES, 200), (MOST_BYTES + 1, 413)):
            body = b'{"id": 1, "note": "' + b"x" * (length - 21) + b'"}'
            self.assertEqual(len(body), length)
            sent = headers("orders/create", body)
            self.assertEqual(send(self.port, sent, body), status)
            chunks = (body[start : start + 50_000] for start in range(0, length, 50_000))
            again = headers("orders/create", body)
            self.assertEqual(send(self.port, {**again, "Transfer-Encoding": "chunked"}, chunks), status)

    def test_says_that_it_cannot_keep_a_delivery_within_shopifys_patience(self) -> None:
        self.door.redis.end()
        began = time.monotonic()
        self.addCleanup(self.door.redis.start)
        self.assertEqual(self.deliver(), 503)
        self.assertLess(time.monotonic() - began, 4)

    def test_waits_for_a_redis_that_is_just_restarted(self) -> None:
        self.door.redis.end()
        restart = threading.Timer(0.7, self.door.redis.start)
        restart.start()
        self.assertEqual(self.deliver(), 200)
        restart.join()

    def test_says_that_it_cannot_keep_a_delivery_when_redis_is_full(self) -> None:
        self.door.redis.ask("CONFIG SET maxmemory 1")
        self.assertEqual(self.deliver(), 503)
        self.door.redis.ask("CONFIG SET maxmemory 0")
        self.assertEqual(self.deliver(), 200)

    def test_answers_those_that_are_on_their_way_when_it_is_told_to_end(self) -> None:
        body = body_of(order(1))
        sent = headers("orders/create", body)
        lines = "\r\n".join(["POST / HTTP/1.1", f"Content-Length: {len(body)}", *(f"{k}: {v}" for k, v in sent.items())])
        with socket.create_connection(("127.0.0.1", self.port)) as peer:
            peer.sendall(f"{lines}\r\n\r\n".encode())
            time.sleep(0.2)
            ended = threading.Thread(target=lambda: self.door.receivers[0].end(signal.SIGTERM))
            ended.start()
            self.addCleanup(self.restart)
            time.sleep(0.2)
            peer.sendall(body)
            self.assertTrue(peer.recv(1000).startswith(b"HTTP/1.1 200 "))
        ended.join()

    def test_survives_what_is_no_http(self) -> None:
        for junk in (b"\r\n\r\n", b"GET\r\n\r\n", b"POST / HTTP/1.1\r\nno colon\r\n\r\n", b"\x16\x03\x01" * 20_000):
            with socket.create_connection(("127.0.0.1", self.port)) as peer:
                try:
                    peer.sendall(junk)
                    peer.recv(1000)
                except OSError:
                    pass
        self.assertEqual(self.deliver(), 200)


class Capture(ReceiverTestCase):
    def captured(self, *sent: tuple[str, bytes]) -> dict[str, object]:
        def after_a_while() -> None:
            time.sleep(3)
            for topic, secret in sent:
                self.deliver(topic, secret)

        shopify = threading.Thread(target=after_a_while)
        shopify.start()
        verdict = json.loads(self.door.admin("capture", "20"))
        shopify.join()
        return verdict

    def test_tells_which_secret_the_next_delivery_is_signed_with_and_nothing_of_its_content(self) -> None:
        verdict = self.captured(("erpnext-stack/self-test", SECRET), ("orders/create", PREVIOUS), ("orders/paid", SECRET))
        self.assertEqual((verdict.get("matches"), verdict.get("secret")), (True, "previous"))
        self.assertEqual(verdict["headers"]["x-shopify-topic"], "orders/create")
        self.assertNotIn("thing", json.dumps(verdict))

    def test_tells_of_a_delivery_that_no_secret_is_right_for(self) -> None:
        verdict = self.captured(("orders/create", NEITHER))
        self.assertEqual((verdict["matches"], verdict["secret"]), (False, None))

    def test_says_that_nothing_came(self) -> None:
        self.assertEqual(json.loads(self.door.admin("capture", "1")), {"captured": False})


if __name__ == "__main__":
    unittest.main()
