"""What events leave of what they wrote: enough to know any change, and nothing to read."""

from dataclasses import fields, replace
from datetime import UTC, date
from typing import Any

import pytest

from app.domain.canonical import canonical
from app.domain.event_chain import HASHED
from app.domain.sla_clock import Clock
from app.domain.ticket_records import Assignment, Reply
from app.domain.ticket_records import Evaluation as Rated
from app.domain.vocabulary import AssignmentState, Status, UnitRole
from app.domain.written import KEYS, WRITTEN, left_by, texts_of, unexplained
from services.tickets import write
from tests.domain.stage import play_to
from tests.domain.story import MONDAY, PATHS

DISPATCHED = Assignment(1, 11, UnitRole.LEAD, AssignmentState.DISPATCHED, None, MONDAY)
RATED = Rated(1, 2, ("slow",), None, "mini_program", 7, MONDAY, 2, MONDAY)


def test_records_are_told_apart_as_their_tables_do():
    assert {kind: key[1:] for kind, (_, key) in write.KEYS.items() if kind is not Clock} == KEYS


@pytest.mark.parametrize("status", PATHS)
def test_every_event_tells_what_it_wrote_and_nothing_of_it(status):
    for event in play_to(status).events:
        for name, digest in event.facts[WRITTEN]:
            assert name.startswith(("tickets.", "Assignment/", *(kind.__name__ for kind in KEYS)))
            assert len(digest) == 16


@pytest.mark.parametrize("field", [field.name for field in fields(Assignment)])
def test_every_field_of_a_record_counts(field):
    other: dict[str, Any] = {field: 12 if field in ("round", "organisation_id") else "x"}
    changed = replace(DISPATCHED, **other)
    assert left_by({}, [changed]) != left_by({}, [DISPATCHED])


def test_what_is_empty_changes_no_digest():
    [text] = texts_of({}, [DISPATCHED]).values()
    assert "signed_at" not in text
    assert "instruction" in text


def test_a_clock_is_not_digested():
    clocks = play_to(Status.SUBMITTED).state.clocks
    assert clocks
    assert left_by({}, clocks) == []


def test_a_value_has_one_form_wherever_it_comes_from():
    assert canonical(MONDAY) == canonical(MONDAY.astimezone(UTC))
    assert canonical((1, 2)) == canonical([1, 2])
    assert canonical(Status.HANDLING) == canonical("handling")
    assert canonical({"b": 1, "a": date(2026, 6, 1)}) == '{"a":"2026-06-01","b":1}'
    assert canonical(b"\x01") == '"01"'
    with pytest.raises(TypeError, match="complex"):
        canonical(1j)


def event(seq: int, *told: object, **values: object) -> dict:
    left = left_by(values, told)  # type: ignore[arg-type]
    return {"seq": seq, "facts": {WRITTEN: [*map(list, left)]}}


def stored(*told: object, **values: object) -> dict[str, str]:
    return dict(left_by(values, told))  # type: ignore[arg-type]


def test_the_last_event_that_wrote_a_value_is_named():
    events = [event(1, level=None), event(2, level=3), event(3, DISPATCHED)]
    assert [*unexplained(events, stored(DISPATCHED, level=3))] == []
    assert [*unexplained(events, stored(DISPATCHED, level=4))] == [
        (2, "tickets.level 与事件所记不符")
    ]
    assert [*unexplained(events, stored(level=3))] == [(3, "Assignment/1/11 已不存在")]
    assert [*unexplained(events, stored(DISPATCHED, RATED, level=3))] == [
        (3, "Evaluation/1 没有事件记载")
    ]


def test_what_changes_otherwise_is_left_alone():
    events = [event(1, area_code="a")]
    moved = stored(area_code="b")
    assert [*unexplained(events, moved)]
    assert not [*unexplained(events, moved, changed_otherwise={"tickets.area_code"})]


def test_the_hash_covers_the_digests():
    assert "facts" in HASHED
    assert Reply in KEYS
