"""As much of HTTP/1.1 as Caddy speaks with what stands behind it. The standard library has no server for it that takes many callers at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

# Bytes of a request's line and headers; the door takes 16 kB.
MOST_HEADERS = 32 * 1024
# Bytes of a refused body that are still read, so that the caller reads the answer before the connection ends, and seconds for them.
LEFTOVER = 8 * 1024 * 1024
LEFTOVER_SECONDS = 2.0
# Seconds in which a request must have come. The door gives a body ten.
REQUEST_SECONDS = 15.0


@dataclass(frozen=True)
class Answer:
    status: HTTPStatus
    headers: Mapping[str, str] = ()  # type: ignore[assignment]
    body: bytes = b""


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    # By their names in lower case.
    headers: Mapping[str, str]


class TooLarge(Exception):
    pass


class Malformed(Exception):
    pass


Body = Callable[[], Awaitable[bytes]]
Handler = Callable[[Request, Body], Awaitable[Answer]]


def parse_head(head: bytes) -> Request:
    request_line, *lines = head.decode("latin-1").split("\r\n")
    try:
        method, path, _version = request_line.split(" ")
    except ValueError:
        raise Malformed from None
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon:
            raise Malformed
        headers[name.lower()] = value.strip()
    return Request(method, path, headers)


async def _sized(reader: asyncio.StreamReader, size: str, limit: int) -> bytes:
    if not size.isascii() or not size.isdigit():
        raise Malformed
    if int(size) > limit:
        raise TooLarge
    return await reader.readexactly(int(size))


async def _chunked(reader: asyncio.StreamReader, limit: int) -> bytes:
    body = bytearray()
    while True:
        size = await reader.readuntil(b"\r\n")
        try:
            length = int(size.split(b";")[0], 16)
        except ValueError:
            raise Malformed from None
        if length == 0:
            while await reader.readuntil(b"\r\n") != b"\r\n":
                pass
            return bytes(body)
        if len(body) + length > limit:
            raise TooLarge
        body += await reader.readexactly(length)
        if await reader.readexactly(2) != b"\r\n":
            raise Malformed


def _body_of(request: Request, reader: asyncio.StreamReader, limit: int) -> Body:
    async def read() -> bytes:
        if request.headers.get("transfer-encoding", "").lower() == "chunked":
            return await _chunked(reader, limit)
        return await _sized(reader, request.headers.get("content-length", "0"), limit)

    return read


class HttpServer:
    """One request a connection: a connection that was kept would be closed by a restart in the middle of a delivery, and Caddy repeats
    only what it could not connect for."""

    def __init__(self, handler: Handler, limit: int) -> None:
        self._handler = handler
        self._limit = limit
        self._busy: set[asyncio.Task[None]] = set()

    async def start(self, host: str, port: int) -> asyncio.Server:
        return await asyncio.start_server(self._connected, host, port, limit=MOST_HEADERS, backlog=1024)

    async def finish(self, seconds: float) -> None:
        """Waits for those who are being answered."""
        if self._busy:
            await asyncio.wait(self._busy, timeout=seconds)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._busy.add(task)
        try:
            await asyncio.wait_for(self._serve(reader, writer), REQUEST_SECONDS)
        except (OSError, EOFError, asyncio.TimeoutError, asyncio.LimitOverrunError):
            pass
        finally:
            self._busy.discard(task)
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answer, is_read = await self._answer(reader)
        headers = {"Content-Length": str(len(answer.body)), "Connection": "close", **dict(answer.headers)}
        lines = [f"HTTP/1.1 {answer.status.value} {answer.status.phrase}", *(f"{k}: {v}" for k, v in headers.items())]
        writer.write("\r\n".join([*lines, "", ""]).encode("latin-1") + answer.body)
        await writer.drain()
        if not is_read:
            await asyncio.wait_for(_discard(reader, writer), LEFTOVER_SECONDS)

    async def _answer(self, reader: asyncio.StreamReader) -> tuple[Answer, bool]:
        reads = 0

        async def read_body() -> bytes:
            nonlocal reads
            body = await _body_of(request, reader, self._limit)()
            reads = 1
            return body

        try:
            request = parse_head((await reader.readuntil(b"\r\n\r\n"))[:-4])
            return await self._handler(request, read_body), reads == 1
        except TooLarge:
            return Answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE), False
        except Malformed:
            return Answer(HTTPStatus.BAD_REQUEST), False


async def _discard(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Closing with something unread would take the answer away from the caller too."""
    if writer.can_write_eof():
        writer.write_eof()
    left = LEFTOVER
    while left > 0 and (read := await reader.read(65536)):
        left -= len(read)
