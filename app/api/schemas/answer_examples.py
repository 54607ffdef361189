"""One plausible answer for each schema of an answer, and for operations that tell more.

They lie in files that are read when the document is asked for, and not before. An entry is named
by its schema, by its operation, or by an operation and a status; it has a `value`, or is `like`
another one `but` for some members and `without` others. Tests hold each to its schema.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("answers")
PAGE = "Page"


class AnswerExamples:
    """The examples, each cut to the members that its schema has."""

    def __init__(self, schemas: Mapping[str, Any]) -> None:
        self._schemas = schemas
        self._entries: dict[str, Any] = {}
        for file in sorted(FOLDER.glob("*.json")):
            self._entries |= json.loads(file.read_text("utf-8"))

    def find(self, operation_id: str, status: str, schema: str) -> tuple[str, Any] | None:
        """The name and the value of the most particular example; None where there is none."""
        for name in (f"{operation_id} {status}", operation_id, schema):
            if name in self._entries:
                return name.replace(" ", ""), self._of_schema(self._value(name), schema)
        item = schema.removesuffix(PAGE)
        found = self.find(operation_id, status, item) if item != schema else None
        return (schema, {"items": [found[1]], "next_cursor": None}) if found else None

    def names(self) -> Iterator[str]:
        """What the entries are called."""
        return iter(self._entries)

    def _value(self, name: str) -> Any:
        entry = self._entries[name]
        if "value" in entry:
            return entry["value"]
        members = self._value(entry["like"]) | entry.get("but", {})
        return {key: members[key] for key in members if key not in entry.get("without", ())}

    def _of_schema(self, value: Any, schema: str) -> Any:
        if schema not in self._schemas:
            return value
        properties = self._schemas[schema]["properties"]
        return {name: value[name] for name in properties if name in value}
