"""A server that says exactly what a test wants, byte by byte if need be, on every connection."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from socket import SHUT_RDWR, create_server, socket
from threading import Event, Thread

Speech = Callable[[socket, Event], None]
PATIENCE = 20.0


def answer(body: bytes, head: bytes = b"") -> bytes:
    """A whole answer with `body`; `head` are more lines of the head."""
    length = b"Content-Length: %d\r\n" % len(body)
    return b"HTTP/1.1 200 OK\r\nConnection: close\r\n" + length + head + b"\r\n" + body


def say(speech: bytes) -> Speech:
    """Say it at once, then close."""
    return lambda caller, _: caller.sendall(speech)


def drip(speech: bytes, *, every: float) -> Speech:
    """Say it byte by byte, a byte `every` so many seconds."""

    def drop(caller: socket, over: Event) -> None:
        for number in range(len(speech)):
            caller.sendall(speech[number : number + 1])
            if over.wait(every):
                return

    return drop


def silent(_: socket, over: Event) -> None:
    """Say nothing for as long as it lasts."""
    over.wait(PATIENCE)


@contextmanager
def speaking(speech: Speech, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """A server on 127.0.0.1 that reads a request and speaks; yields its base URL."""
    over = Event()
    with create_server(("127.0.0.1", 0)) as door:
        listener = Thread(target=_serve, args=(door, speech, tls, over), daemon=True)
        listener.start()
        try:
            yield f"{'https' if tls else 'http'}://127.0.0.1:{door.getsockname()[1]}/"
        finally:
            over.set()
            with suppress(OSError):
                door.shutdown(SHUT_RDWR)
            listener.join(PATIENCE)


def _serve(door: socket, speech: Speech, tls: ssl.SSLContext | None, over: Event) -> None:
    callers: list[Thread] = []
    with suppress(OSError):
        while not over.is_set():
            caller, _ = door.accept()
            callers.append(Thread(target=_speak, args=(caller, speech, tls, over), daemon=True))
            callers[-1].start()
    for each in callers:
        each.join(PATIENCE)


def _speak(caller: socket, speech: Speech, tls: ssl.SSLContext | None, over: Event) -> None:
    with suppress(OSError), caller:
        caller.settimeout(PATIENCE)
        line = tls.wrap_socket(caller, server_side=True) if tls else caller
        with line:
            _hear(line)
            speech(line, over)


def _hear(caller: socket) -> None:
    """Read one request: its head, and the body that the head announces."""
    heard = b""
    while b"\r\n\r\n" not in heard:
        heard += _next(caller)
    head, _, body = heard.partition(b"\r\n\r\n")
    lengths = [
        int(line.split(b":")[1])
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"content-length:")
    ]
    while lengths and len(body) < lengths[0]:
        body += _next(caller)


def _next(caller: socket) -> bytes:
    chunk = caller.recv(65_536)
    if not chunk:
        raise ConnectionError
    return chunk
