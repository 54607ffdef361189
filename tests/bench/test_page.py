"""Recording the figures of `bench` leaves what people and other benchmarks have written."""

from pathlib import Path

from bench.driving import Span
from bench.page import NOTES, Record, write_page

PAGE = Path(__file__).parents[2] / "docs" / "performance.md"
RECORD = Record(results={}, rounds=1, span=Span(0.5, 2.0), postgresql="18.4")


def test_notes_imports_and_search_stay_as_they_are(tmp_path):
    path = tmp_path / "performance.md"
    before = PAGE.read_text(encoding="utf-8")
    path.write_text(before, encoding="utf-8")
    write_page(path, RECORD)
    after = path.read_text(encoding="utf-8")
    kept = before[before.index(NOTES) :]
    assert after.endswith(f"\n\n{kept}")
    assert all(f"\n## {section}\n" in kept for section in ("Imports", "Search"))
    assert "1 rounds of 2 s" in after


def test_a_first_page_has_no_notes(tmp_path):
    write_page(tmp_path / "page", RECORD)
    assert NOTES not in (tmp_path / "page").read_text(encoding="utf-8")
