"""GET and POST /me/subscriptions: what to ask the person for, and each consent counted once."""

import pytest

from app.domain.phone_forms import Template
from app.domain.vocabulary import Status
from tests.callers import API, Caller
from tests.factories import make_cast, make_ticket
from tests.factories.wechat import make_binding, make_template
from tests.problems import places, refused

PATH = "/me/subscriptions"
T = Template


@pytest.fixture
def cast(database):
    return make_cast()


@pytest.fixture
def owner(client, cast) -> Caller:
    """An enterprise's administrator, bound to WeChat, with every template in the account."""
    for template in Template:
        make_template(template, f"id-{template.name}")
    make_binding(cast.applicant)
    return Caller(client, cast.applicant)


def popup(**results: str) -> dict:
    """The body for what was answered: ACCEPTED="accept"."""
    answers = [{"template_id": f"id-{name}", "result": given} for name, given in results.items()]
    return {"answers": answers}


def remaining(answer) -> dict[str, int]:
    assert answer.status_code == 200, answer.text
    return {item["template"]: item["remaining"] for item in answer.json["items"]}


def test_the_list_says_what_to_ask_for_and_why(owner, cast):
    make_ticket(Status.HANDLING, cast)
    listed = owner.get(PATH).json
    assert listed["is_bound"] is True
    assert listed["items"][0] == {
        "template": "办理反馈",
        "template_id": "id-FEEDBACK",
        "is_long_term": False,
        "remaining": 0,
        "is_standing": False,
        "answer": None,
        "answered_at": None,
        "ask": True,
        "reason": "诉求有办理结果时，通知您查看（1 件诉求会用到）。",
    }
    assert listed["ask_now"][:2] == ["id-FEEDBACK", "id-EVALUATION"]


def test_an_answer_is_counted_and_the_list_after_it_comes_back(owner):
    answer = owner.post(PATH, popup(ACCEPTED="accept", REFUSED="reject"))
    assert remaining(answer) == {
        **dict.fromkeys([T.SUPPLEMENT, T.REFUSED, T.FEEDBACK, T.EVALUATION], 0),
        T.ACCEPTED: 1,
    }
    assert answer.json == owner.get(PATH).json
    [accepted] = [item for item in answer.json["items"] if item["template"] == T.ACCEPTED]
    assert (accepted["answer"], accepted["ask"]) == ("accept", False)
    assert accepted["answered_at"]
    assert answer.json["ask_now"] == ["id-SUPPLEMENT", "id-FEEDBACK", "id-EVALUATION"]


def test_every_popup_counts_by_itself(owner):
    for _ in range(3):
        owner.post(PATH, popup(FEEDBACK="accept"))
    assert remaining(owner.get(PATH))[T.FEEDBACK] == 3


def test_the_same_key_counts_once(owner):
    headers = owner.headers() | {"Idempotency-Key": "popup-1"}
    answers = [
        owner.client.post(API + PATH, json=popup(FEEDBACK="accept"), headers=headers)
        for _ in range(2)
    ]
    assert answers[0].data == answers[1].data
    assert answers[1].headers["Idempotent-Replayed"] == "true"
    assert remaining(owner.get(PATH))[T.FEEDBACK] == 1


def test_the_same_popup_counts_once_without_a_key(owner):
    body = popup(FEEDBACK="accept", ACCEPTED="accept") | {"asked_id": "popup-0001"}
    for _ in range(2):
        found = remaining(owner.post(PATH, body))
        assert (found[T.FEEDBACK], found[T.ACCEPTED]) == (1, 1)
    assert remaining(owner.post(PATH, body | {"asked_id": "popup-0002"}))[T.FEEDBACK] == 2


def test_who_is_not_bound_is_told_so(owner, client, cast):
    other = Caller(client, cast.handler)
    listed = other.get(PATH).json
    assert (listed["is_bound"], listed["ask_now"]) == (False, [])
    told = {T.TODO, T.DUE_SOON, T.OVERDUE, T.DIGEST}
    assert {item["template"] for item in listed["items"]} == told
    refused(other.post(PATH, popup(TODO="accept")), 409, "not-bound")


def test_everybody_has_an_account_of_the_own_consents(owner, client, cast):
    make_binding(cast.housekeeper)
    housekeeper = Caller(client, cast.housekeeper)
    housekeeper.post(PATH, popup(FEEDBACK="accept"))
    assert remaining(housekeeper.get(PATH))[T.FEEDBACK] == 1
    assert remaining(owner.get(PATH))[T.FEEDBACK] == 0


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({}, {"/answers": "required"}),
        ({"answers": []}, {"/answers": "count"}),
        (popup(**dict.fromkeys("ABCDEF", "accept")), {"/answers": "count"}),
        ({"answers": [None]}, {"/answers/0": "null"}),
        ({"answers": ["accept"]}, {"/answers/0": "type"}),
        ({"answers": [{"result": "accept"}]}, {"/answers/0/template_id": "required"}),
        (popup(ACCEPTED="maybe"), {"/answers/0/result": "choice"}),
        (
            {"answers": [{"template_id": "a", "result": "accept", "count": 9}]},
            {"/answers/0/count": "unknown"},
        ),
        (popup(ACCEPTED="accept", NEWS="accept"), {"/answers/1/template_id": "unknown-template"}),
        ({"answers": popup(ACCEPTED="ban")["answers"] * 2}, {"/answers": "distinct"}),
        (popup(ACCEPTED="accept") | {"asked_id": "short"}, {"/asked_id": "length"}),
        (popup(ACCEPTED="accept") | {"asked_id": "弹窗弹窗弹窗弹窗"}, {"/asked_id": "pattern"}),
    ],
)
def test_a_wrong_answer_is_refused_where_it_is_wrong_and_counts_nothing(owner, body, wrong):
    assert places(owner.post(PATH, body)) == wrong
    assert not any(remaining(owner.get(PATH)).values())


def test_one_template_has_one_answer(owner):
    both = popup(ACCEPTED="accept")["answers"] + popup(ACCEPTED="reject")["answers"]
    wrong = places(owner.post(PATH, {"answers": both}))
    assert wrong == {"/answers/1/template_id": "distinct"}
