"""Which messages a person is asked to consent to: by role, by open tickets, by what is held."""

from datetime import timedelta

import pytest

from app.domain.actor import ENTERPRISE_ROLES, Role
from app.domain.audience import AUDIENCES, Audience
from app.domain.consents import (
    COMING,
    ENTERPRISE,
    HELD_AT_MOST,
    HELD_BY_OFFICIALS,
    OFFICIALS,
    QUIET,
    ConsentAnswer,
    Held,
    Need,
    in_one_call,
    judge,
    wants,
)
from app.domain.phone_forms import FORMS, Template
from app.domain.vocabulary import FINAL, Status
from tests.domain.story import MONDAY

T = Template
OWNER = Role.ENTERPRISE_ADMIN
ROLES_OF = {
    Audience.ENTERPRISE: ENTERPRISE_ROLES,
    Audience.HOUSEKEEPER: {Role.HOUSEKEEPER},
    Audience.COORDINATORS: {Role.COORDINATOR},
    Audience.SUPERVISORS: {Role.SUPERVISOR},
    Audience.THIRD_ROUND_SUPERVISORS: {Role.SUPERVISOR},
    Audience.REVISITORS: {Role.REVISITOR},
    Audience.UNITS: {Role.HANDLER, Role.CO_HANDLER},
    Audience.CO_UNITS: {Role.HANDLER, Role.CO_HANDLER},
    Audience.CONVENED: {Role.HANDLER, Role.CO_HANDLER, Role.UNIT_APPROVER},
    Audience.TRACKING_OWNER: {Role.HANDLER, Role.CO_HANDLER, Role.UNIT_APPROVER},
    Audience.OWNER_UNIT: {Role.HANDLER, Role.CO_HANDLER, Role.UNIT_APPROVER},
    Audience.LEAD_HANDLERS: {Role.HANDLER, Role.CO_HANDLER},
    Audience.LEAD_APPROVERS: {Role.UNIT_APPROVER},
    Audience.CLOCK_UNIT: {Role.HANDLER, Role.CO_HANDLER},
    Audience.CLOCK_APPROVERS: {Role.UNIT_APPROVER},
    Audience.CLOCK_REVISITORS: {Role.REVISITOR},
}


def told(role: Role) -> set[Template]:
    """The templates that reach a role, by the tables of audiences and forms.

    What reaches officials may reach them as one message.
    """
    found = {
        FORMS[address.kind].template
        for addresses in AUDIENCES.values()
        for address in addresses
        if role in ROLES_OF[address.audience] and address.kind in FORMS
    }
    return found | {Template.DIGEST} if found and role not in ENTERPRISE_ROLES else found


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SYSTEM])
def test_everybody_is_asked_for_what_they_are_told_and_for_nothing_else(role):
    assert {want.template for want in wants(role, {})} == told(role)


def test_every_template_says_to_an_enterprise_when_it_may_come():
    assert COMING.keys() == set(Status) - FINAL
    assert {each for coming in COMING.values() for each in coming} == ENTERPRISE.keys()


def order(open_tickets: dict[Status, int]) -> list[tuple[Template, Need, int]]:
    return [(want.template, want.need, want.count) for want in wants(OWNER, open_tickets)]


def test_without_a_ticket_one_of_each_is_held_for_the_first_one():
    assert order({}) == [(template, Need.SOME_DAY, 1) for template in ENTERPRISE]


@pytest.mark.parametrize(
    ("status", "soonest"),
    [
        (Status.SUBMITTED, [T.ACCEPTED, T.SUPPLEMENT, T.REFUSED]),
        (Status.SUPPLEMENTING, [T.SUPPLEMENT]),
        (Status.ACCEPTED, [T.FEEDBACK]),
        (Status.COORDINATING, [T.FEEDBACK]),
        (Status.HANDLING, [T.FEEDBACK]),
        (Status.FEEDBACK, [T.EVALUATION]),
        (Status.REVISITING, [T.EVALUATION]),
        (Status.EVALUATING, [T.EVALUATION]),
        (Status.SUSPENDED, []),
        (Status.ARCHIVED, []),
        (Status.REFUSED, []),
    ],
)
def test_what_comes_next_stands_first(status, soonest):
    found = [template for template, need, _ in order({status: 1}) if need is Need.NEXT]
    assert found == soonest


def test_what_comes_later_stands_before_what_may_come_some_day():
    assert order({Status.HANDLING: 1}) == [
        (T.FEEDBACK, Need.NEXT, 1),
        (T.EVALUATION, Need.LATER, 2),
        (T.ACCEPTED, Need.SOME_DAY, 1),
        (T.SUPPLEMENT, Need.SOME_DAY, 1),
        (T.REFUSED, Need.SOME_DAY, 1),
    ]


def test_the_nearest_ticket_says_how_soon():
    found = order({Status.SUPPLEMENTING: 1, Status.SUBMITTED: 1})
    assert (T.ACCEPTED, Need.NEXT, 2) in found


def counts(open_tickets: dict[Status, int]) -> dict[Template, int]:
    return {template: count for template, _, count in order(open_tickets)}


def test_more_tickets_need_more_consents_up_to_a_limit():
    assert counts({Status.HANDLING: 2, Status.ACCEPTED: 1})[T.FEEDBACK] == 3
    assert counts({Status.HANDLING: 99})[T.FEEDBACK] == HELD_AT_MOST
    assert counts({Status.ARCHIVED: 99})[T.FEEDBACK] == 1


def test_one_more_is_held_where_the_last_is_kept_for_a_more_important_kind():
    held = counts({Status.SUBMITTED: 1})
    assert (held[T.SUPPLEMENT], held[T.EVALUATION]) == (2, 2)
    assert (held[T.ACCEPTED], held[T.REFUSED], held[T.FEEDBACK]) == (1, 1, 1)


def test_the_purpose_names_how_many_tickets_need_it():
    purposes = {want.template: want.purpose for want in wants(OWNER, {Status.HANDLING: 3})}
    assert "3 件诉求" in purposes[T.FEEDBACK]
    assert "件诉求会用到" not in purposes[T.ACCEPTED]


@pytest.mark.parametrize("role", OFFICIALS)
def test_officials_hold_some_of_each_whatever_tickets_there_are(role):
    found = wants(role, {Status.SUBMITTED: 99})
    assert found == wants(role, {})
    assert {want.count for want in found} == {HELD_BY_OFFICIALS}
    assert found[0].template is T.TODO


ONE = next(want for want in wants(OWNER, {Status.HANDLING: 2}) if want.template is T.FEEDBACK)


@pytest.mark.parametrize(
    ("held", "is_long_term", "ask", "words"),
    [
        (Held(), False, True, "会用到"),
        (Held(remaining=1), False, True, "会用到"),
        (Held(remaining=2), False, False, "还可接收 2 条"),
        (Held(), True, True, "会用到"),
        (Held(remaining=9), True, True, "会用到"),
        (Held(is_standing=True), True, False, "长期"),
        (Held(1, answer=ConsentAnswer.ACCEPT, answered_at=MONDAY), False, True, "会用到"),
        (Held(answer=ConsentAnswer.REJECT, answered_at=MONDAY), False, False, "不接收"),
        (Held(answer=ConsentAnswer.BAN, answered_at=MONDAY), False, False, "停用"),
        (Held(answer=ConsentAnswer.FILTER, answered_at=MONDAY), True, False, "没有显示"),
    ],
)
def test_one_is_asked_when_something_lacks_and_not_after_declining(held, is_long_term, ask, words):
    verdict = judge(ONE, held, is_long_term=is_long_term, at=MONDAY)
    assert verdict.ask is ask
    assert words in verdict.reason


@pytest.mark.parametrize("answer", [each for each in ConsentAnswer if each != "accept"])
def test_who_declined_is_asked_again_a_day_later(answer):
    held, second = Held(answer=answer, answered_at=MONDAY), timedelta(seconds=1)
    assert not judge(ONE, held, is_long_term=False, at=MONDAY + QUIET - second).ask
    assert judge(ONE, held, is_long_term=False, at=MONDAY + QUIET).ask


def test_one_call_takes_five_of_the_type_of_the_first():
    assert in_one_call([]) == []
    assert in_one_call([("a", False), ("b", True), ("c", False)]) == ["a", "c"]
    assert in_one_call([("b", True), ("a", False)]) == ["b"]
    assert in_one_call((name, False) for name in "abcdefg") == list("abcde")
