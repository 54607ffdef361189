"""手机消息: every kind has its form or stays in the inbox on purpose, and every form fits."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.audience import AUDIENCES, Audience
from app.domain.field_types import FieldType, fit
from app.domain.message_kinds import MessageKind
from app.domain.permissions import Permission as Act
from app.domain.phone_forms import (
    ABOUT_PAIRINGS,
    ALARMS,
    FIELDS,
    FORMS,
    INBOX_ONLY,
    MATTERS,
    OWN_CLOCK,
    TODO,
    Occasion,
    Template,
    fill,
    form_for,
)
from app.domain.sla_clock import ClockKind
from tests.domain.calendars import local
from tools.wechat_emulator.fields import is_allowed, kind_of
from tools.wechat_emulator.templates import shipped_templates

K, T = MessageKind, Template
NUMBER = "AS20260601-000001"
AT = local("2026-06-01 10:00")
DUE = local("2026-06-05 17:30")

PHRASE, TIME = FieldType.PHRASE, FieldType.TIME
EXPECTED = {
    "受理通知": {"受理时间": TIME, "办结期限": TIME},
    "不予受理": {"答复时间": TIME},
    "补正通知": {"补正期限": TIME},
    "新诉求待办": {"待办事项": PHRASE, "办理期限": TIME},
    "即将到期": {"到期事项": PHRASE, "到期时间": TIME},
    "已超期": {"超期事项": PHRASE, "到期时间": TIME},
    "办理反馈": {"反馈时间": TIME},
    "评价邀请": {"评价截止": TIME},
    "待办汇总": {"待办数量": FieldType.NUMBER, "最要紧事项": PHRASE},
}
ENDS = {"诉求编号": FieldType.CHARACTER_STRING, "温馨提示": FieldType.THING}


def occasion(action: Act = Act.DISPATCH, **more) -> Occasion:
    return Occasion(NUMBER, action, AT, **more)


def test_every_kind_has_a_form_or_stays_in_the_inbox_on_purpose():
    assert set(FORMS) | INBOX_ONLY == set(MessageKind)
    assert not set(FORMS) & INBOX_ONLY
    assert not FORMS.keys() & (ABOUT_PAIRINGS | ALARMS)


def test_every_template_is_used_and_has_its_fields():
    assert {form.template for form in FORMS.values()} == set(Template) == set(FIELDS)
    typed = {
        template.value: {field.label: field.type for field in fields}
        for template, fields in FIELDS.items()
    }
    assert typed == {title: ENDS | between for title, between in EXPECTED.items()}


def test_the_emulated_account_holds_these_templates():
    shipped = {
        template.title: {label: kind_of(key) for label, key in template.fields.items()}
        for template in shipped_templates().values()
    }
    assert shipped == {
        template.value: {field.label: field.type.value for field in fields}
        for template, fields in FIELDS.items()
    }


@pytest.mark.parametrize(("kind", "template"), [(K.RETURNED, T.TODO), (K.NEW_TODO, T.TODO)])
def test_something_to_do_shares_one_template(kind, template):
    assert FORMS[kind].template is template


@pytest.mark.parametrize("kind", FORMS)
def test_every_hint_fits_without_a_cut(kind):
    assert fit(FieldType.THING, FORMS[kind].hint) == FORMS[kind].hint


@pytest.mark.parametrize("phrase", sorted({*TODO.values(), *MATTERS.values()}))
def test_every_phrase_fits(phrase):
    assert fit(FieldType.PHRASE, phrase) == phrase


@pytest.mark.parametrize("kind", FORMS)
@pytest.mark.parametrize("clock", [None, *ClockKind])
def test_the_platform_takes_what_is_filled_in(kind, clock):
    form = FORMS[kind]
    filled = fill(form, occasion(due_at=DUE, clock=clock))
    assert list(filled) == [field.label for field in FIELDS[form.template]]
    for field in FIELDS[form.template]:
        assert is_allowed(field.type.value, filled[field.label])


def test_a_form_says_which_ticket_what_and_until_when():
    assert fill(FORMS[K.NEW_TODO], occasion(Act.DISPATCH, due_at=DUE)) == {
        "诉求编号": NUMBER,
        "待办事项": "待签收",
        "办理期限": "2026-06-05 17:30",
        "温馨提示": "请尽快登录处理",
    }
    assert fill(FORMS[K.ACCEPTED], occasion(Act.ACCEPT, due_at=DUE)) == {
        "诉求编号": NUMBER,
        "受理时间": "2026-06-01 10:00",
        "办结期限": "2026-06-05 17:30",
        "温馨提示": "诉求已受理，请留意办理进度",
    }


def test_a_card_says_which_clock_it_is_about():
    filled = fill(FORMS[K.OVERDUE], occasion(Act.ISSUE_CARD, due_at=DUE, clock=ClockKind.OPINION))
    assert filled["超期事项"] == "协办意见"


def test_times_are_local_and_the_event_stands_in_for_a_missing_due_time():
    abroad = Occasion(NUMBER, Act.SUPPLY, datetime(2026, 6, 1, 2, 0, tzinfo=UTC))
    assert fill(FORMS[K.NEW_TODO], abroad)["办理期限"] == "2026-06-01 10:00"


def test_every_action_that_gives_somebody_something_to_do_names_it():
    told = {
        action
        for (action, _), addresses in AUDIENCES.items()
        if {K.NEW_TODO, K.RETURNED, K.URGED} & {address.kind for address in addresses}
    }
    assert told == set(TODO)


def test_every_clock_has_its_phrase():
    assert set(MATTERS) == set(ClockKind)


def test_answers_to_the_enterprise_are_plain_news_to_others():
    answers = {kind for kind in FORMS if FORMS[kind].is_answer}
    assert answers == {K.ACCEPTED, K.REFUSED, K.SUPPLEMENT_NEEDED, K.FEEDBACK_READY}
    for kind in answers:
        assert form_for(kind, Audience.ENTERPRISE) == FORMS[kind]
        told = form_for(kind, Audience.HOUSEKEEPER)
        assert told is not None
        assert not told.is_answer


@pytest.mark.parametrize("kind", INBOX_ONLY)
def test_what_stays_in_the_inbox_has_no_form(kind):
    assert form_for(kind, Audience.SUPERVISORS) is None


def test_what_waits_for_a_clock_is_of_use_until_it_is_due():
    useful_for = {kind: form.useful_for for kind, form in FORMS.items()}
    until_due = {kind for kind, time in useful_for.items() if time is None}
    assert until_due == {
        K.DUE_SOON,
        K.NUDGE,
        K.SUPPLEMENT_NEEDED,
        K.SUPPLEMENT_REMINDER,
        K.EVALUATION_INVITED,
        K.REVISIT_MISSED,
        K.EVALUATION_REMINDER,
    }
    assert all(time is None or time > timedelta(days=1) for time in useful_for.values())
    assert {FORMS[kind].template for kind in until_due} == {*OWN_CLOCK, T.DUE_SOON}
