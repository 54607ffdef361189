"""What a file really is, told by its content; and what is never taken."""

from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from app.domain.errors import InvalidInput, TooLarge
from app.domain.file_types import MAX_BYTES, FileType, clean_name, recognise
from tests.files import PARTS, SAMPLES, jpeg, office, pdf, png, zipped

MACRO_BOOK = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
DOCUMENT, DOCUMENT_TYPE = PARTS["docx"]


def refusal(filename: str, content: bytes) -> str:
    with pytest.raises(InvalidInput) as refused:
        recognise(filename, content)
    [error] = refused.value.errors
    assert error.pointer == "/file"
    return error.code


@pytest.mark.parametrize("filename", SAMPLES)
def test_each_kind_is_recognised(filename):
    content, media_type = SAMPLES[filename]
    assert recognise(filename, content) == media_type


def test_a_workbook_of_a_real_program_is_one():
    file = BytesIO()
    Workbook().save(file)
    assert recognise("登记.xlsx", file.getvalue()) is FileType.XLSX


@pytest.mark.parametrize("filename", SAMPLES)
@pytest.mark.parametrize("claim", ["a.jpg", "a.png", "a.pdf", "a.docx", "a.xlsx"])
def test_name_and_content_must_agree(filename, claim):
    content, media_type = SAMPLES[filename]
    if recognise(filename, content) is recognise(claim, SAMPLES_BY_EXTENSION[claim]):
        assert recognise(claim, content) == media_type
    else:
        assert refusal(claim, content) == "file-content"


SAMPLES_BY_EXTENSION = {
    "a.jpg": jpeg(),
    "a.png": png(),
    "a.pdf": pdf(),
    "a.docx": office("docx"),
    "a.xlsx": office("xlsx"),
}


@pytest.mark.parametrize("filename", ["a.exe", "a.svg", "a.html", "a.zip", "a.docm", "pdf", "a."])
def test_other_extensions_are_not_taken(filename):
    assert refusal(filename, pdf()) == "file-type"


def test_empty_and_too_large():
    assert refusal("a.pdf", b"") == "empty-file"
    padding = MAX_BYTES - len(pdf())
    assert recognise("a.pdf", pdf()[:-6] + b" " * padding + b"%%EOF\n") is FileType.PDF
    with pytest.raises(TooLarge):
        recognise("a.pdf", pdf() + b" " * (padding + 1))


@pytest.mark.parametrize(
    ("filename", "content"),
    [
        ("a.jpg", jpeg(0, 5)),
        ("a.jpg", jpeg()[:-2]),
        ("a.jpg", jpeg()[:20]),
        ("a.jpg", b"\xff\xd8\xff"),
        ("a.jpg", b"\xff\xd8\xff<script>alert(1)</script>\xff\xd9"),
        ("a.png", png(0, 5)),
        ("a.png", png()[:-1]),
        ("a.png", png()[:20]),
        ("a.png", b"\x89PNG\r\n\x1a\n<html>" + b"x" * 60),
        ("a.pdf", b"%PDF-1.7\nnothing else"),
        ("a.pdf", b"MZ\x90" + pdf()),
        ("a.docx", office("docx")[:-5]),
        ("a.docx", b"MZ" + office("docx")),
        ("a.docx", zipped({"word/document.xml": b"<x/>"})),
        ("a.docx", zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<x/>"})),
        ("a.docx", zipped({"[Content_Types].xml": b"<Types", DOCUMENT: b"<x/>"})),
        ("a.docx", zipped({"[Content_Types].xml": b"<Types/>" + b" " * 2**20, DOCUMENT: b""})),
    ],
)
def test_what_is_broken_or_only_looks_alike(filename, content):
    assert refusal(filename, content) == "file-content"


def test_the_main_part_must_be_there_and_be_one():
    listed = f'<Override PartName="/word/other.xml" ContentType="{DOCUMENT_TYPE}"/>'
    assert refusal("a.docx", office("docx", types=listed)) == "file-content"
    name, content_type = PARTS["xlsx"]
    both = (
        f'<Override PartName="/{DOCUMENT}" ContentType="{DOCUMENT_TYPE}"/>'
        f'<Override PartName="/{name}" ContentType="{content_type}"/>'
    )
    assert refusal("a.docx", office("docx", types=both, xl__workbook_xml=b"")) == "file-content"


def test_old_and_encrypted_office_files_are_told_apart():
    assert refusal("a.docx", bytes.fromhex("d0cf11e0a1b11ae1") + b"\x00" * 600) == "old-format"


@pytest.mark.parametrize(
    "content",
    [
        office("docx", word__vbaProject_bin=b"x"),
        office("xlsx", xl__macrosheets__sheet1_xml=b"x"),
        office("xlsx", types=f'<Override PartName="/xl/workbook.xml" ContentType="{MACRO_BOOK}"/>'),
        office(
            "docx",
            types='<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>',
        ),
    ],
)
def test_macros_are_refused_under_any_name(content):
    for filename in ("a.docx", "a.xlsx"):
        assert refusal(filename, content) == "macros"


def test_bombs_are_refused_by_what_they_declare():
    assert refusal("a.docx", office("docx", big_xml=b"\x00" * 2**23)) == "zip-bomb"
    many = {f"word/{number}.xml": b"" for number in range(2_001)}
    assert refusal("a.docx", zipped(many)) == "zip-bomb"


def test_a_document_type_in_the_list_of_parts_is_not_read():
    entity = b'<!DOCTYPE t [<!ENTITY a "b">]><Types>&a;</Types>'
    bad = zipped({"[Content_Types].xml": entity, DOCUMENT: b"<x/>"})
    assert refusal("a.docx", bad) == "file-content"


@given(st.sampled_from(sorted(SAMPLES)), st.integers(0), st.binary(max_size=40))
def test_damage_is_never_more_than_a_refusal(filename, place, patch):
    content = bytearray(SAMPLES[filename][0])
    place %= len(content)
    content[place : place + len(patch)] = patch
    with suppress(InvalidInput):
        assert recognise(filename, bytes(content)) == SAMPLES[filename][1]


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("证明.pdf", "证明.pdf"),
        ("C:\\用户\\证明.pdf", "证明.pdf"),
        ("../../etc/证明.pdf", "证明.pdf"),
        ("合同\u202efdp.exe", "合同fdp.exe"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie: x.pdf"),
        ("  两  个   空格 .pdf", "两 个 空格.pdf"),
        (".pdf", "附件.pdf"),
        ("...pdf", "附件.pdf"),
        ("字" * 300 + ".docx", "字" * 115 + ".docx"),
    ],
)
def test_names_keep_what_can_be_read(given_name, kept):
    assert clean_name(given_name) == kept
