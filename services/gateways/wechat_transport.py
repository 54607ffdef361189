"""HTTP to the platform: one origin, bounded in time, and it knows whether anything was sent.

The timeout of requests holds for each read alone, so that an answer coming byte by byte may take
for ever; here every read and write has what is left of one deadline. No address, which may hold a
secret, leaves this module in an exception.
"""

import io
from contextvars import ContextVar
from dataclasses import dataclass
from http.client import HTTPResponse
from socket import socket
from time import monotonic
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from typing_extensions import Buffer
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError

from services.gateways.wechat_errors import (
    BAD_BODY,
    CONNECT_FAIL,
    HTTP_4XX,
    HTTP_5XX,
    HTTP_429,
    LOST,
)

CONNECTIONS = 32
OK, REQUEST_TIMEOUT, TOO_MANY = 200, 408, 429


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds to wait: for a connection, for the next bytes, for everything together.

    Nothing is sent after `total`, and no answer is read. Looking up the name is not in it, and an
    unreachable name with several addresses takes `connect` for each. A connection that has been
    idle for longer than `idle` is not used again: what lies between may have forgotten it without
    a word, and what is sent into it is neither received nor known to be lost.
    """

    connect: float = 3.0
    read: float = 5.0
    total: float = 10.0
    idle: float = 15.0


class Unanswered(Exception):
    """No usable answer; `fault` is a transport code of the table of errors."""

    def __init__(self, fault: str) -> None:
        self.fault = fault
        super().__init__(fault)


class Trip:
    """One request under way: until when, and whether bytes of it may have left."""

    def __init__(self, patience: Patience) -> None:
        self.patience = patience
        self._until = monotonic() + patience.total
        self.has_left = False

    def limit(self, sock: socket) -> None:
        """Let the next read or write take no longer than may be. Raises `TimeoutError`."""
        left = self._until - monotonic()
        if left <= 0:
            raise TimeoutError
        sock.settimeout(min(self.patience.read, left))


_trip: ContextVar[Trip] = ContextVar("trip")


class _BoundedReader(io.RawIOBase):
    """The bytes that arrive on a socket, each read within what is left of the trip."""

    def __init__(self, arriving: io.RawIOBase, sock: socket) -> None:
        self._arriving, self._sock, self._trip = arriving, sock, _trip.get()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int | None:
        self._trip.limit(self._sock)
        return self._arriving.readinto(buffer)

    def close(self) -> None:
        self._arriving.close()
        super().close()


class _BoundedResponse(HTTPResponse):
    """An answer whose status line and headers are bounded like its body."""

    def __init__(self, sock: socket, *rest: Any, **options: Any) -> None:
        super().__init__(sock, *rest, **options)
        self.fp = io.BufferedReader(_BoundedReader(self.fp.detach(), sock))


class _Connection(HTTPConnection):
    """Notes on the trip that bytes leave, just before they may."""

    response_class = _BoundedResponse
    used_at = 0.0

    @property
    def is_connected(self) -> bool:
        """Whether the pool may give it out again."""
        is_fresh = monotonic() - self.used_at < _trip.get().patience.idle
        return is_fresh and super().is_connected

    def send(self, chunk: Any) -> None:
        if self.sock is None:
            self.connect()
        trip = _trip.get()
        trip.limit(self.sock)
        trip.has_left = True
        self.used_at = monotonic()
        super().send(chunk)


class _SecureConnection(_Connection, HTTPSConnection):
    """The same over TLS."""


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class Transport(HTTPAdapter):
    """Sends each request once and reads the whole answer. Raises `Unanswered`, nothing else."""

    def __init__(self, patience: Patience) -> None:
        super().__init__(pool_connections=1, pool_maxsize=CONNECTIONS)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}
        self._patience = patience

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        trip = Trip(self._patience)
        before = _trip.set(trip)
        try:
            response = self._exchange(request)
        except (requests.RequestException, HTTPError, OSError):
            response = None
        finally:
            _trip.reset(before)
        # Raised out here, so that the error of the library, with its address, is no context of it.
        if response is None:
            raise Unanswered(LOST if trip.has_left else CONNECT_FAIL)
        if fault := _fault(response.status_code):
            raise Unanswered(fault)
        return response

    def _exchange(self, request: requests.PreparedRequest) -> requests.Response:
        timeout = (self._patience.connect, self._patience.read)
        response = super().send(request, stream=True, timeout=timeout)
        _ = response.content  # read while the trip lasts
        return response


def _fault(status: int) -> str | None:
    """The transport code of a status; a redirection is no answer, and is not followed."""
    if status == OK:
        return None
    if status == TOO_MANY:
        return HTTP_429
    if 400 <= status < 500 and status != REQUEST_TIMEOUT:
        return HTTP_4XX
    return HTTP_5XX if status >= 400 else BAD_BODY


def session_for(origin: str, patience: Patience) -> requests.Session:
    """A session that reaches `origin` (with its "/") and nothing else, whatever it is asked."""
    session = requests.Session()
    session.trust_env = False
    session.adapters.clear()
    session.mount(origin, Transport(patience))
    return session
