"""gettemplate and msg_sec_check."""

import pytest

from tests.wechat import TEMPLATES

LIST = "wxaapi/newtmpl/gettemplate"
CHECK = "wxa/msg_sec_check"


def judged(caller, openid: str, content: str, /, **changes) -> dict:
    whole = {"version": 2, "scene": 2, "openid": openid, "content": content} | changes
    body = {name: value for name, value in whole.items() if value is not None}
    return caller.post(CHECK, body, access_token=caller.token())


def test_templates_hide_their_keys_in_their_content(caller, wechat):
    told = caller.get(LIST, access_token=caller.token())
    assert (told["errcode"], len(told["data"])) == (0, len(TEMPLATES))
    [due] = [row for row in told["data"] if row["title"] == "即将到期"]
    assert due["content"] == (
        "诉求编号:{{character_string3.DATA}}\n到期事项:{{phrase1.DATA}}\n"
        "到期时间:{{time2.DATA}}\n温馨提示:{{thing8.DATA}}\n"
    )
    assert due["example"].startswith("诉求编号:AS")
    assert (due["type"], due["keywordEnumValueList"]) == (2, [])


def test_choices_are_listed_with_their_key(caller, wechat):
    [template, *_] = wechat.get("templates")["templates"]
    key = next(iter(template["fields"].values()))
    wechat.put("templates", templates=[template | {"type": 3, "choices": {key: ["甲", "乙"]}}])
    [row] = caller.get(LIST, access_token=caller.token())["data"]
    assert row["type"] == 3
    assert row["keywordEnumValueList"] == [
        {"keywordCode": f"{key}.DATA", "enumValueList": ["甲", "乙"]}
    ]


def test_the_list_may_be_asked_for_a_few_times_a_day(caller, wechat):
    wechat.put("quota", limit="gettemplate/day", most=1)
    token = caller.token()
    answers = [caller.get(LIST, access_token=token) for _ in range(2)]
    assert [answer["errcode"] for answer in answers] == [0, 45009]
    assert answers[1]["errmsg"].startswith("reach max api daily quota limit")


@pytest.mark.parametrize(
    ("content", "suggest", "label"),
    [("厂区道路积水", "pass", 100), ("可代开发票", "risky", 10001), ("请加微信", "review", 10001)],
)
def test_words_decide(caller, openid, content, suggest, label):
    told = judged(caller, openid, content)
    assert told["errcode"] == 0, "a verdict is no error"
    assert told["result"] == {"suggest": suggest, "label": label}
    assert {part["strategy"] for part in told["detail"]} == {"content_model", "keyword"}
    assert told["trace_id"]


@pytest.mark.parametrize(
    ("changes", "errcode"),
    [
        ({"content": ""}, 44002),
        ({"content": "长" * 2_501}, 47001),
        ({"content": 5}, 47001),
        ({"version": 3}, 47001),
        ({"scene": 5}, 40129),
        ({"scene": None}, 40129),
        ({"openid": "nobody"}, 40003),
    ],
)
def test_a_wrong_question_is_refused(caller, openid, changes, errcode):
    assert judged(caller, openid, "好", **changes)["errcode"] == errcode


def test_somebody_of_another_mini_program_is_not_judged(caller, wechat):
    stranger = wechat.make_user(appid="wxffffffffffffffff")
    assert judged(caller, stranger, "好")["errcode"] == 43104


def test_the_person_must_have_been_here_within_two_hours(caller, wechat, openid):
    wechat.login_code(openid)
    wechat.advance(7_190)
    assert judged(caller, openid, "好")["errcode"] == 0
    wechat.advance(20)
    assert judged(caller, openid, "好")["errcode"] == 61010
    wechat.login_code(openid)
    assert judged(caller, openid, "好")["errcode"] == 0


def test_version_one_judges_by_errcode(caller):
    token = caller.token()
    codes = [
        caller.post(CHECK, {"content": content}, access_token=token)["errcode"]
        for content in ("好", "可代开发票", "请加微信")
    ]
    assert codes == [0, 87014, 0]
