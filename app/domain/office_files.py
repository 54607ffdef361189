"""Office 文件: what a docx or xlsx really is, from the directory of the archive that it is."""

import zipfile
import zlib
from collections.abc import Iterable
from io import BytesIO
from xml.parsers import expat

from app.domain.errors import FieldError, InvalidInput

OLE_SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")
"""Office before 2007, and every encrypted Office file."""

DOCUMENT = "wordprocessingml.document"
WORKBOOK = "spreadsheetml.sheet"
_MAIN = {
    f"application/vnd.openxmlformats-officedocument.{kind}.main+xml": kind
    for kind in (DOCUMENT, WORKBOOK)
}
_TYPES = "[Content_Types].xml"

MAX_PARTS = 2_000
MAX_UNPACKED_BYTES = 200 * 1024 * 1024
MAX_TYPES_BYTES = 1024 * 1024
MAX_RATIO = 150
RATIO_FREE_BYTES = 4 * 1024 * 1024

_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, expat.ExpatError),
    *(EOFError, LookupError, NotImplementedError, OverflowError, RuntimeError, ValueError),
)


def main_part_of(content: bytes) -> str | None:
    """`DOCUMENT` or `WORKBOOK`; None for any other archive, or a broken one.

    Raises `InvalidInput` at /file for macros and for what unpacks to too much.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return _judged(archive)
    except _BROKEN:
        return None


def _judged(archive: zipfile.ZipFile) -> str | None:
    parts = archive.infolist()
    _check_sizes(parts)
    names = {part.filename for part in parts}
    if len(names) != len(parts) or _TYPES not in names:
        return None
    if archive.getinfo(_TYPES).file_size > MAX_TYPES_BYTES:
        return None
    types = _content_types(archive.read(_TYPES))
    _check_macros(names, types.values())
    mains = {_MAIN[kind] for part, kind in types.items() if kind in _MAIN and part in names}
    return mains.pop() if len(mains) == 1 else None


def _check_sizes(parts: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED_BYTES or any(map(_is_bomb, parts)):
        raise _refused("zip-bomb", "文件解压后过大，已拒绝。")


def _is_bomb(part: zipfile.ZipInfo) -> bool:
    is_large = part.file_size > RATIO_FREE_BYTES
    return is_large and part.file_size > MAX_RATIO * max(part.compress_size, 1)


def _check_macros(names: Iterable[str], types: Iterable[str]) -> None:
    lower = [name.lower() for name in names]
    if any("vbaproject" in name or "macrosheets/" in name for name in lower) or any(
        "macroenabled" in kind.lower() or "vbaproject" in kind.lower() for kind in types
    ):
        raise _refused("macros", "文件含有宏，请另存为不含宏的文件。")


def _content_types(document: bytes) -> dict[str, str]:
    """The content type of each part that the list names; `Default` ones stand under their suffix.

    A document type, and with it entities, is never read: it ends the reading.
    """
    types: dict[str, str] = {}

    def element(_: str, attributes: dict[str, str]) -> None:
        part = attributes.get("PartName", attributes.get("Extension", ""))
        types[part.removeprefix("/")] = attributes.get("ContentType", "")

    def document_type(*_: object) -> None:
        raise ValueError("a document type")

    parser = expat.ParserCreate()
    parser.StartElementHandler = element
    parser.StartDoctypeDeclHandler = document_type
    parser.Parse(document, True)  # noqa: FBT003 - the signature of pyexpat
    return types


def _refused(code: str, detail: str) -> InvalidInput:
    return InvalidInput([FieldError("/file", code, detail)], detail)
