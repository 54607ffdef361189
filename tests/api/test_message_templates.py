"""What goes to phones is shown as it would go, by the code that fills the outbox."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain.actor import Role
from app.domain.message_kinds import MessageKind
from app.domain.permissions import Permission as Act
from app.domain.phone_forms import FORMS, INBOX_ONLY
from app.models.notification import Notification
from app.models.subscription import WechatTemplate
from tests.callers import Caller
from tests.domain.calendars import local
from tests.factories import make_account, make_cast, make_ticket
from tests.factories.wechat import make_template
from tests.problems import refused

NIGHT = local("2026-06-10 21:00")
MORNING = local("2026-06-11 08:30")


@pytest.fixture
def admin(client, database) -> Caller:
    return Caller(client, make_account(Role.SYS_ADMIN))


def listed(caller: Caller) -> dict[str, dict]:
    return {item["kind"]: item for item in caller.get("/message-templates").json["items"]}


def test_every_kind_is_listed_with_its_fields_and_its_fallback(admin):
    found = listed(admin)
    assert set(found) == set(FORMS)
    supplement = found["supplement_needed"]
    assert supplement["template"] == "补正通知"
    hint = supplement["fields"][-1]
    assert (hint["type"], hint["longest"], hint["is_shortened"]) == ("thing", 20, True)
    assert supplement["fallback"]["text_form"] == "supplement"
    assert supplement["fallback"]["goes_on_when_unknown"] is True
    assert found["feedback_ready"]["fallback"]["goes_on_when_unknown"] is False
    assert found["urged"]["fallback"] is None
    assert found["due_soon"]["useful_minutes"] is None
    assert supplement["account"] is None


def test_the_account_is_told_field_by_field(admin):
    make_template("补正通知")
    row = make_template("办理反馈")
    keys = {"诉求编号": "thing1", "温馨提示": "thing3", "备注": "thing4"}
    values = {"state": "mismatched", "reason": "字段不符", "field_keys": keys}
    mine = WechatTemplate.template == row.template
    db.session.execute(sa.update(WechatTemplate).where(mine).values(values))
    found = listed(admin)
    good, bad = found["supplement_needed"]["account"], found["feedback_ready"]["account"]
    assert (good["state"], good["mismatches"]) == ("usable", [])
    assert good["template_id"] == "template-supplement"
    assert bad["mismatches"] == [
        "字段“诉求编号”的类型是 thing，应为 character_string",
        "缺少字段“反馈时间”",
        "字段“备注”不是我们填写的",
    ]


def test_what_stands_for_others_is_not_shown(admin):
    refused(admin.post("/message-templates/digest/preview"), 409, "stands-for-others")


@pytest.mark.parametrize("kind", sorted(FORMS.keys() - {MessageKind.DIGEST}))
def test_an_example_of_each_kind_can_be_seen(admin, kind):
    shown = admin.post(f"/message-templates/{kind}/preview")
    assert shown.status_code == 200, shown.text
    assert all(field["text"] for field in shown.json["fields"])
    assert shown.json["ticket_number"] in shown.json["body"]


def test_the_preview_is_what_the_outbox_gets(client):
    cast = make_cast()
    case = make_ticket(cast=cast)
    make_template("补正通知")
    caller = Caller(client, cast.coordinator)
    at = case.at + timedelta(minutes=1)
    with clock.frozen(at):
        shown = caller.post(
            "/message-templates/supplement_needed/preview", {"ticket_number": case.number}
        ).json
    case.act(Act.REQUEST_SUPPLEMENT, at=at)
    query = sa.select(Notification).where(Notification.kind == "supplement_needed")
    told = db.session.scalars(query).first()
    assert told
    assert told.fields
    assert (shown["title"], shown["body"]) == (told.title, told.body)
    texts = {field["label"]: field["text"] for field in shown["fields"]}
    # The time of the supplement is set by the act alone.
    assert texts | {"补正期限": ""} == told.fields | {"补正期限": ""}
    assert {field["key"] for field in shown["fields"]} == {
        *("character_string1", "time2", "thing3"),
    }
    assert shown["text"] == f"诉求{case.number}需要补充材料，请尽快登录企业管家小程序查看并补充。"


def test_nothing_is_changed_or_sent_by_looking(admin):
    admin.post("/message-templates/overdue/preview")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Notification)) == 0


def test_what_would_ring_at_night_waits_and_an_answer_does_not(admin):
    with clock.frozen(NIGHT):
        todo = admin.post("/message-templates/new_todo/preview").json
        answer = admin.post("/message-templates/accepted/preview").json
        news = admin.post(
            "/message-templates/feedback_ready/preview", {"audience": "housekeeper"}
        ).json
    assert (todo["send_at"], todo["is_held"]) == (MORNING.isoformat(), True)
    assert todo["expires_at"] == (MORNING + timedelta(days=3)).isoformat()
    assert (answer["send_at"], answer["is_held"]) == (NIGHT.isoformat(), False)
    assert (news["is_held"], news["text"]) == (True, None)


def test_what_cannot_be_shown_says_why(admin, client):
    assert admin.post("/message-templates/no_such_kind/preview").status_code == 404
    inbox = admin.post(f"/message-templates/{min(INBOX_ONLY)}/preview")
    refused(inbox, 409, "stays-in-inbox")
    wrong = admin.post("/message-templates/accepted/preview", {"audience": "supervisors"})
    assert wrong.status_code == 422
    assert wrong.json["errors"][0]["pointer"] == "/audience"


def test_a_foreign_ticket_is_not_there(admin, client):
    case = make_ticket()
    asked = "/message-templates/accepted/preview", {"ticket_number": case.number}
    assert admin.post(*asked).status_code == 404
    elsewhere = make_account(Role.COORDINATOR, area_prefix="4403")
    assert Caller(client, elsewhere).post(*asked).status_code == 404
    assert Caller(client, case.cast.coordinator).post(*asked).status_code == 200
