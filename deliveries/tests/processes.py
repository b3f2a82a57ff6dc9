"""The programs and a Redis of their own, as processes that can be killed."""

from __future__ import annotations

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from .bus import NAME, TOKEN

REPOSITORY = Path(__file__).resolve().parents[2]

SHOP = "demo-store.myshopify.com"
SITE = "erp.demo-store.example"
SECRET = b"the-current-secret"
PREVIOUS = b"the-previous-secret"
REDIS_PASSWORD = "of-redis-deliveries"
MOST_BYTES = 200_000


# Below the range of outgoing connections, one of which would take the port of a program while it is killed and started again.
_PORTS = iter(random.sample(range(10_000, 20_000), 10_000))


def free_port() -> int:
    for port in _PORTS:
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError("no port from 10000 to 19999 is free")


class Program:
    """A process that is started again and again."""

    def __init__(
        self, command: list[str], environment: Mapping[str, str], log: Path, directory: Path | None = None
    ) -> None:
        self._command = command
        self._environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(REPOSITORY), *sys.path]), **environment}
        self._log = log
        self._directory = directory
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                self._command, cwd=self._directory, env=self._environment, stdout=log, stderr=log
            )

    def wait_for_port(self, port: int, seconds: float = 20.0) -> None:
        deadline = time.monotonic() + seconds
        while True:
            if self.process is None or self.process.poll() is not None:
                raise ChildProcessError(self.log)
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.02)

    def end(self, number: int = signal.SIGKILL) -> None:
        if self.process is not None:
            self.process.send_signal(number)
            self.process.wait(20)
            self.process = None

    @property
    def log(self) -> str:
        return self._log.read_text()


class Redis(Program):
    """host/redis.sh, as host/compose.yaml has it, on a port of the loopback."""

    def __init__(self, directory: Path, *more: str) -> None:
        self.port = free_port()
        self.directory = directory / "redis"
        self.directory.mkdir()
        self.url = f"redis://127.0.0.1:{self.port}"
        configuration = directory / "redis.conf"
        configuration.write_text(f"requirepass {REDIS_PASSWORD}\n")
        arguments = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--loglevel", "warning", *more]
        durable = ["--appendonly", "yes", "--appendfsync", "always", "--maxmemory-policy", "noeviction"]
        command = ["sh", str(REPOSITORY / "host/redis.sh"), "redis-server", str(configuration), *durable, *arguments]
        super().__init__(command, {}, directory / "redis.log", self.directory)

    def start(self) -> None:
        super().start()
        self.wait_for_port(self.port)

    def ask(self, command: str) -> bytes:
        """As soon as it has read its file."""
        while True:
            with socket.create_connection(("127.0.0.1", self.port), 5) as peer:
                peer.sendall(f"AUTH {REDIS_PASSWORD}\r\n{command}\r\n".encode())
                answers = peer.makefile("rb")
                answers.readline()
                answer = answers.readline()
                if answer.startswith(b"$") and answer != b"$-1\r\n":
                    answer += answers.readline()
            if not answer.startswith(b"-LOADING"):
                return answer

    @property
    def newest_file(self) -> Path:
        return max((self.directory / "appendonlydir").glob("*.incr.aof"), key=lambda file: file.stat().st_mtime_ns)


class Door:
    """Redis, receivers, forwarder and puller in a directory."""

    def __init__(
        self, directory: Path, frontend: str, pace: float, receivers: int = 1, at_once: int = 1, bus: str = ""
    ) -> None:
        self.directory = directory
        directory.mkdir(exist_ok=True)
        for name, content in {
            "secrets/shopify-api-secret": SECRET,
            "secrets/shopify-api-secret-previous": PREVIOUS,
            "secrets/automation-api-key": b"key",
            "secrets/automation-api-secret": b"secret",
            "secrets/access-token": TOKEN.encode(),
            "secrets/redis-deliveries-password": REDIS_PASSWORD.encode(),
        }.items():
            file = directory / name
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(content)
        self.state = directory / "state"
        self.state.mkdir()
        self.redis = Redis(directory)
        environment = {
            "REDIS_DELIVERIES": self.redis.url,
            "SHOP_DOMAIN": SHOP,
            "SITE_NAME": SITE,
            "MAX_DELIVERY_BYTES": str(MOST_BYTES),
            "SECRETS": str(directory / "secrets"),
            "STATE": str(self.state),
            "FRONTEND": frontend,
            "PACE": str(pace),
            "ORDERS_AT_ONCE": str(at_once),
        }
        self.environment = environment
        python = [sys.executable, "-m"]
        self.ports = [free_port() for _ in range(receivers)]
        self.receivers = [
            Program([*python, "deliveries.receiver"], {**environment, "LISTEN": f"127.0.0.1:{port}"}, directory / f"receiver-{port}.log")
            for port in self.ports
        ]
        self.forwarder = Program([*python, "deliveries.forwarder"], environment, directory / "forwarder.log")
        pulling = {
            "PUBSUB_URL": bus,
            "SUBSCRIPTION": NAME,
            "ACCESS_TOKEN": str(directory / "secrets/access-token"),
            "ALIVE": str(directory / "alive-puller"),
        }
        self.puller = Program([*python, "deliveries.puller"], {**environment, **pulling}, directory / "puller.log")

    def start(self) -> None:
        self.redis.start()
        for receiver in self.receivers:
            receiver.start()
        for receiver, port in zip(self.receivers, self.ports):
            receiver.wait_for_port(port)

    def admin(self, *arguments: str) -> str:
        ended = subprocess.run(
            [sys.executable, "-m", "deliveries.admin", *arguments],
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(REPOSITORY), *sys.path]), **self.environment},
            capture_output=True,
            text=True,
            timeout=60,
        )
        if ended.returncode != 0:
            raise AssertionError(ended.stderr)
        return ended.stdout

    def close(self) -> None:
        for program in (self.puller, self.forwarder, *self.receivers, self.redis):
            program.end()
        shutil.rmtree(self.directory)
