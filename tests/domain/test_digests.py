"""What is told together, and when."""

import pytest

from app.domain.actor import ENTERPRISE_ROLES, Role
from app.domain.digests import Day, Limits, first_consented, may_merge, next_time
from app.domain.message_kinds import MessageKind
from app.domain.rules import MissingRule, Rule, Rules
from tests.domain.calendars import CALENDAR, local

LIMITS = Limits(pushes=6, digests=2)
PLAIN = {"rings_always": False, "insists": False}


@pytest.mark.parametrize("role", Role)
def test_only_officials_are_told_together(role):
    assert may_merge(MessageKind.NEW_TODO, role, **PLAIN) == (role not in ENTERPRISE_ROLES)


def test_nobody_knows_of_a_person_without_a_role():
    assert not may_merge(MessageKind.NEW_TODO, None, **PLAIN)


@pytest.mark.parametrize(
    ("kind", "passing"),
    [
        (MessageKind.OVERDUE, {}),
        (MessageKind.DIGEST, {}),
        (MessageKind.DUE_SOON, {"rings_always": True}),
        (MessageKind.DUE_SOON, {"insists": True}),
    ],
)
def test_what_nobody_may_miss_is_never_merged(kind, passing):
    assert not may_merge(kind, Role.HANDLER, **PLAIN | passing)


@pytest.mark.parametrize(
    ("at", "digests", "expected"),
    [
        ("2026-06-01 09:00", 0, "2026-06-01 13:30"),
        ("2026-06-01 08:30", 0, "2026-06-01 13:30"),
        ("2026-06-01 12:30", 1, "2026-06-01 13:30"),
        ("2026-06-01 09:00", 2, "2026-06-02 08:30"),
        ("2026-06-01 14:00", 0, "2026-06-02 08:30"),
        ("2026-06-05 17:00", 0, "2026-06-08 08:30"),
        ("2026-06-06 10:00", 2, "2026-06-08 08:30"),
        ("2026-06-02 06:00", 2, "2026-06-03 08:30"),
    ],
)
def test_what_is_held_rings_as_the_next_office_hours_begin(at, digests, expected):
    found = next_time(CALENDAR, Day(6, digests), LIMITS, at=local(at))
    assert found == local(expected)


def test_where_the_calendar_ends_it_is_the_next_morning():
    at = local(f"{CALENDAR.last_day} 16:00")
    assert next_time(CALENDAR, Day(6, 0), LIMITS, at=at).hour == 9


def test_the_limits_are_rules_of_the_day():
    rules = Rules({Rule.PUSHES_A_DAY: 4, Rule.DIGESTS_A_DAY: 1})
    assert Limits.of(rules) == Limits(4, 1)
    with pytest.raises(MissingRule):
        Limits.of(Rules())


def test_the_first_with_a_consent_goes_where_no_digest_can():
    assert first_consented(["a", "b", "c"], frozenset({"b", "c"})) == 1
    assert first_consented(["a", "b"], frozenset()) == 0
