"""The enterprises that a batch has reached, a city of them in little memory."""

from collections.abc import Iterable


class Met:
    """Identities by one byte each: a set takes eighty."""

    def __init__(self) -> None:
        self._is_met = bytearray()

    def __contains__(self, identity: int) -> bool:
        return identity < len(self._is_met) and self._is_met[identity] == 1

    def add(self, identity: int) -> None:
        """Note one; 0 and more."""
        if identity >= len(self._is_met):
            self._is_met.extend(bytes(identity + 1 - len(self._is_met)))
        self._is_met[identity] = 1

    def update(self, identities: Iterable[int]) -> None:
        """Note all of them."""
        for identity in identities:
            self.add(identity)
