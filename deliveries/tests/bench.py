"""How many deliveries the door takes, and what it adds: Caddy with host/Caddyfile, two receivers and Redis, all on this machine.

    python -m deliveries.tests.bench [--seconds 8] [--rate 500] [--forged 2000] [--orders 2000] [--deliveries 10000]

Prints `accepted-per-second`, `added-p50-ms` and `added-p99-ms` (against Caddy alone, in the same run), the same with forged deliveries beside, the
memory of the receivers, and of the soak `lost`, `doubled` and `invalid`.
"""

from __future__ import annotations

import argparse
import asyncio
import ssl
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from .processes import MOST_BYTES, REPOSITORY, Door, Program, free_port
from .shopify import HOOK, body_of, headers, order
from .soak import soak

NAME = "hooks.demo-store.example"
CONNECTIONS = 24

# Caddy signs with an authority of its own.
TRUSTING = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
TRUSTING.check_hostname, TRUSTING.verify_mode = False, ssl.CERT_NONE


def request(path: str, sent: dict[str, str], body: bytes) -> bytes:
    lines = [f"POST {path} HTTP/1.1", f"Host: {NAME}", f"Content-Length: {len(body)}", *(f"{k}: {v}" for k, v in sent.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body


def genuine(number: int) -> bytes:
    body = body_of(order(number))
    return request(HOOK, headers("orders/create", body), body)


def forged(number: int) -> bytes:
    body = body_of(order(number))
    return request(HOOK, headers("orders/create", body, b"guessed"), body)


def elsewhere(number: int) -> bytes:
    body = body_of(order(number))
    return request("/elsewhere", headers("orders/create", body), body)


class Load:
    """Requests at a rate over connections that are kept; each one's status and seconds."""

    def __init__(self, port: int, make: Callable[[int], bytes], rate: float, seconds: float) -> None:
        self._port, self._make, self._rate, self._seconds = port, make, rate, seconds
        self.times: dict[str, list[float]] = {}
        self._number = 0

    async def run(self) -> None:
        self._began = time.monotonic()
        await asyncio.gather(*(self._connection() for _ in range(CONNECTIONS)))

    async def _connection(self) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port, ssl=TRUSTING, server_hostname=NAME)
        while True:
            number, self._number = self._number, self._number + 1
            due = self._began + number / self._rate
            if due > self._began + self._seconds:
                writer.close()
                return
            sent = self._make(number)
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            began = time.monotonic()
            writer.write(sent)
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length"))
            await reader.readexactly(length)
            self.times.setdefault(head.split(b" ")[1].decode(), []).append(time.monotonic() - began)

    def percentile(self, status: str, share: float) -> float:
        """Milliseconds."""
        times = sorted(self.times.get(status, [0.0]))
        return 1000 * times[min(len(times) - 1, int(len(times) * share))]


async def until_certified(port: int) -> None:
    """Caddy listens before it has a certificate."""
    deadline = time.monotonic() + 30
    while True:
        probe = Load(port, elsewhere, rate=CONNECTIONS, seconds=0.5)
        try:
            return await probe.run()
        except OSError:
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.2)


async def measure(port: int, given: argparse.Namespace) -> None:
    await until_certified(port)
    alone = Load(port, elsewhere, given.rate, given.seconds)
    await alone.run()
    for beside in (0, given.forged):
        real = Load(port, genuine, given.rate, given.seconds)
        loads = [real] + ([Load(port, forged, beside, given.seconds)] if beside else [])
        await asyncio.gather(*(load.run() for load in loads))
        suffix = f"-beside-{beside}-forged" if beside else ""
        print(f"accepted-per-second{suffix}: {len(real.times.get('200', [])) / given.seconds:.0f}")
        for name, share in (("p50", 0.5), ("p99", 0.99)):
            print(f"added-{name}-ms{suffix}: {real.percentile('200', share) - alone.percentile('404', share):.1f}")
        if beside:
            print(f"forged-per-second: {len(loads[1].times.get('401', [])) / given.seconds:.0f}")
        others = {status: len(times) for load in loads for status, times in load.times.items() if status not in ("200", "401")}
        if others:
            print(f"other answers: {others}")


def memory(program: Program) -> float:
    """MB that stay in memory."""
    assert program.process is not None
    status = Path(f"/proc/{program.process.pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(prog="deliveries.tests.bench")
    for name, value in (("seconds", 8), ("rate", 500), ("forged", 2000), ("orders", 2000), ("deliveries", 10_000), ("seed", 12)):
        parser.add_argument(f"--{name}", type=int, default=value)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        directory = Path(scratch)
        door = Door(directory / "door", "127.0.0.1:9", pace=1, receivers=2)
        door.start()
        port = free_port()
        environment = {
            "CADDY_GLOBAL": "local_certs\nskip_install_trust",
            "HOOK_HOST": NAME,
            "MAX_DELIVERY_BYTES": str(MOST_BYTES),
            "RECEIVERS": " ".join(f"127.0.0.1:{receiver}" for receiver in door.ports),
            "HEALTH": f"127.0.0.1:{door.ports[0]}",
            "HTTP_PORT": str(free_port()),
            "HTTPS_PORT": str(port),
            **{name: scratch for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME")},
        }
        file = str(REPOSITORY / "host/Caddyfile")
        caddy = Program(["caddy", "run", "--config", file, "--adapter", "caddyfile"], environment, directory / "caddy.log")
        try:
            caddy.start()
            caddy.wait_for_port(port)
            asyncio.run(measure(port, given))
            print(f"receiver-mb: {statistics.mean(map(memory, door.receivers)):.0f}")
            print(f"caddy-mb: {memory(caddy):.0f}")
        finally:
            caddy.end()
            door.close()
    outcome = soak(given.orders, given.deliveries, given.seed)
    for name in ("accepted", "left", "lost", "doubled", "invalid", "seconds"):
        print(f"{name}: {outcome[name]}")


if __name__ == "__main__":
    main()
