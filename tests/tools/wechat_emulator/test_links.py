"""generate_urllink and generatescheme: what is checked, in the platform's order, and counted."""

import json

import pytest

LINK, SCHEME = "wxa/generate_urllink", "wxa/generatescheme"
DAY = 86_400


def ask(caller, path: str, body: dict) -> dict:
    """What is answered to `body`."""
    sent = json.dumps(body).encode()
    status, _, answer = caller.exchange("POST", path, {"access_token": caller.token()}, sent)
    assert status == 200
    return json.loads(answer)


def link(caller, **changes) -> dict:
    asked = {"path": "/pages/card/index", "query": "enterprise=7", "expire_type": 1}
    return ask(caller, LINK, asked | {"expire_interval": 30} | changes)


def test_both_forms_lead_where_they_were_asked_to(caller, wechat):
    made = link(caller)["url_link"]
    opened = wechat.opened_by(made)
    assert (opened["path"], opened["query"]) == ("pages/card/index", "enterprise=7")
    asked = {"jump_wxa": {"path": "pages/card/index", "query": "a=1", "env_version": "trial"}}
    told = ask(caller, SCHEME, asked | {"expire_type": 1, "expire_interval": 1})
    assert wechat.opened_by(told["openlink"])["env_version"] == "trial"


@pytest.mark.parametrize(
    ("changes", "errcode"),
    [
        ({"path": "pages/card/index?x=1"}, 40165),
        ({"query": "a b"}, 40212),
        ({"query": "x" * 1025}, 40212),
        ({"env_version": "beta"}, 85402),
        ({"expire_interval": 31}, 85401),
        ({"expire_interval": None}, 85401),
        ({"expire_type": 0}, 85401),
        ({"expire_type": 0, "expire_time": 1}, 85401),
        ({"expire_type": 2}, 85401),
    ],
)
def test_what_is_wrong_is_refused_by_its_code(caller, changes, errcode):
    assert link(caller, **changes)["errcode"] == errcode


def test_a_scheme_says_what_it_opens(caller):
    assert ask(caller, SCHEME, {"expire_type": 1, "expire_interval": 1})["errcode"] == 47001


def test_a_page_that_was_not_released_is_refused(caller, wechat):
    wechat.put("pages", pages=["pages/index"])
    assert link(caller)["errcode"] == 40165
    assert link(caller, env_version="trial")["errcode"] == 0


def test_a_link_opens_nothing_once_it_has_ended(caller, wechat):
    made = link(caller, expire_interval=1)["url_link"]
    wechat.advance(DAY + 1)
    assert wechat.get("links", token=made)["links"] == []


def test_both_forms_are_counted_together(caller, wechat):
    wechat.put("quota", limit="links/day", most=1)
    assert link(caller)["errcode"] == 0
    asked = {"jump_wxa": {"path": "pages/index"}, "expire_type": 1, "expire_interval": 1}
    assert ask(caller, SCHEME, asked)["errcode"] == 44993
