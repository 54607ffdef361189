"""附件的类型: what a file really is, told by its content. Its name must agree.

jpg, png, pdf, docx and xlsx only, at most 10 MB (api.md, Names). Office files are zip archives and
judged by their directory and their list of content types: `office_files.py`.
"""

import struct
import unicodedata
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import PurePosixPath

from app.domain.errors import FieldError, InvalidInput, TooLarge
from app.domain.office_files import DOCUMENT, OLE_SIGNATURE, WORKBOOK, main_part_of

LONGEST_NAME = 120
MAX_BYTES = 10 * 1024 * 1024
POINTER = "/file"
NAMELESS = "附件"


class FileType(StrEnum):
    """What may be attached, by its media type."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    PDF = "application/pdf"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


EXTENSIONS: Mapping[str, FileType] = {
    ".jpg": FileType.JPEG,
    ".jpeg": FileType.JPEG,
    ".png": FileType.PNG,
    ".pdf": FileType.PDF,
    ".docx": FileType.DOCX,
    ".xlsx": FileType.XLSX,
}


def recognise(filename: str, content: bytes) -> FileType:
    """The type of a file whose name and content agree.

    Raises `TooLarge`, or `InvalidInput` at /file: empty, a type not taken, broken, macros, a zip
    bomb, a name that claims another type.
    """
    if len(content) > MAX_BYTES:
        raise TooLarge("附件不能超过 10 MB。")
    if not content:
        raise refused("empty-file", "文件是空的。")
    claimed = EXTENSIONS.get(PurePosixPath(filename).suffix.lower())
    if claimed is None:
        raise refused("file-type", "只接受 jpg、png、pdf、docx、xlsx 文件。")
    if _type_of(content) is not claimed:
        raise refused("file-content", "文件内容与扩展名不符，或文件已损坏。")
    return claimed


def clean_name(filename: str) -> str:
    """The name alone, without folders, control characters or marks that turn the reading order.

    At most `LONGEST_NAME` characters; the extension stays.
    """
    name = unicodedata.normalize("NFC", filename.replace("\\", "/").rpartition("/")[2])
    seen = "".join(letter for letter in name if not unicodedata.category(letter).startswith("C"))
    stem, dot, extension = " ".join(seen.split()).rpartition(".")
    return (stem.strip(". ") or NAMELESS)[: LONGEST_NAME - len(extension) - 1] + dot + extension


def refused(code: str, detail: str) -> InvalidInput:
    """The error of a file that is not taken."""
    return InvalidInput([FieldError(POINTER, code, detail)], detail)


def _type_of(content: bytes) -> FileType | None:
    if content.startswith(OLE_SIGNATURE):
        raise refused("old-format", "这是旧版 Office 文件或加了密码，请另存为不加密的新格式。")
    for signature, tell in SIGNATURES.items():
        if content.startswith(signature):
            try:
                return tell(content)
            except (struct.error, IndexError):
                return None
    return None


def _jpeg(content: bytes) -> FileType | None:
    """Segment after segment from the start: a frame with a size, then the scan."""
    at, is_framed = 2, False
    while content[at] == 0xFF:
        marker, length = struct.unpack_from(">BH", content, at + 1)
        if marker in JPEG_FRAMES:
            is_framed = 0 not in struct.unpack_from(">HH", content, at + 5)
        if marker == JPEG_SCAN:
            return FileType.JPEG if is_framed and JPEG_END in content[at:] else None
        at += 1 if marker == JPEG_FILL else 2 + length
    return None


def _png(content: bytes) -> FileType | None:
    """Chunk after chunk, from the header with a size to the end."""
    length, kind, width, height = struct.unpack_from(">I4sII", content, len(PNG_SIGNATURE))
    if (length, kind) != (13, b"IHDR") or not width or not height:
        return None
    at = len(PNG_SIGNATURE)
    while kind != b"IEND":
        length, kind = struct.unpack_from(">I4s", content, at)
        at += length + 12
    return FileType.PNG if at <= len(content) else None


def _pdf(content: bytes) -> FileType | None:
    """The end mark stands near the end; some programs add a little behind it."""
    return FileType.PDF if b"%%EOF" in content[-2048:] else None


def _office(content: bytes) -> FileType | None:
    return OFFICE.get(main_part_of(content) or "")


PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
JPEG_SCAN, JPEG_FILL = 0xDA, 0xFF
JPEG_END = b"\xff\xd9"
OFFICE: Mapping[str, FileType] = {DOCUMENT: FileType.DOCX, WORKBOOK: FileType.XLSX}
SIGNATURES: Mapping[bytes, Callable[[bytes], FileType | None]] = {
    b"\xff\xd8\xff": _jpeg,
    PNG_SIGNATURE: _png,
    b"%PDF-": _pdf,
    b"PK\x03\x04": _office,
}
