"""The account's templates against ours: by title, by the label and type of every field."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.db import db
from app.domain.phone_forms import FIELDS, Template
from app.models.subscription import WechatTemplate
from services.gateways.wechat import AccountTemplate
from services.notifications.circuits import stop_template
from services.notifications.templates import FRESH_FOR, is_sync_due, store_templates
from tests.factories import MONDAY
from tests.wechat import APPID

pytestmark = pytest.mark.usefixtures("database")

T = Template


def account_template(template: Template, **changes) -> AccountTemplate:
    """A template of the account as we want it; the numbers of its keys are the account's own."""
    fields = {
        field.label: f"{field.type}{place}" for place, field in enumerate(FIELDS[template], 7)
    }
    usual = AccountTemplate(
        template_id=f"id-{template.name}", title=template.value, is_long_term=False, fields=fields
    )
    return replace(usual, **changes)


def account(*changed: AccountTemplate) -> list[AccountTemplate]:
    """All eight; those of `changed` instead of the usual ones of their titles."""
    titles = {each.title for each in changed}
    return [*(account_template(each) for each in T if each.value not in titles), *changed]


def stored(found, at=MONDAY) -> list[str]:
    return store_templates(APPID, found, at=at)


def row(template: Template) -> WechatTemplate:
    return db.session.get_one(WechatTemplate, (APPID, template.value), populate_existing=True)


def test_an_account_as_we_want_it_is_usable():
    assert stored(account()) == []
    for template in T:
        found = row(template)
        assert (found.state, found.reason, found.synced_at) == ("usable", None, MONDAY)
        assert found.template_id == f"id-{template.name}"
        assert found.field_keys == account_template(template).fields


def test_what_else_the_account_has_is_none_of_ours():
    other = AccountTemplate(template_id="x", title="天气预报", is_long_term=False, fields={})
    assert stored([*account(), other]) == []
    assert db.session.scalar(sa.select(sa.func.count()).select_from(WechatTemplate)) == len(T)


def test_the_type_of_subscription_is_taken_over():
    stored(account(account_template(T.TODO, is_long_term=True)))
    assert row(T.TODO).is_long_term
    assert not row(T.OVERDUE).is_long_term


FEEDBACK = dict(account_template(T.FEEDBACK).fields)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (
            {label: key for label, key in FEEDBACK.items() if label != "反馈时间"},
            "缺少字段“反馈时间”",
        ),
        (FEEDBACK | {"备注": "thing9"}, "字段“备注”不是我们填写的"),
        (FEEDBACK | {"温馨提示": "phrase9"}, "字段“温馨提示”的类型是 phrase，应为 thing"),
        (FEEDBACK | {"诉求编号": "character9"}, "字段“诉求编号”的类型是 character，应为"),
        ({}, "缺少字段“诉求编号”"),
    ],
)
def test_a_template_that_cannot_be_filled_is_told_with_the_field(fields, words):
    wrong = stored(account(account_template(T.FEEDBACK, fields=fields)))
    assert len(wrong) == 1
    assert "办理反馈" in wrong[0]
    assert words in wrong[0]
    assert (row(T.FEEDBACK).state, words in (row(T.FEEDBACK).reason or "")) == ("mismatched", True)
    assert row(T.TODO).state == "usable"


def test_a_template_that_is_not_there_is_missing():
    [wrong] = stored([each for each in account() if each.title != T.REFUSED])
    assert "不予受理" in wrong
    assert (row(T.REFUSED).state, row(T.REFUSED).template_id) == ("missing", None)


def test_of_several_with_one_title_the_first_that_can_be_filled_is_taken():
    useless = account_template(T.TODO, template_id="useless", fields={"备注": "thing1"})
    twins = [account_template(T.TODO, template_id=name) for name in ("first", "second")]
    assert stored(account(useless, *twins)) == []
    assert row(T.TODO).template_id == "first"
    stored(account(useless, replace(useless, template_id="also useless")))
    assert (row(T.TODO).state, row(T.TODO).template_id) == ("mismatched", "useless")


def test_what_was_put_right_is_usable_again():
    stored(account(account_template(T.TODO, fields={})))
    assert stored(account()) == []
    assert (row(T.TODO).state, row(T.TODO).reason) == ("usable", None)


def test_what_was_stopped_stays_stopped_until_it_is_another_template():
    stored(account())
    stop_template(APPID, "新诉求待办", "id-TODO", 43107, "模板被封禁。")
    [wrong] = stored(account(), at=MONDAY + FRESH_FOR)
    assert "43107" in wrong
    assert (row(T.TODO).state, row(T.TODO).synced_at) == ("stopped", MONDAY + FRESH_FOR)
    assert stored(account(account_template(T.TODO, template_id="id-new"))) == []
    assert (row(T.TODO).state, row(T.TODO).reason) == ("usable", None)


def test_what_was_stopped_and_has_gone_is_missing():
    stored(account())
    stop_template(APPID, "新诉求待办", "id-TODO", 43107, "模板被封禁。")
    stored([each for each in account() if each.title != T.TODO])
    assert row(T.TODO).state == "missing"


def test_ids_may_change_places():
    stored(account())
    first = account_template(T.TODO, template_id="id-OVERDUE")
    second = account_template(T.OVERDUE, template_id="id-TODO")
    assert stored(account(first, second)) == []
    assert (row(T.TODO).template_id, row(T.OVERDUE).template_id) == ("id-OVERDUE", "id-TODO")


def test_templates_are_compared_once_an_hour():
    assert is_sync_due(APPID, at=MONDAY)
    stored(account())
    assert not is_sync_due(APPID, at=MONDAY)
    assert not is_sync_due(APPID, at=MONDAY + FRESH_FOR - timedelta(seconds=1))
    assert is_sync_due(APPID, at=MONDAY + FRESH_FOR)


def test_a_template_that_we_no_longer_have_makes_nothing_due():
    stored(account())
    db.session.execute(
        sa.update(WechatTemplate)
        .where(WechatTemplate.template == T.TODO)
        .values(synced_at=MONDAY - 9 * FRESH_FOR)
    )
    assert not is_sync_due(APPID, at=MONDAY)
