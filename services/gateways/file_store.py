"""文件存储: uploaded files on disk, outside the web root, under names that nobody can guess."""

import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from app.domain.errors import GatewayError

KEY_BYTES = 24
_KEY = re.compile(r"[0-9a-f]{48}")
FOLDER_MODE, FILE_MODE = 0o700, 0o600


class FileMissing(GatewayError):
    """文件暂时无法读取，请稍后再试或联系管理员。"""

    code = "file-missing"

    def __init__(self) -> None:
        super().__init__(retryable=True)


@dataclass(frozen=True, slots=True)
class FileStore:
    """A folder of files. What lies in it is whole: half-written files never bear a key."""

    root: Path

    def put(self, content: bytes) -> str:
        """Write a file, down to the disk; answers its key."""
        key = secrets.token_hex(KEY_BYTES)
        path = self._path(key)
        self.root.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        path.parent.mkdir(mode=FOLDER_MODE, exist_ok=True)
        half = path.with_suffix(".part")
        try:
            half.touch(FILE_MODE, exist_ok=False)
            with half.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            half.rename(path)
        except BaseException:
            half.unlink(missing_ok=True)
            raise
        _settle(path.parent)
        return key

    def open(self, key: str) -> BinaryIO:
        """The file, for reading. Raises `FileMissing`."""
        try:
            return self._path(key).open("rb")
        except OSError as error:
            raise FileMissing from error

    def remove(self, key: str) -> None:
        """Take the file away; one that is gone already is no fault."""
        self._path(key).unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise ValueError("not a key of this store")
        return self.root / key[:2] / key[2:]


def _settle(folder: Path) -> None:
    """Make the new name in `folder` survive a power cut, too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
