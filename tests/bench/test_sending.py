"""`bench.sending`: a bare loop that posts what the sender posted, and a table of both."""

import json

import pytest

from bench.bare import bare_loop
from bench.driving import WrongAnswer
from bench.sending import Drive, table_of
from tests.wechat import TEMPLATES
from tools.wechat_emulator.templates import shipped_templates

ACCEPTED = TEMPLATES["受理通知"]
VALUES = shipped_templates()[ACCEPTED].examples


def bodies(wechat, count: int) -> list[bytes]:
    """Messages to so many people, who have agreed to one each."""
    template = shipped_templates()[ACCEPTED]
    fields = {key: {"value": template.examples[label]} for label, key in template.fields.items()}
    people = [wechat.make_user() for _ in range(count)]
    for openid in people:
        wechat.accept(openid, ACCEPTED)
    letters = ({"touser": one, "template_id": ACCEPTED, "data": fields} for one in people)
    return [json.dumps(letter, ensure_ascii=False).encode() for letter in letters]


def token(app, wechat) -> str:
    del wechat
    app.config["WECHAT"].first._client.fetch_access_token()
    with app.app_context():
        return app.config["WECHAT"].first._client.access_token


def test_the_bare_loop_posts_every_body_once(committed_app, wechat):
    letters = bodies(wechat, 5)
    with committed_app.app_context():
        assert bare_loop(wechat.base, token(committed_app, wechat), letters, 2) > 0
    assert len(wechat.messages()) == 5


def test_the_bare_loop_is_no_measure_where_the_platform_refuses(wechat):
    with pytest.raises(WrongAnswer, match="40001"):
        bare_loop(wechat.base, "unknown", bodies(wechat, 1), 1)


def test_the_table_has_the_least_the_middle_and_the_most():
    used = {"client": 1.0, "database": 0.5, "platform": 1.0}
    bare = Drive(100, 1.0, used)
    rounds = [(bare, Drive(100, seconds, used)) for seconds in (1.25, 2.0, 4.0)]
    *_, told = table_of(rounds)
    assert told == "sender ÷ bare loop: min 0.25, median 0.50 ✗, max 0.80"
    assert "100%" in table_of(rounds)[1]
