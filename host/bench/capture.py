"""Stands between the door and ERPNext for a while, hands every byte on as it came, and looks at the next delivery's signature.

Input: {"shopify_api_secret"}. Environment: SECONDS to wait at most, LISTEN and FORWARD as <host>:<port>. Prints one line of JSON
about the delivery, without its content: it is in this process's memory and nowhere else. The line before says that it listens.
"""

import asyncio
import base64
import hashlib
import hmac
import json
import os
import sys

# The door takes 5 MB, and 16 kB of headers.
LARGEST = 6_000_000

# What this project sends by itself (scripts/lib/hmac/self-test.ts) is no delivery of Shopify's.
OWN_TOPIC = "erpnext-stack/self-test"

# Seconds in which a delivery may still take this way after the report, and those that its answer is then waited for; the door
# waits four.
LINGER = 1
GRACE = 5

KEPT = ("x-shopify-topic", "x-shopify-webhook-id", "x-shopify-shop-domain", "x-shopify-api-version", "x-shopify-triggered-at")


def whole_request(raw):
    """Headers and body of the request that these bytes begin with; None while it has not come whole."""
    head, separator, rest = raw.partition(b"\r\n\r\n")
    if not separator:
        return None
    headers = {}
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        headers[name.decode("latin-1").strip().lower()] = value.decode("latin-1").strip()
    if headers.get("transfer-encoding", "").lower() == "chunked":
        body = unchunked(rest)
    else:
        length = int(headers.get("content-length") or 0)
        body = rest[:length] if len(rest) >= length else None
    return None if body is None else (headers, body)


def unchunked(rest):
    body = b""
    while True:
        size, separator, rest = rest.partition(b"\r\n")
        if not separator:
            return None
        length = int(size.split(b";")[0], 16)
        if length == 0:
            return body
        if len(rest) < length + 2:
            return None
        body, rest = body + rest[:length], rest[length + 2 :]


def judged(headers, body, secret):
    """What may be told of a delivery; None for what is none."""
    given = headers.get("x-shopify-hmac-sha256")
    if given is None or headers.get("x-shopify-topic") == OWN_TOPIC:
        return None
    right = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
    return {
        "captured": True,
        "matches": hmac.compare_digest(right.encode(), given.encode("latin-1")),
        "bytes": len(body),
        "fingerprint": hashlib.sha256(body).hexdigest()[:16],
        "encoding": headers.get("content-encoding"),
        "headers": {name: headers[name][:64] for name in KEPT if name in headers},
    }


class Between:
    def __init__(self, forward, secret):
        self.forward = forward
        self.secret = secret
        self.found = asyncio.get_running_loop().create_future()
        self.connections = set()

    async def serve(self, reader, writer):
        task = asyncio.current_task()
        self.connections.add(task)
        try:
            upstream_reader, upstream_writer = await asyncio.open_connection(*self.forward)
        except OSError:
            writer.transport.abort()
            self.connections.discard(task)
            return
        there = asyncio.create_task(self.hand_on(reader, upstream_writer, looks=True))
        back = asyncio.create_task(self.hand_on(upstream_reader, writer, looks=False))
        try:
            # The answer's end is the end: the door makes a connection for each delivery.
            await back
        finally:
            there.cancel()
            upstream_writer.close()
            writer.close()
            self.connections.discard(task)

    async def hand_on(self, reader, writer, looks):
        seen = b""
        try:
            while chunk := await reader.read(65536):
                writer.write(chunk)
                await writer.drain()
                if looks and not self.found.done() and len(seen) < LARGEST:
                    seen += chunk
                    self.look(seen)
        except (ConnectionError, OSError):
            pass
        if not looks and writer.can_write_eof():
            writer.write_eof()

    def look(self, seen):
        try:
            request = whole_request(seen)
            report = judged(*request, self.secret) if request else None
        except ValueError:
            return
        if report and not self.found.done():
            self.found.set_result(report)


def address(text):
    host, _, port = text.rpartition(":")
    return host, int(port)


async def main():
    secret = json.load(sys.stdin)["shopify_api_secret"]
    between = Between(address(os.environ["FORWARD"]), secret)
    server = await asyncio.start_server(between.serve, *address(os.environ["LISTEN"]), limit=65536)
    print("listening", flush=True)
    try:
        report = await asyncio.wait_for(between.found, float(os.environ["SECONDS"]))
    except asyncio.TimeoutError:
        report = {"captured": False}
    print(json.dumps(report), flush=True)
    # The door is told now to take the straight way; what is on this one already is seen through.
    await asyncio.sleep(LINGER)
    server.close()
    if between.connections:
        await asyncio.wait(between.connections, timeout=GRACE)


asyncio.run(main())
