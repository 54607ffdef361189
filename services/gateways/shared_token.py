"""接口调用凭据: one access token for all processes and threads, fetched by one of them."""

from collections.abc import Callable
from threading import Lock
from typing import Protocol, TypeVar

from app.domain.errors import GatewayError

LONGEST_LIFE = 7_200
LIFE_UNSAID = 600

Told = TypeVar("Told")


class CredentialStore(Protocol):
    """Where the one access token of all processes is kept, and a secret newer than theirs."""

    def read(self) -> str | None:
        """The token, while it may be used."""

    def keep(self, token: str, expires_in: int) -> None:
        """Put a new token, good for `expires_in` seconds by the platform's word."""

    def drop(self, token: str) -> None:
        """Take `token` away, unless another one has come in its place."""

    def newest_secret(self) -> str | None:
        """The secret that was put in the place of the one that processes begin with."""


class SharedToken:
    """The token as a client uses it. `fetch` gets a new one from the platform, and keeps it.

    Who finds somebody else fetching waits `patience` seconds; then `busy` is raised.
    """

    def __init__(
        self,
        store: CredentialStore,
        fetch: Callable[[], str],
        patience: float,
        busy: Callable[[], GatewayError],
    ) -> None:
        self._store, self._fetch = store, fetch
        self._patience, self._busy = patience, busy
        self._fetching = Lock()

    def value(self) -> str:
        """The token. One thread fetches a new one, the others wait for it, not for ever."""
        return self._store.read() or self._fetch_alone()

    def use(self, ask: Callable[[str], Told], refused: type[GatewayError]) -> Told:
        """What `ask` tells with the token; once more with a new one if it raises `refused`.

        A refused token is the platform's word that nothing was done, so this repeats nothing.
        """
        token = self.value()
        try:
            return ask(token)
        except refused:
            self._store.drop(token)
        return ask(self.value())

    def _fetch_alone(self) -> str:
        if not self._fetching.acquire(timeout=self._patience):
            raise self._busy()
        try:
            return self._store.read() or self._fetch()
        finally:
            self._fetching.release()


def lifetime(said: object) -> int:
    """Seconds that a token is good for, from what the platform says, if it does."""
    try:
        return max(0, min(int(str(said)), LONGEST_LIFE))
    except ValueError:
        return LIFE_UNSAID
