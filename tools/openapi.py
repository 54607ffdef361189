"""docs/openapi.json: the OpenAPI document as reviewers read it, and what was promised last.

`python -m tools.openapi` writes what the code says today; `python -m tools.openapi release` makes
that the promise, docs/openapi.published.json, against which later changes are judged.
"""

import json
import sys
from pathlib import Path
from typing import Any

from app.api.openapi import document_of
from app.factory import create_app
from config.settings import Settings

DOCS = Path(__file__).resolve().parent.parent / "docs"
PRESENT = DOCS / "openapi.json"
PUBLISHED = DOCS / "openapi.published.json"


def present_document() -> dict[str, Any]:
    """What the code says: the same under all settings but those of the demo, which adds routes."""
    nowhere, nothing = Path("var"), b"\0" * 32
    settings = Settings(
        database_url="postgresql+psycopg://nobody@127.0.0.1/none",
        data_key=nothing,
        lookup_key=nothing,
        link_key=nothing,
        case_file_key=nothing,
        home=nowhere,
        file_store=nowhere,
    )
    return document_of(create_app(settings))


def as_text(document: dict[str, Any]) -> str:
    """The form in which the document is kept."""
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def main(words: list[str]) -> None:
    """Write the file or, at a release, both."""
    text = as_text(present_document())
    for path in (PRESENT, PUBLISHED) if words == ["release"] else (PRESENT,):
        path.write_text(text, "utf-8")
        print(f"已写入 docs/{path.name}")


if __name__ == "__main__":
    main(sys.argv[1:])
