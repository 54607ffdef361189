"""A .csv file → rows of texts, streamed. In UTF-8, with or without a mark, or in GBK (GB 18030).

What cannot be decoded to its last byte is refused: a wrongly guessed name is worse than no import.
"""

import codecs
import csv
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from typing import BinaryIO

from services.imports.lines import MAX_COLUMNS, Line
from services.imports.refusals import workbook_refused

ENCODINGS = ("utf-8-sig", "gb18030")
CHUNK_BYTES = 1024 * 1024
NOT_TEXT = "\0"

# ="13812345678": how spreadsheets are kept from taking a long number for a number.
_KEPT_AS_TEXT = re.compile(r'="([^"=]*)"')


@dataclass(frozen=True, slots=True)
class TextTable:
    """The rows of a text file, which does not tell how many there are."""

    file: BinaryIO
    encoding: str
    last_row: int | None = None

    def lines(self) -> Iterator[Line]:
        """The records, counted as a spreadsheet shows them."""
        self.file.seek(0)
        text = TextIOWrapper(self.file, self.encoding, newline="")
        try:
            for number, record in enumerate(csv.reader(text), start=1):
                yield _line(number, record[:MAX_COLUMNS])
        except csv.Error as error:
            raise _unreadable() from error
        finally:
            text.detach()


@contextmanager
def open_text_tables(file: BinaryIO) -> Iterator[list[TextTable]]:
    """The one table of a .csv file. Raises `InvalidInput` unless its encoding is one of ours."""
    yield [TextTable(file, _encoding_of(file))]


def _line(number: int, record: list[str]) -> Line:
    cells = [_written(text) for text in record]
    return Line(number, cells, any(text.lstrip().startswith("=") for text in cells))


def _written(text: str) -> str:
    if not text.startswith("="):
        return text
    kept = _KEPT_AS_TEXT.fullmatch(text)
    return kept[1] if kept else text


def _encoding_of(file: BinaryIO) -> str:
    for encoding in ENCODINGS:
        if _is_in(file, encoding):
            return encoding
    raise _unreadable()


def _is_in(file: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    try:
        while chunk := file.read(CHUNK_BYTES):
            if NOT_TEXT in decoder.decode(chunk):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _unreadable() -> Exception:
    return workbook_refused(
        "not-a-text-file", "文件不是可以读取的 .csv 文件，请以 UTF-8 或 GBK 编码保存后再上传。"
    )
