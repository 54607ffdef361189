"""What is read by pattern is what a parser reads, whatever a program writes.

A comment at the top of a part sends all of it through the parser: so the two are compared.
"""

import io
import re
import zlib
from functools import partial
from xml.etree.ElementTree import ParseError

import pytest
from openpyxl.utils.datetime import WINDOWS_EPOCH

from services.imports.plain_parts import MAIN, Unusual, plain_items
from services.imports.shared_strings import STRINGS, SharedStrings
from services.imports.sheet_rows import SHEET, Notation, read_lines

DECLARED = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
COMMENT = b"<!-- for the parser -->"
OPENED = f'<worksheet xmlns="{MAIN}" xmlns:x14ac="urn:ac"><cols/><sheetData>'.encode()
CLOSED = b'</sheetData><pageMargins left="0.7"/></worksheet>'
LISTED = f'<sst xmlns="{MAIN}" count="3" uniqueCount="3">'.encode()
THREE = b"<si><t>\xe7\x94\xb2</t></si><si><t>b</t></si><si><t>c</t></si>"
REFUSALS = (ParseError, ValueError, LookupError, zlib.error)

PLAIN_ROWS = [
    '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1" t="s"><v>2</v></c></row>',
    '<row r="1"><c r="A1"><v>13812345678</v></c><c r="B1" t="n"><v>1.50</v></c></row>',
    '<row r="1"><c r="A1" s="7"><v>45000</v></c><c r="B1" t="n" s="7"><v>45000.5</v></c></row>',
    '<row r="1"><c r="A1" t="inlineStr"><is><t>鞍山</t></is></c></row>',
    '<row r="1"><c r="A1" t="inlineStr"><is><t xml:space="preserve"> a\n\tb </t></is></c></row>',
    '<row r="1"><c r="A1" s="3"/><c r="B1" /><c r="C1"></c><c r="D1" t="s"/></row>',
    '<row r="1"><c r="A1" t="str"><v>甲</v></c><c r="B1" t="b"><v>1</v></c></row>',
    '<row r="1"><c r="A1" t="e"><v>#N/A</v></c><c r="B1" t="inlineStr"><v>x</v></c></row>',
    '<row r="1"><c r="A1"><v></v></c><c r="B1" t="s"><v></v></c></row>',
    '<row r="1"><c r="C1"><v>3</v></c><c r="A1"><v>1</v></c><c r="C1"><v>4</v></c></row>',
    '<row r="1"><c r="BL1"><v>64</v></c><c r="BM1"><v>65</v></c></row>',
    '<row r="3" spans="1:2" ht="15" x14ac:dyDescent="0.25"><c r="A3"><v>1</v></c></row>',
    '<row r="1"/><row r="2" ht="9" /><row r="7"><c r="A7"><v>1</v></c></row>\n <row r="9"/> ',
    "",
]
ODD_ROWS = [
    '<row r="1"><c r="A1"><f>SUM(B1:C1)</f><v>3</v></c><c r="B1"><v>1</v></c></row>',
    '<row r="1"><c r="BM1"><f>1+1</f></c><c r="A1"><v>1</v></c></row>',
    '<row r="1"><c r="A1" t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c></row>',
    '<row r="1"><c r="A1" t="inlineStr"><is><t>a &amp; b &#20013;</t></is></c></row>',
    '<row r="1"><c r="A1" t="inlineStr"><is><t>a\r\nb</t></is></c></row>',
    "<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>",
    '<row r="5"><c r="B5" cm="1"><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>',
    '<row r="1" y="2"/><row r="2"><c r="A2"><v>1</v></c></row>',
    "<row r='1'><c r='A1'><v>1</v></c></row>",
    '<row r="1"><c r="A1"><v>1</v></c><extLst/></row>',
]
FOR_THE_PARSER = [
    '<row r="1"><c r="A1"><v>1</v></c></row><!-- <row r="2"/> --><row r="3"/>',
    '<row r="1"><c r="A1" t="str"><v><![CDATA[</row>]]></v></c></row><row r="2"/>',
    '<row r="1"><!-- </row> --><c r="A1"><v>1</v></c></row><row r="2"/>',
    '<row r="1"/><?note?><row r="2"/>',
    '<row r="1" a=">"><c r="A1"><v>1</v></c></row>',
]
BROKEN = [
    '<row r="1"><c r="A1" t="s"><v>9</v></c></row>',
    '<row r="1"><c r="A1" t="s"><v>-1</v></c></row>',
    '<row r="1"><c r="A1"><v>much</v></c></row>',
    '<row r="1"><c r="A1" t="inlineStr"><is><t>\x01</t></is></c></row>',
    '<row r="1"><c r="A1" t="inlineStr"><is><t>\uffff</t></is></c></row>',
    '<row r="1"><c r="A1" t="inlineStr"><is><t>]]></t></is></c></row>',
    '<row r="1"><c r="A1" t="inlineStr"><is><t>&no;</t></is></c></row>',
    '<row r="1"><c r="A1"><v>1</v></row>',
    '<row r="1"><c r="A1"><v>1</v></c></row><row r="2">',
]


def lines_of(part: bytes):
    strings = SharedStrings(partial(io.BytesIO, LISTED + THREE + b"</sst>"))
    notation = Notation(strings, {7}, WINDOWS_EPOCH)
    try:
        return list(read_lines(partial(io.BytesIO, part), notation))
    except REFUSALS:
        return "refused"


def texts_of(part: bytes):
    strings = SharedStrings(partial(io.BytesIO, part))
    found: list[str] = []
    try:
        while True:
            found.append(strings.text(len(found)))
    except IndexError:
        return found
    except REFUSALS:
        return "refused"


def sheet(rows: str, top: bytes = b"") -> bytes:
    return DECLARED + top + OPENED + rows.encode() + CLOSED


@pytest.mark.parametrize("rows", [*PLAIN_ROWS, *ODD_ROWS, *FOR_THE_PARSER])
def test_rows_are_read_as_a_parser_reads_them(rows):
    found = lines_of(sheet(rows))
    assert found == lines_of(sheet(rows, COMMENT))
    assert found != "refused"


@pytest.mark.parametrize("rows", BROKEN)
def test_broken_rows_are_refused_as_by_a_parser(rows):
    assert lines_of(sheet(rows)) == lines_of(sheet(rows, COMMENT)) == "refused"


@pytest.mark.parametrize("rows", PLAIN_ROWS)
def test_plain_rows_need_no_parser(rows):
    items = list(plain_items(io.BytesIO(sheet(rows)), SHEET))
    assert len(items) == rows.count("<row")
    assert all(isinstance(item, re.Match) for item in items)


@pytest.mark.parametrize("rows", PLAIN_ROWS)
def test_a_comment_leaves_all_to_the_parser(rows):
    with pytest.raises(Unusual):
        list(plain_items(io.BytesIO(sheet(rows, COMMENT)), SHEET))


def test_an_odd_row_goes_through_the_parser_alone():
    rows = PLAIN_ROWS[0] + ODD_ROWS[0] + PLAIN_ROWS[1]
    items = list(plain_items(io.BytesIO(sheet(rows)), SHEET))
    assert [isinstance(item, re.Match) for item in items] == [True, False, True]
    assert [line.has_formula for line in lines_of(sheet(rows))] == [False, True, False]


@pytest.mark.parametrize(
    "part",
    [
        OPENED + PLAIN_ROWS[1].encode() + CLOSED,
        OPENED.replace(b"<sheetData>", b"<sheetData/>") + b"</worksheet>",
        OPENED.replace(MAIN.encode(), b"urn:other") + PLAIN_ROWS[1].encode() + CLOSED,
        OPENED + PLAIN_ROWS[1].replace('r="1"', 'r="1" xmlns="urn:other"').encode() + CLOSED,
        (OPENED + PLAIN_ROWS[1].encode() + CLOSED)
        .replace(b"xmlns=", b"xmlns:x=")
        .replace(b"</", b"</x:")
        .replace(b"<worksheet", b"<x:worksheet")
        .replace(b"<sheetData", b"<x:sheetData")
        .replace(b"<cols", b"<x:cols")
        .replace(b"<pageMargins", b"<x:pageMargins")
        .replace(b"<row", b"<x:row")
        .replace(b"<c ", b"<x:c ")
        .replace(b"<v>", b"<x:v>"),
        OPENED + PLAIN_ROWS[1].encode() + CLOSED[:-3],
        OPENED + PLAIN_ROWS[1].encode() + CLOSED.replace(b"/>", b">"),
        OPENED + PLAIN_ROWS[1].encode(),
        OPENED + PLAIN_ROWS[1].encode() + CLOSED + b"<more/>",
        OPENED.replace(b"<cols/>", b"<cols>") + PLAIN_ROWS[1].encode() + CLOSED,
    ],
)
def test_a_sheet_as_a_whole_is_read_as_a_parser_reads_it(part):
    assert lines_of(DECLARED + part) == lines_of(DECLARED + COMMENT + part)
    assert lines_of(part) == lines_of(COMMENT + part)


def test_another_encoding_is_left_to_the_parser():
    part = sheet(PLAIN_ROWS[3]).decode().replace("UTF-8", "UTF-16").encode("utf-16")
    assert lines_of(part) == lines_of(sheet(PLAIN_ROWS[3]))
    latin = OPENED + '<row r="1"><c r="A1" t="str"><v>é</v></c></row>'.encode("latin-1") + CLOSED
    for declared in (b'encoding="latin-1"', b'encoding = "latin-1"'):
        [line] = lines_of(b'<?xml version="1.0" ' + declared + b"?>" + latin)
        assert line.cells == ["é"]


def test_rows_across_the_edges_of_what_is_read_at_once():
    kinds = [row for row in (*PLAIN_ROWS, *ODD_ROWS) if row.startswith('<row r="1"><c')]
    rows = "".join(kinds[number % len(kinds)] for number in range(4_000))
    found = lines_of(sheet(rows))
    assert len(found) == 4_000
    assert found == lines_of(sheet(rows, COMMENT))


def test_the_parser_goes_on_where_the_pattern_ends():
    rows = PLAIN_ROWS[0] * 3_000 + FOR_THE_PARSER[1] + PLAIN_ROWS[1] * 3_000
    found = lines_of(sheet(rows))
    assert len(found) == 6_002
    assert found == lines_of(sheet(rows, COMMENT))


@pytest.mark.parametrize(
    ("items", "texts"),
    [
        ("<si><t>甲</t></si> <si><t>b\nc</t></si>", ["甲", "b\nc"]),
        ('<si><t xml:space="preserve"> a </t></si>', [" a "]),
        ('<si><t>a</t><phoneticPr fontId="1" type="noConversion"/></si>', ["a"]),
        ("<si><t>a &lt; b</t></si><si><t>c</t></si>", ["a < b", "c"]),
        ("<si><r><rPr/><t>a</t></r><r><t>b</t></r></si><si><t/></si><si/>", ["ab", "", ""]),
        ("<si><t>東</t><rPh sb='0' eb='1'><t>とう</t></rPh></si>", ["東"]),
        ("<!-- <si><t>no</t></si> --><si><t>yes</t></si>", ["yes"]),
        ("<si><t><![CDATA[</si>]]></t></si><si><t>b</t></si>", ["</si>", "b"]),
        ("", []),
        ("<si><t>\x02</t></si>", "refused"),
        ("<si><t>a</si>", "refused"),
    ],
)
def test_shared_strings_are_read_as_a_parser_reads_them(items, texts):
    part = LISTED + items.encode() + b"</sst>"
    assert texts_of(part) == texts_of(COMMENT + part) == texts


def test_plain_strings_need_no_parser():
    part = LISTED + THREE + b'<si><t>d</t><phoneticPr fontId="1"/></si></sst>'
    items = list(plain_items(io.BytesIO(part), STRINGS))
    assert [isinstance(item, re.Match) for item in items] == [True] * 4
    assert texts_of(f'<sst xmlns="{MAIN}"/>'.encode()) == []
