"""The mini-program's server as the push sender meets it."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from wechatpy.crypto import WeChatCrypto

from tests.wechat import APPID, PATIENCE

TOKEN, KEY = "callbacktoken", "k" * 42 + "A"


@dataclass
class Listener:
    """What it has heard, and how it answers: (status, body) in turn, then `success`."""

    url: str = ""
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: list[tuple[int, bytes]] = field(default_factory=list)
    is_mute: bool = False
    speaking: threading.Event = field(default_factory=threading.Event)

    def answer(self, query: dict[str, str], body: bytes) -> tuple[int, bytes]:
        self.heard.append((query, body))
        if self.is_mute:
            self.speaking.wait(PATIENCE)
        return self.answers.pop(0) if self.answers else (200, b"success")

    def opened(self, number: int = 0, appid: str = APPID) -> dict[str, Any]:
        """A message that it heard, its signature checked."""
        query, body = self.heard[number]
        stamp = (query["timestamp"], query["nonce"])
        crypto = WeChatCrypto(TOKEN, KEY, appid)
        return json.loads(crypto.decrypt_message(json.loads(body), query["msg_signature"], *stamp))


class Server(ThreadingHTTPServer):
    """Serves one listener."""

    daemon_threads = True

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        super().__init__(("127.0.0.1", 0), Handler)

    def handle_error(self, *_: object) -> None:
        """The push sender has hung up on a slow answer."""


class Handler(BaseHTTPRequestHandler):
    """Hands what comes in to the listener."""

    server: Server

    def do_POST(self) -> None:
        self.reply(self.rfile.read(int(self.headers["Content-Length"])))

    def do_GET(self) -> None:
        self.reply(b"")

    def reply(self, body: bytes) -> None:
        query = dict(parse_qsl(urlsplit(self.path).query))
        status, content = self.server.listener.answer(query, body)
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def listening() -> Iterator[Listener]:
    """A server of one listener."""
    listener = Listener()
    with Server(listener) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        listener.url = f"http://127.0.0.1:{server.server_port}/callback"
        try:
            yield listener
        finally:
            listener.speaking.set()
            server.shutdown()
            thread.join()
