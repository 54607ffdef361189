"""What a person answered is remembered, and decides what is asked next."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.db import db
from app.domain.actor import Role
from app.domain.consents import ConsentAnswer
from app.domain.errors import InvalidInput
from app.domain.permissions import Permission
from app.domain.phone_forms import Template
from app.domain.vocabulary import Status
from app.models.subscription import WechatTemplate
from app.models.wechat import WechatBinding
from services.notifications import quotas
from services.notifications.consents import (
    NotBound,
    PopupAnswer,
    list_subscriptions,
    note_refusal,
    record_answers,
)
from tests.factories import MONDAY, make_account, make_cast, make_ticket
from tests.factories.wechat import APPID, make_binding, make_quota, make_template
from tests.services.notifications.ledger import make_deliveries, remaining

ACCEPT, REJECT = ConsentAnswer.ACCEPT, ConsentAnswer.REJECT
T = Template


@pytest.fixture
def cast(database):
    return make_cast()


@pytest.fixture
def owner(cast):
    """The administrator of an enterprise, bound to WeChat."""
    make_binding(cast.applicant)
    return cast.applicant.actor


@pytest.fixture
def templates(database) -> dict[Template, str]:
    """All templates are usable one-time ones; their ids."""
    ids = {each: f"id-{each.name.lower()}" for each in Template}
    for template, template_id in ids.items():
        make_template(template, template_id)
    return ids


def answered(owner, *answers: tuple[str, ConsentAnswer], **options) -> None:
    told = [PopupAnswer(*each) for each in answers]
    record_answers(owner, APPID, told, **({"at": MONDAY} | options))


def asked(actor, at=MONDAY) -> list[str]:
    """The names of the templates that are asked for, in their order."""
    return [item.template for item in list_subscriptions(actor, APPID, at=at).items if item.ask]


def item_of(actor, template: Template):
    found = list_subscriptions(actor, APPID, at=MONDAY).items
    return next(item for item in found if item.template == template)


def test_what_the_own_ticket_brings_next_is_asked_for_first(owner, cast, templates):
    make_ticket(Status.HANDLING, cast)
    listed = list_subscriptions(owner, APPID, at=MONDAY)
    assert listed.is_bound
    assert [item.template for item in listed.items] == [
        *(T.FEEDBACK, T.EVALUATION),
        *(T.ACCEPTED, T.SUPPLEMENT, T.REFUSED),
    ]
    assert listed.ask_now == [item.template_id for item in listed.items]
    assert "1 件诉求" in listed.items[0].reason


def test_tickets_of_other_enterprises_do_not_count(owner, templates):
    make_ticket(Status.HANDLING)
    assert asked(owner)[0] == T.ACCEPTED


def test_a_rated_ticket_invites_to_nothing_more(owner, cast, templates):
    case = make_ticket(Status.EVALUATING, cast)
    assert asked(owner)[0] == T.EVALUATION
    case.act(Permission.EVALUATE)
    assert asked(owner)[0] == T.ACCEPTED


def test_officials_are_asked_for_what_their_role_is_told(cast, templates):
    make_binding(cast.housekeeper)
    expected = [T.TODO, T.DUE_SOON, T.OVERDUE, T.FEEDBACK, T.DIGEST]
    assert asked(cast.housekeeper.actor) == expected
    auditor = make_account(Role.AUDITOR)
    make_binding(auditor)
    assert list_subscriptions(auditor.actor, APPID, at=MONDAY).items == []


def test_a_consent_counts_and_what_is_held_is_not_asked_for(owner, templates):
    answered(owner, (templates[T.ACCEPTED], ACCEPT), (templates[T.REFUSED], ACCEPT))
    assert asked(owner) == [T.SUPPLEMENT, T.FEEDBACK, T.EVALUATION]
    held = item_of(owner, T.ACCEPTED)
    assert (held.remaining, held.answer, held.answered_at) == (1, ACCEPT, MONDAY)
    assert not held.ask
    assert "还可接收 1 条" in held.reason


def test_what_is_not_asked_for_stands_last(owner, templates):
    answered(owner, (templates[T.ACCEPTED], ACCEPT))
    found = list_subscriptions(owner, APPID, at=MONDAY)
    assert found.items[-1].template == T.ACCEPTED
    assert templates[T.ACCEPTED] not in found.ask_now


def test_of_two_to_ask_for_the_one_without_any_comes_first(cast, templates):
    make_binding(cast.housekeeper)
    answered(cast.housekeeper.actor, (templates[T.TODO], ACCEPT))
    others = [T.DUE_SOON, T.OVERDUE, T.FEEDBACK, T.DIGEST]
    assert asked(cast.housekeeper.actor) == [*others, T.TODO]


def test_who_declines_is_left_alone_for_a_day(owner, templates):
    answered(owner, (templates[T.ACCEPTED], REJECT))
    assert T.ACCEPTED not in asked(owner)
    assert "不接收" in item_of(owner, T.ACCEPTED).reason
    assert T.ACCEPTED in asked(owner, at=MONDAY + timedelta(days=1))


def test_a_long_term_consent_stands(owner, database):
    make_template(T.ACCEPTED, "id-lasting", is_long_term=True)
    answered(owner, ("id-lasting", ACCEPT))
    held = item_of(owner, T.ACCEPTED)
    assert (held.is_standing, held.is_long_term, held.remaining, held.ask) == (True, True, 0, False)
    answered(owner, ("id-lasting", ConsentAnswer.BAN))
    assert not item_of(owner, T.ACCEPTED).is_standing


@pytest.mark.parametrize("first", [True, False])
def test_the_two_types_are_never_asked_for_together(owner, cast, first):
    """The type of the most needed one decides."""
    make_ticket(Status.HANDLING, cast)
    make_template(T.FEEDBACK, "id-feedback", is_long_term=first)
    make_template(T.EVALUATION, "id-evaluation", is_long_term=not first)
    make_template(T.ACCEPTED, "id-accepted", is_long_term=first)
    assert list_subscriptions(owner, APPID, at=MONDAY).ask_now == ["id-feedback", "id-accepted"]


@pytest.mark.parametrize("state", ["missing", "mismatched", "stopped"])
def test_only_usable_templates_are_listed(owner, templates, state):
    db.session.get_one(WechatTemplate, (APPID, "受理通知")).state = state
    db.session.flush()
    assert T.ACCEPTED not in {
        item.template for item in list_subscriptions(owner, APPID, at=MONDAY).items
    }


def test_without_a_binding_there_is_nothing_to_ask(cast, templates):
    listed = list_subscriptions(cast.applicant.actor, APPID, at=MONDAY)
    assert not listed.is_bound
    assert len(listed.items) == 5
    assert not [item for item in listed.items if item.ask]
    assert listed.ask_now == []
    assert "绑定" in listed.items[0].reason
    with pytest.raises(NotBound):
        answered(cast.applicant.actor, (templates[T.ACCEPTED], ACCEPT))


def test_a_binding_that_has_ended_binds_nobody(cast, templates):
    binding = make_binding(cast.applicant)
    make_quota(binding, db.session.get_one(WechatTemplate, (APPID, "受理通知")), 3)
    binding.ended_at = MONDAY
    db.session.flush()
    assert not list_subscriptions(cast.applicant.actor, APPID, at=MONDAY).is_bound
    renewed = make_binding(cast.applicant)
    assert item_of(cast.applicant.actor, T.ACCEPTED).remaining == 0
    answered(cast.applicant.actor, (templates[T.ACCEPTED], ACCEPT))
    assert remaining(renewed.id, templates[T.ACCEPTED]) == 1
    assert remaining(binding.id, templates[T.ACCEPTED]) == 3


def refused_entries(owner, *answers) -> list[tuple[str, str]]:
    with pytest.raises(InvalidInput) as refusal:
        answered(owner, *answers)
    return [(error.pointer, error.code) for error in refusal.value.errors]


def test_unknown_templates_are_named_and_nothing_is_counted(owner, templates):
    wrong = refused_entries(owner, (templates[T.ACCEPTED], ACCEPT), ("id-elsewhere", ACCEPT))
    assert wrong == [("/answers/1/template_id", "unknown-template")]
    assert item_of(owner, T.ACCEPTED).remaining == 0


def test_a_template_is_answered_once_in_a_popup(owner, templates):
    key = templates[T.ACCEPTED]
    wrong = refused_entries(owner, (key, ACCEPT), (key, REJECT))
    assert wrong == [("/answers/1/template_id", "distinct")]


def test_consents_are_counted_of_templates_in_any_state(owner, templates):
    """A client may have asked before the template was stopped."""
    template = db.session.get_one(WechatTemplate, (APPID, "受理通知"))
    template.state = "stopped"
    db.session.flush()
    answered(owner, (templates[T.ACCEPTED], ACCEPT))
    template.state = "usable"
    db.session.flush()
    assert item_of(owner, T.ACCEPTED).remaining == 1


def test_a_binding_to_another_mini_program_is_none_here(cast, templates):
    binding = make_binding(cast.applicant, appid="wx" + "f" * 16)
    make_quota(binding, db.session.get_one(WechatTemplate, (APPID, "受理通知")), 3)
    listed = list_subscriptions(cast.applicant.actor, APPID, at=MONDAY)
    assert (listed.is_bound, listed.items[0].remaining) == (False, 0)
    with pytest.raises(NotBound):
        answered(cast.applicant.actor, (templates[T.ACCEPTED], ACCEPT))


OPENID = "oSettings00000000000000001"


@pytest.fixture
def refusing(cast):
    """The administrator of an enterprise, whose openid is known."""
    make_binding(cast.applicant, openid=OPENID)
    return cast.applicant.actor


def switched_off(template_id: str, at=MONDAY, appid: str = APPID, openid: str = OPENID) -> bool:
    return note_refusal(appid, openid, template_id, at=at)


def test_a_refusal_in_the_settings_leaves_nothing_and_says_how_to_come_back(refusing, templates):
    for _ in range(2):
        answered(refusing, (templates[T.ACCEPTED], ACCEPT))
    assert item_of(refusing, T.ACCEPTED).remaining == 2
    for _ in range(2):
        assert switched_off(templates[T.ACCEPTED])
    refused = item_of(refusing, T.ACCEPTED)
    assert (refused.remaining, refused.answer, refused.answered_at) == (0, REJECT, MONDAY)
    assert not refused.ask
    assert "设置" in refused.reason
    assert "重新打开" in refused.reason
    assert T.ACCEPTED in asked(refusing, at=MONDAY + timedelta(days=1))
    answered(refusing, (templates[T.ACCEPTED], ACCEPT))
    assert item_of(refusing, T.ACCEPTED).remaining == 1
    assert "设置" not in item_of(refusing, T.ACCEPTED).reason


def test_a_late_push_does_not_undo_what_was_answered_since(refusing, templates):
    answered(refusing, (templates[T.ACCEPTED], ACCEPT))
    assert switched_off(templates[T.ACCEPTED], at=MONDAY - timedelta(seconds=1))
    assert item_of(refusing, T.ACCEPTED).remaining == 1


def test_what_was_never_answered_is_refused_all_the_same(refusing, templates):
    assert switched_off(templates[T.ACCEPTED])
    assert item_of(refusing, T.ACCEPTED).answer == REJECT
    assert T.ACCEPTED not in asked(refusing)


def test_a_refusal_of_somebody_or_something_unknown_is_none_of_ours(refusing, templates):
    answered(refusing, (templates[T.ACCEPTED], ACCEPT))
    key = templates[T.ACCEPTED]
    assert not switched_off(key, openid="oNobody")
    assert not switched_off(key, appid="wx" + "f" * 16)
    assert not switched_off("id-elsewhere")
    assert item_of(refusing, T.ACCEPTED).remaining == 1


def test_after_a_refused_message_one_is_asked_at_once_and_told_of_the_settings(
    refusing, cast, templates
):
    answered(refusing, (templates[T.ACCEPTED], ACCEPT))
    [binding] = db.session.scalars(sa.select(WechatBinding))
    [delivery] = make_deliveries(binding)
    quotas.refuse(binding.id, templates[T.ACCEPTED], delivery, at=MONDAY)
    refused = item_of(refusing, T.ACCEPTED)
    assert (refused.remaining, refused.answer, refused.ask) == (0, REJECT, True)
    assert refused.reason.startswith("诉求受理后")
    assert "设置" in refused.reason
    answered(refusing, (templates[T.ACCEPTED], REJECT))
    assert not item_of(refusing, T.ACCEPTED).ask
    assert "设置" in item_of(refusing, T.ACCEPTED).reason
