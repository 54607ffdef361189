"""The HTTP server: keep-alive, one write per answer, a thread per connection."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SHUT_RDWR, socket
from socketserver import TCPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tools.wechat_emulator.admin import admin_answer, is_admin
from tools.wechat_emulator.answers import Answer
from tools.wechat_emulator.calls import Request
from tools.wechat_emulator.emulator import Emulator, Reply
from tools.wechat_emulator.pushing import pushing
from tools.wechat_emulator.wire import misbehave, serialised

HOST = "127.0.0.1"
LONGEST_BODY = 10 * 1024 * 1024


class Server(ThreadingHTTPServer):
    """A listening emulator that knows its open connections, so that its end is theirs."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def __init__(self, emulator: Emulator, port: int) -> None:
        self.emulator = emulator
        self.open_connections: set[socket] = set()
        super().__init__((HOST, port), Handler)

    def server_bind(self) -> None:
        """Bind without asking a name server who we are."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = HOST, int(self.server_address[1])

    @property
    def address(self) -> str:
        """What the product is given as the platform's base URL."""
        return f"http://{HOST}:{self.server_port}/"

    def process_request(self, request: Any, client_address: Any) -> None:
        """Note the connection, then serve it in a thread of its own."""
        self.open_connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget the connection."""
        self.open_connections.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """End every connection, as the end of the process would."""
        self.emulator.closing.set()
        self.emulator.end_delays()
        for connection in list(self.open_connections):
            with suppress(OSError):
                connection.shutdown(SHUT_RDWR)


class Handler(BaseHTTPRequestHandler):
    """One connection, request after request."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def handle(self) -> None:
        """Serve until either side ends; a client that breaks off is no event."""
        with suppress(ConnectionError):
            super().handle()

    def serve(self) -> None:
        """Read one request to its end and answer it."""
        request = self.read()
        emulator = self.server.emulator
        if request is None:
            self.close_connection = True
            self.send(Reply(Answer(b"", status=400)))
        elif is_admin(request):
            self.send(Reply(admin_answer(emulator, request)))
        else:
            self.send(emulator.answer(request))

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = serve  # noqa: N815 - the library's names

    def read(self) -> Request | None:
        """The request; None when its body has no honest length."""
        length = self.headers.get("Content-Length") or "0"
        if not length.isdecimal() or int(length) > LONGEST_BODY:
            return None
        # A base address with and one without its closing slash are often mixed up.
        address = urlsplit("/" + self.path.lstrip("/"))
        return Request(
            method=self.command,
            path=address.path,
            query=dict(parse_qsl(address.query, keep_blank_values=True)),
            headers=dict(self.headers.items()),
            body=self.rfile.read(int(length)),
            ip=str(self.client_address[0]),
        )

    def send(self, reply: Reply) -> None:
        """Write the answer in one piece, or do what the fault says instead."""
        raw = serialised(reply.answer) if reply.answer else b""
        if reply.effect and misbehave(self, reply.effect, raw, self.server.emulator.closing):
            self.close_connection = True
        else:
            self.connection.sendall(raw)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Nothing: the addresses of calls hold secrets; `/__emu/calls` has them masked."""


@contextmanager
def serving(emulator: Emulator, port: int = 0) -> Iterator[str]:
    """Serve inside the block; yields the base URL (`http://127.0.0.1:…/`)."""
    emulator.closing.clear()
    server = Server(emulator, port)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        with pushing(emulator):
            yield server.address
    finally:
        server.shutdown()
        server.hang_up()
        server.server_close()
        thread.join()
