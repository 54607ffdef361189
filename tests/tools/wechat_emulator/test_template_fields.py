"""What each type of a template's field may hold."""

import pytest

from tests.tools.wechat_emulator.caller import FILLED, in_fields
from tools.wechat_emulator.fields import RULES, is_allowed, kind_of

ALLOWED = {
    "thing": ["请尽快办理", "a" * 20, "Ünï ¥#", "😀" * 20],
    "number": ["12", "3.50", "-1", "1" * 32],
    "letter": ["Abc", "z" * 32],
    "symbol": ["#¥%", "！？"],
    "character_string": ["AS-2026/1", "a" * 32, "a b"],
    "time": ["9:05", "15:01", "23:59:59", "2026年11月25日 18:00", "2026-11-25 18:00", "9:00~12:00"],
    "date": ["2026年2月28日", "2026-02-28", "2026/2/28 08:00", "2026年1月1日~2026年1月3日"],
    "amount": ["12", "¥12.50", "100元", "$1"],
    "phone_number": ["+86-0571-66888888", "13800000001"],
    "car_number": ["浙A12345", "浙A1234学", "A"],
    "name": ["张三", "欧阳·娜娜", "Anna-Maria O'Neil", "王A"],
    "phrase": ["办理", "即将到期了"],
}
REFUSED = {
    "thing": ["a" * 21, "一\n二", "一\t二", "a\x7f", "a\x85", "a\u2028"],
    "number": ["1" * 33, "1.", "一", "1,000"],
    "letter": ["a1", "z" * 33, "中"],
    "symbol": ["a", "中", "######"],
    "character_string": ["编号1", "a" * 33, "，"],
    "time": ["24:00", "12:60", "2026年2月30日 08:00", "18点", "9:00~", "2026-11-25", "１２:00"],
    "date": ["2026年13月1日", "2026-02-29", "11月1日", "20261101"],
    "amount": ["1" * 11, "¥¥1", "1块", "一元"],
    "phone_number": ["1" * 18, "电话"],
    "car_number": ["浙A1234567", "A浙1"],
    "name": ["张" * 11, "a" * 21, "张3"],
    "phrase": ["ab", "一二三四五六", "办理!"],
}


def cases(table: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(kind, text) for kind, texts in table.items() for text in texts]


def test_every_type_has_its_examples():
    assert ALLOWED.keys() == REFUSED.keys() == RULES.keys()


@pytest.mark.parametrize(("kind", "text"), cases(ALLOWED))
def test_right_values_are_taken(kind, text):
    assert is_allowed(kind, text)


@pytest.mark.parametrize(("kind", "text"), cases(REFUSED))
def test_wrong_values_are_refused(kind, text):
    assert not is_allowed(kind, text)


def test_the_type_is_the_key_without_its_number():
    assert [kind_of("thing1"), kind_of("character_string12")] == ["thing", "character_string"]


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"thing8": ""}, "data.thing8.value is emtpy"),
        ({"thing8": "  "}, "data.thing8.value is emtpy"),
        ({"thing8": None}, "data.thing8.value is emtpy"),
        ({"thing8": "a\nb"}, "data.thing8.value invalid"),
        ({"thing8": 5}, "data.thing8.value invalid"),
        ({"phrase1": "abc"}, "data.phrase1.value invalid"),
        ({"thing9": "多出来的"}, "data.thing9.value invalid"),
    ],
)
def test_the_field_is_named(caller, openid, changes, named):
    refused = caller.send(openid, data=in_fields(FILLED | changes))
    assert refused["errcode"] == 47003
    assert refused["errmsg"].startswith(f"argument invalid! {named} rid: ")


def test_every_field_must_come_in_its_form(caller, openid):
    fields = in_fields(FILLED)
    without = {key: it for key, it in fields.items() if key != "time2"}
    assert "data.time2.value is emtpy" in caller.send(openid, data=without)["errmsg"]
    bare = fields | {"time2": "2026年11月25日 18:00"}
    assert "data.time2.value is emtpy" in caller.send(openid, data=bare)["errmsg"]


def test_a_template_may_leave_a_choice_of_values_only(caller, wechat, openid):
    [template] = [it for it in wechat.get("templates")["templates"] if it["title"] == "即将到期"]
    wechat.put("templates", templates=[template | {"choices": {"phrase1": ["审核", "答复"]}}])
    assert "data.phrase1.value invalid" in caller.send(openid)["errmsg"]
    chosen = caller.send(openid, data=in_fields(FILLED | {"phrase1": "审核"}))
    assert chosen["errcode"] == 0
