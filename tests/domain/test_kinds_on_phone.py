"""Every kind that goes to phones can be shown beforehand, to everybody who is told it."""

import pytest

from app.domain.audience import AUDIENCES, Audience
from app.domain.fallbacks import FALLBACKS, URGENT
from app.domain.kinds_on_phone import (
    AUDIENCE_LABELS,
    Occurrence,
    Scene,
    change_in,
    kinds_on_phone,
    occurrences,
)
from app.domain.message_kinds import MessageKind
from app.domain.permissions import Permission as Act
from app.domain.phone_forms import FORMS
from app.domain.sla_clock import ClockKind
from tests.domain.calendars import local

K, A = MessageKind, Audience


def test_every_kind_with_a_form_is_there_once_the_most_important_first():
    told = kinds_on_phone()
    assert {one.kind for one in told} == set(FORMS)
    assert len(told) == len(FORMS)
    ranks = [one.form.rank for one in told]
    assert ranks == sorted(ranks, reverse=True)


@pytest.mark.parametrize("kind", sorted(FORMS.keys() - {K.DIGEST}))
def test_every_kind_has_an_event_that_tells_it_to_those_who_are_named(kind):
    told = occurrences(kind)
    assert told
    for one in told:
        listed = AUDIENCES[one.action, one.outcome]
        assert (kind, one.audience) in {(each.kind, each.audience) for each in listed}


def test_a_plan_of_urgent_tickets_is_shown_where_it_is_another_one():
    by_kind = {one.kind: one for one in kinds_on_phone()}
    assert by_kind[K.NEW_TODO].plan is None
    assert by_kind[K.NEW_TODO].urgent == URGENT[K.NEW_TODO]
    assert by_kind[K.REFUSED].plan == FALLBACKS[K.REFUSED]
    assert by_kind[K.REFUSED].urgent is None


def test_every_audience_has_a_name():
    assert set(AUDIENCE_LABELS) == set(Audience)


@pytest.mark.parametrize(
    ("action", "outcome", "clock"),
    [
        (Act.REMIND, "supplement", ClockKind.SUPPLEMENT),
        (Act.ISSUE_CARD, "red", ClockKind.FINISH),
        (Act.ACCEPT, None, None),
    ],
)
def test_the_change_names_a_clock_where_the_event_does(action, outcome, clock):
    at = local("2026-06-10 10:00")
    change = change_in(Scene("AS20260610-000001", at), Occurrence(action, outcome, A.HOUSEKEEPER))
    assert change.event.facts.get("clock") == clock
    assert (change.number, change.event.at) == ("AS20260610-000001", at)
