"""涉密清除: what its actions must bring."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PurgedFile:
    """What the history keeps of a file. `sha256` in hex digits, `size` in bytes."""

    id: int
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class PurgeRequest:
    """申请清除: of which files of the ticket, and why; the reason repeats no secret.

    What the files are is looked up: `is_inner` when the enterprise is told nothing of one of them.
    """

    attachment_ids: tuple[int, ...]
    reason: str
    files: tuple[PurgedFile, ...] = ()
    is_inner: bool = False
