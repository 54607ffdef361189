"""HTTP/1.1 over a kept connection, as small as it can be: the client shares the machine."""

import asyncio
import socket
from collections.abc import Mapping
from typing import Any, NamedTuple

import orjson

HOST = "127.0.0.1"
HEAD_END = b"\r\n\r\n"
LENGTH = b"content-length:"


class Answer(NamedTuple):
    """Status and body of one answer."""

    status: int
    body: bytes


class Connection(asyncio.Protocol):
    """One connection; a request is written and its answer awaited before the next."""

    def __init__(self) -> None:
        self._received = bytearray()
        self._waiting: asyncio.Future[Answer] | None = None
        self._transport: asyncio.Transport | None = None

    @classmethod
    async def open(cls, port: int) -> "Connection":
        """A new connection to a server of this machine."""
        loop = asyncio.get_running_loop()
        _, connection = await loop.create_connection(cls, HOST, port)
        return connection

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send at once: half of a small request must not wait for the other."""
        if not isinstance(transport, asyncio.Transport):
            raise TypeError(transport)
        self._transport = transport
        plug: socket.socket = transport.get_extra_info("socket")
        plug.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def data_received(self, chunk: bytes) -> None:
        """Hand the answer over as soon as all of it is here."""
        self._received += chunk
        found = _answer(self._received)
        if found and self._waiting and not self._waiting.done():
            self._received.clear()
            self._waiting.set_result(found)

    def connection_lost(self, exc: Exception | None) -> None:
        """Whoever waits, waits in vain."""
        if self._waiting and not self._waiting.done():
            self._waiting.set_exception(exc or ConnectionError("closed by the server"))

    async def ask(self, request: bytes) -> Answer:
        """Send `request`, which is complete, and await its answer."""
        if self._transport is None:
            raise ConnectionError("never opened")
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._waiting

    def close(self) -> None:
        """Leave; the server sees an orderly end."""
        if self._transport:
            self._transport.close()


def _answer(received: bytearray) -> Answer | None:
    """The whole answer, or None while some of it is missing. All servers here tell the length."""
    head_ends = received.find(HEAD_END)
    if head_ends < 0:
        return None
    head = bytes(received[:head_ends]).lower()
    begins = head.find(LENGTH)
    if begins < 0:
        raise ConnectionError("an answer without its length")
    length = int(head[begins + len(LENGTH) :].split(b"\r\n", 1)[0])
    if len(received) < head_ends + len(HEAD_END) + length:
        return None
    return Answer(int(head[9:12]), bytes(received[head_ends + len(HEAD_END) :]))


class Request(NamedTuple):
    """What is asked; `body` travels as JSON."""

    method: str
    path: str
    headers: Mapping[str, str] = {}
    body: Any = None

    def encoded(self) -> bytes:
        """As it goes over the wire."""
        content = b"" if self.body is None else orjson.dumps(self.body)
        fields = {"Host": HOST, "Accept": "application/json", **self.headers}
        if self.body is not None:
            fields |= {"Content-Type": "application/json", "Content-Length": str(len(content))}
        lines = [f"{self.method} {self.path} HTTP/1.1", *map(": ".join, fields.items())]
        return "\r\n".join(lines).encode() + HEAD_END + content
