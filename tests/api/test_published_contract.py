"""What clients were promised: the document as it is kept, and no break that goes unsaid."""

import difflib
import json
from typing import Any

import pytest

from app.api.openapi import document_of
from tests.applications import application
from tests.architecture.tree import ROOT
from tools.contract_changes import breaking_changes, named_breaks
from tools.openapi import PRESENT, PUBLISHED, as_text

REGENERATE = "docs/openapi.json 与代码不一致：运行 make openapi，看过差异后一并提交。"
CHANGELOG = ROOT / "CHANGELOG.md"


@pytest.fixture(scope="module")
def documents(tmp_path_factory) -> dict[str, str]:
    """The document, as text, of installations that differ in all that a setting can change."""
    home = tmp_path_factory.mktemp("home")
    nowhere = "postgresql+psycopg://nobody@127.0.0.1:1/none"
    told: dict[str, dict[str, Any]] = {
        "testing": {"demo": False},
        "production": {"demo": False, "app_env": "production", "ticket_prefix": "SY", "port": 9000},
    }
    found = {}
    for name, settings in told.items():
        with application(nowhere, home, **settings) as app:
            found[name] = as_text(document_of(app))
    return found


def test_the_kept_document_is_what_the_code_says(documents):
    kept = PRESENT.read_text("utf-8")
    now = documents["production"]
    changes = difflib.unified_diff(kept.splitlines(), now.splitlines(), "kept", "now", lineterm="")
    assert kept == now, "\n".join([REGENERATE, *list(changes)[:200]])


def test_it_says_the_same_everywhere(documents):
    assert documents["testing"] == documents["production"]
    assert "/testing/" not in documents["production"]


def test_no_break_of_what_was_promised_goes_unsaid():
    promised, present = (json.loads(path.read_text("utf-8")) for path in (PUBLISHED, PRESENT))
    breaks = breaking_changes(promised, present)
    named = named_breaks(CHANGELOG.read_text("utf-8"))
    lines = [f"- `{told}`" for told in breaks]
    assert named == breaks, "\n".join(
        ["CHANGELOG.md 最上一节的 ### Breaking 中应当恰好写明这些不兼容的改变：", *lines]
    )
