"""A case file on paper: the same content for people, the signed JSON attached.

Every character is embedded, cut down to those that occur (Noto Sans SC, SIL Open Font License).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import orjson
from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import TTFFont
from pylopdf_fonts_zh_cn import sans_path

from app.domain.work_calendar import LOCAL_ZONE
from services.case_files.wording import SECTIONS, Row, heading

FONT = "Noto Sans SC"
TITLE, SECTION, PLAIN, SMALL = 18, 13, 10, 8
"""Sizes in points."""
LINE = 6
"""Millimetres."""
ATTACHED = "case-file.json"


class Paper(FPDF):
    """Pages with the number of the ticket and their own at the foot."""

    def __init__(self, number: str) -> None:
        super().__init__()
        self.number = number
        self.add_font(FONT, fname=sans_path())
        for font in self.fonts.values():
            # The font says how large its characters are; to draw each anew took two fifths of all.
            if isinstance(font, TTFFont):
                font.ttfont.recalcBBoxes = False
        self.set_auto_page_break(auto=True, margin=18)
        self.alias_nb_pages()

    def footer(self) -> None:
        """The library calls this at the end of every page."""
        self.set_y(-14)
        self.set_font(FONT, size=SMALL)
        self.cell(0, LINE, f"案卷 {self.number}　第 {self.page_no()} 页，共 {{nb}} 页", align="C")

    def line_of(self, text: str, size: int = PLAIN) -> None:
        """A paragraph over the whole width."""
        self.set_font(FONT, size=size)
        self.multi_cell(0, size * 0.55, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def print_case_file(signed: Mapping[str, Any]) -> bytes:
    """The signed case file as a PDF."""
    content, signature = signed["content"], signed["signature"]
    paper = Paper(content["number"])
    taken = datetime.fromisoformat(content["generated_at"]).astimezone(LOCAL_ZONE)
    paper.set_creation_date(taken)
    paper.set_title(f"案卷 {content['number']}")
    paper.add_page()
    paper.line_of(heading(content), TITLE)
    for title, rows in SECTIONS:
        _print_section(paper, title, rows(content))
    _print_section(paper, "签名", _signature(signature, content))
    paper.embed_file(bytes=orjson.dumps(signed), basename=ATTACHED, modification_date=taken)
    return bytes(paper.output())


def _print_section(paper: Paper, title: str, rows: Iterable[Row]) -> None:
    listed = list(rows)
    if not listed:
        return
    paper.ln(3)
    paper.line_of(title, SECTION)
    paper.ln(1)
    for name, text in listed:
        paper.line_of(f"{name}：{text}" if name else text)


def _signature(signature: Mapping[str, str], content: Mapping[str, Any]) -> list[Row]:
    chain = content["chain"]
    return [
        ("事件链末端", f"第 {chain['events']} 条，{chain['head']}"),
        ("内容的 SHA-256", signature["sha256"]),
        ("签名算法与公钥编号", f"{signature['method']}　{signature['key_id']}"),
        ("签名", signature["value"]),
        ("", f"签名的内容附在本文件内（{ATTACHED}），可用 flask verify-case-file 或公钥核对。"),
    ]
