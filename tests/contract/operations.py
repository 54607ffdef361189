"""The document's operations as schemathesis sees them, and who may use each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import schemathesis
from flask import Flask
from schemathesis.config import (
    GenerationConfig,
    ProjectConfig,
    ProjectsConfig,
    SchemathesisConfig,
)

from app.api.marks import PUBLIC, SESSION, VISITOR, Marks
from app.api.openapi import document_of
from app.domain.permissions import GRANTS, Permission
from app.domain.transitions import BY_ACTION
from tests.api.inputs import marked_routes
from tests.contract import town
from tests.documented import address

# Tokens are ours to choose: it is the roles that matter, not what a made-up token is answered.
GENERATION = GenerationConfig(with_security_parameters=False)
CONFIG = SchemathesisConfig(projects=ProjectsConfig(default=ProjectConfig(generation=GENERATION)))

GRANTED: Mapping[str, tuple[str, ...]] = {
    PUBLIC: (town.NOBODY,),
    VISITOR: (town.VISITOR, town.WECHAT_USER),
    SESSION: (town.WECHAT_USER, *town.ROLES),
}


@dataclass(frozen=True)
class Operation:
    """An operation of the document; `may` and `may_not` are names of people of the town."""

    documented: Any
    marks: Marks
    may: tuple[str, ...]

    @property
    def label(self) -> str:
        return self.documented.label

    @property
    def may_not(self) -> tuple[str, ...]:
        everybody = (town.NOBODY, town.VISITOR, town.WECHAT_USER, *town.ROLES)
        return tuple(name for name in everybody if name not in self.may)

    @property
    def statuses(self) -> frozenset[str]:
        """The statuses in which a ticket takes this action; none when this is no action."""
        row = BY_ACTION.get(self.marks.gate)  # type: ignore[call-overload]  # other gates are no actions
        return frozenset(status.value for status in row.sources) if row else frozenset()


def operations(app: Flask) -> list[Operation]:
    """Every operation of the document, in its order."""
    schema = schemathesis.openapi.from_dict(document_of(app), config=CONFIG)
    marks = {f"{method} {address(rule)}": found for method, rule, found in marked_routes(app)}
    found = (result.ok() for result in schema.get_all_operations())
    return [Operation(one, marks[one.label], may(marks[one.label])) for one in found]


def may(marks: Marks) -> tuple[str, ...]:
    """Who gets past the gate of a view."""
    if marks.gate in GRANTED:
        return GRANTED[str(marks.gate)]
    return tuple(role for role in town.ROLES if role in GRANTS[Permission(marks.gate or "")])
