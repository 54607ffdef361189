"""What a workbook must be before it is opened: judged from the directory of the zip archive.

Everything refused here is refused for the whole file, before a single cell is read.
"""

import zipfile
from typing import BinaryIO
from xml.parsers import expat

from app.domain.errors import InvalidInput
from services.imports.refusals import too_large, unreadable_workbook, workbook_refused

MAX_PARTS = 2_000
MAX_UNPACKED_BYTES = 400 * 1024 * 1024
MAX_RATIO = 150
RATIO_FREE_BYTES = 4 * 1024 * 1024
OLE_SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")
CHUNK_BYTES = 64 * 1024


def check_workbook(file: BinaryIO) -> None:
    """Raise `InvalidInput` unless `file` is a harmless .xlsx workbook; leaves it at its start."""
    file.seek(0)
    if file.read(len(OLE_SIGNATURE)) == OLE_SIGNATURE:
        raise workbook_refused(
            "old-format", "这是旧版 .xls 或加了密码的文件，请另存为不加密的 .xlsx 工作簿再上传。"
        )
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            _check_archive(archive)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise unreadable_workbook() from error
    file.seek(0)


def _check_archive(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    names = {part.filename.lower() for part in parts}
    if "[content_types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise unreadable_workbook()
    _check_size(parts)
    _check_content(names)
    for part in parts:
        if part.filename.lower().endswith((".xml", ".rels", ".vml")):
            _check_document_type(archive, part)
    if b"macroenabled" in archive.read("[Content_Types].xml").lower():
        raise _macros()


def _check_size(parts: list[zipfile.ZipInfo]) -> None:
    # The sizes of the directory hold: zipfile never unpacks more of a part than it declares.
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
        raise too_large()
    for part in parts:
        is_large = part.file_size > RATIO_FREE_BYTES
        if is_large and part.file_size > MAX_RATIO * max(part.compress_size, 1):
            raise too_large()


def _check_content(names: set[str]) -> None:
    if any("vbaproject" in name or name.startswith("xl/macrosheets/") for name in names):
        raise _macros()
    if any(name.startswith("xl/externallinks/") for name in names):
        raise workbook_refused(
            "external-links", "工作簿引用了外部文件，请断开外部链接（粘贴为数值）后再上传。"
        )


def _check_document_type(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Refuse a part that declares a document type (and with it entities) before its root."""
    parser = expat.ParserCreate()
    seen: list[str] = []
    parser.StartDoctypeDeclHandler = lambda *_: seen.append("doctype")
    parser.StartElementHandler = lambda *_: seen.append("root")
    with archive.open(part) as stream:
        while not seen and (chunk := stream.read(CHUNK_BYTES)):
            try:
                parser.Parse(chunk, False)  # noqa: FBT003 - the signature of pyexpat
            except expat.ExpatError as error:
                raise unreadable_workbook() from error
    if seen[:1] == ["doctype"]:
        raise workbook_refused("unsafe-xml", "工作簿中含有不允许的内容（DTD），已拒绝读取。")


def _macros() -> InvalidInput:
    return workbook_refused("macros", "工作簿含有宏，请另存为不含宏的 .xlsx 工作簿再上传。")
