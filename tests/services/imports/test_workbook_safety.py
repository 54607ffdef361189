"""Files that are no harmless workbook are refused before a cell is read."""

import io
import zipfile

import pytest

from app.domain.errors import InvalidInput
from services.imports.workbook_safety import check_workbook
from tests.services.imports.workbooks import repacked, workbook

ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'


def code_of(file):
    with pytest.raises(InvalidInput) as caught:
        check_workbook(file)
    return caught.value.errors[0].code


def test_a_plain_workbook_passes_and_is_left_at_its_start():
    file = workbook()
    check_workbook(file)
    assert file.tell() == 0


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not-a-workbook"),
        (b"name,code\n", "not-a-workbook"),
        (b"PK\x03\x04 and then nothing of the kind", "not-a-workbook"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"old or encrypted", "old-format"),
    ],
)
def test_other_files(content, code):
    assert code_of(io.BytesIO(content)) == code


def test_another_zip_archive():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert code_of(file) == "not-a-workbook"


def test_a_truncated_workbook():
    assert code_of(io.BytesIO(workbook().getvalue()[:-200])) == "not-a-workbook"


def test_macros_by_their_part():
    assert code_of(repacked(workbook(), xl__vbaProject_bin=b"x")) == "macros"
    assert code_of(repacked(workbook(), xl__macrosheets__sheet1_xml=b"<x/>")) == "macros"


def test_macros_by_their_content_type():
    def enable(name, content):
        return content.replace(b".sheet.main+xml", b".sheet.macroEnabled.main+xml")

    assert code_of(repacked(workbook(), enable)) == "macros"


def test_external_links():
    file = repacked(workbook(), xl__externalLinks__externalLink1_xml=b"<externalLink/>")
    assert code_of(file) == "external-links"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_document_types(encoding):
    declared = ENTITY.decode().replace('version="1.0"', f'version="1.0" encoding="{encoding}"')
    file = repacked(workbook(), xl__entities_xml=declared.encode(encoding))
    assert code_of(file) == "unsafe-xml"


def test_a_bomb_by_its_ratio():
    assert code_of(repacked(workbook(), xl__media__x_bin=bytes(8 * 1024 * 1024))) == (
        "workbook-too-large"
    )


def test_a_bomb_by_its_size(monkeypatch):
    monkeypatch.setattr("services.imports.workbook_safety.MAX_UNPACKED_BYTES", 1_000)
    assert code_of(workbook()) == "workbook-too-large"


def test_a_bomb_by_its_parts(monkeypatch):
    monkeypatch.setattr("services.imports.workbook_safety.MAX_PARTS", 3)
    assert code_of(workbook()) == "workbook-too-large"
