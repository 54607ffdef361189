"""Why nothing reaches a person, and which time is looked at ahead."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.audience import Audience
from app.domain.message_kinds import MessageKind
from app.domain.phone_forms import FORMS
from app.domain.reach import (
    HINDRANCE_LABELS,
    MATTER_LABELS,
    NO_CLOCKS,
    WATCHED,
    DueMatter,
    Hindrance,
    Means,
    hindrances,
    window_after,
)
from app.domain.sla_clock import ClockKind
from tests.domain.calendars import CALENDAR, local

H = Hindrance
ALL = Means(is_bound=True, has_consent=True, has_template=True, has_number=True, has_texts=True)
TEMPLATE = "补正通知"


def without(*names: str) -> Means:
    return replace(ALL, **dict.fromkeys(names, False))


@pytest.mark.parametrize(
    ("means", "falls_back", "found"),
    [
        (ALL, False, []),
        (without("has_number", "has_texts"), True, []),
        (without("is_bound", "has_consent"), False, [H.NOT_BOUND]),
        (without("has_consent"), False, [H.NO_CONSENT]),
        (without("has_consent", "has_template"), False, [H.TEMPLATE_UNUSABLE]),
        (without("has_consent"), True, []),
        (without("has_consent", "has_number"), True, [H.NO_CONSENT, H.NO_NUMBER]),
        (without("has_consent", "has_texts"), True, [H.NO_CONSENT, H.TEXTS_OFF]),
    ],
)
def test_one_open_way_is_enough(means, falls_back, found):
    assert hindrances(TEMPLATE, means, falls_back=falls_back) == found


def test_what_stays_in_the_inbox_needs_somebody_who_can_be_spoken_to():
    assert hindrances(None, without("has_consent", "has_number"), falls_back=False) == []
    assert hindrances(None, without("is_bound"), falls_back=False) == []
    nobody = without("is_bound", "has_number")
    assert hindrances(None, nobody, falls_back=False) == [H.NOT_BOUND, H.NO_NUMBER]


def test_every_matter_is_watched_and_every_word_is_there():
    assert {one.matter for one in WATCHED} == set(DueMatter) == set(MATTER_LABELS)
    assert set(HINDRANCE_LABELS) == set(Hindrance)
    assert {matter.value for matter in set(DueMatter) - NO_CLOCKS} <= set(ClockKind)
    assert len({(one.matter, one.audience) for one in WATCHED}) == len(WATCHED)


def test_templates_and_fallbacks_are_those_of_the_kinds():
    by_pair = {(one.matter, one.audience): one for one in WATCHED}
    approver = by_pair[DueMatter.ASSIGNMENT, Audience.CLOCK_APPROVERS]
    assert (approver.template, approver.falls_back) == (FORMS[MessageKind.OVERDUE].template, True)
    handler = by_pair[DueMatter.ASSIGNMENT, Audience.CLOCK_UNIT]
    assert handler.falls_back is False
    assert by_pair[DueMatter.MEETING, Audience.CONVENED].template is None


@pytest.mark.parametrize(
    ("at", "first", "last"),
    [
        ("2026-06-10 16:00", "2026-06-11 00:00", "2026-06-12 00:00"),
        ("2026-06-12 16:00", "2026-06-13 00:00", "2026-06-16 00:00"),
        ("2026-06-13 09:00", "2026-06-14 00:00", "2026-06-16 00:00"),
        ("2026-06-18 23:30", "2026-06-19 00:00", "2026-06-23 00:00"),
    ],
)
def test_what_falls_due_on_days_of_rest_is_looked_at_before_them(at, first, last):
    window = window_after(CALENDAR, at=local(at))
    assert (window.start, window.end) == (local(first), local(last))
    assert window.end - window.start >= timedelta(days=1)
