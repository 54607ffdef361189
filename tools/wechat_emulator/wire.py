"""How an answer becomes bytes, and the ways in which a connection may fail to carry them."""

import os
import select
import struct
from collections.abc import Callable, Mapping
from email.utils import formatdate
from http import HTTPStatus
from socket import MSG_PEEK, SO_LINGER, SOL_SOCKET, socket
from socketserver import StreamRequestHandler
from threading import Event

from tools.wechat_emulator.answers import Answer
from tools.wechat_emulator.effects import Effect

LOOK_SECONDS = 0.02
HEAD_END = b"\r\n\r\n"


def serialised(answer: Answer) -> bytes:
    """The whole answer, head and body."""
    head = {
        "Date": formatdate(usegmt=True),
        "Content-Type": answer.content_type,
        "Content-Length": str(len(answer.body)),
        "Connection": "keep-alive",
        **answer.headers,
    }
    lines = [f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}"]
    lines += [f"{name}: {text}" for name, text in head.items()]
    return "\r\n".join(lines).encode("latin-1") + HEAD_END + answer.body


def misbehave(handler: StreamRequestHandler, effect: Effect, raw: bytes, closing: Event) -> bool:
    """Fail as the effect says; False when it leaves the connection alone."""
    failing = FAILINGS.get(effect.kind)
    if failing:
        failing(handler, effect, raw, closing)
    return failing is not None


def reset(handler: StreamRequestHandler, _effect: Effect, _raw: bytes, _closing: Event) -> None:
    """Answer with RST instead of bytes."""
    connection = handler.connection
    connection.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
    os.close(connection.detach())


def hang(handler: StreamRequestHandler, _effect: Effect, _raw: bytes, closing: Event) -> None:
    """Say nothing until the client or the emulator gives up."""
    while not closing.wait(LOOK_SECONDS):
        if has_left(handler.connection):
            return


def has_left(connection: socket) -> bool:
    """Whether the other side has closed."""
    readable, _, _ = select.select([connection], [], [], 0)
    return bool(readable) and not connection.recv(1, MSG_PEEK)


def truncate(handler: StreamRequestHandler, effect: Effect, raw: bytes, _closing: Event) -> None:
    """Promise the whole body, send its first bytes."""
    head, end, body = raw.partition(HEAD_END)
    handler.connection.sendall(head + end + body[: effect.options["bytes"]])


def drip(handler: StreamRequestHandler, effect: Effect, raw: bytes, closing: Event) -> None:
    """Send the body byte by byte."""
    head, end, body = raw.partition(HEAD_END)
    handler.connection.sendall(head + end)
    for byte in body:
        if closing.wait(effect.options["ms"] / 1_000):
            return
        handler.connection.sendall(bytes([byte]))


Failing = Callable[[StreamRequestHandler, Effect, bytes, Event], None]
FAILINGS: Mapping[str, Failing] = {
    "hang": hang,
    "reset_before": reset,
    "reset_after": reset,
    "truncate": truncate,
    "drip": drip,
}
