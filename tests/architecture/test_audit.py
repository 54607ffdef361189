"""What is recorded in the audit has a kind and a name: `app/domain/audit_kinds.py`."""

import ast
from collections.abc import Iterator

from app.domain.audit_kinds import ACTIONS, KIND, AuditKind
from tests.architecture.tree import Function, Source, dotted, sources

RECORDERS = {"record": 1, "record_for_account": 1}
"""The functions of `services.audit` that take an action, and at which place."""


def enclosing(source: Source) -> Iterator[tuple[Function, ast.Call]]:
    for function in source.functions():
        yield from ((function, node) for node in ast.walk(function) if isinstance(node, ast.Call))


def recorders_in(source: Source) -> dict[str, int]:
    """The functions by which a file records, those included that hand an action on."""
    text = source.text
    if "services.audit" not in text and "import audit" not in text:
        return {}
    known = {name: place for name, place in RECORDERS.items() if name in text}
    for function, call in enclosing(source):
        place = known.get(dotted(call.func).removeprefix("audit."))
        names = [each.arg for each in function.args.args]
        if place is not None and isinstance(action := action_of(call, place), ast.Name):
            assert action.id in names, f"{source.at(call)} which action this is does not show"
            known[function.name] = names.index(action.id)
    return known


def action_of(call: ast.Call, place: int) -> ast.expr | None:
    named = [each.value for each in call.keywords if each.arg == "action"]
    return call.args[place] if len(call.args) > place else next(iter(named), None)


def recorded() -> Iterator[tuple[str, str]]:
    """(place in the code, action) of everything that is recorded by a literal name."""
    for source in sources("app", "services", "jobs"):
        recorders = recorders_in(source)
        for call in source.calls():
            place = recorders.get(dotted(call.func).removeprefix("audit."))
            action = action_of(call, place) if place is not None else None
            if isinstance(action, ast.Constant) and isinstance(action.value, str):
                yield source.at(call), action.value


def test_every_recorded_action_has_a_kind_and_a_name():
    found = list(recorded())
    assert {"log_in", "bind_wechat", "resend_delivery"} <= {action for _, action in found}
    unknown = [f"{place} {action}" for place, action in found if action not in ACTIONS]
    assert not unknown, "\n".join(unknown)


def test_every_kind_and_every_action_has_a_name():
    assert all(KIND[kind] for kind in AuditKind)
    assert all(known.label for known in ACTIONS.values())
