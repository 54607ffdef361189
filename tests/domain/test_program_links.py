"""What a link opens, until when it can last, and what of it a short message takes."""

from datetime import timedelta

import pytest

from app.domain.program_links import (
    LONGEST,
    SHORTEST,
    Target,
    card_target,
    invitation_target,
    link_expiry,
    ticket_target,
    token_of,
)
from app.domain.retry import Circuit, Failure, rest_of_links
from tests.domain.calendars import local

AT = local("2026-06-10 10:00")
SECOND = timedelta(seconds=1)


def test_each_page_is_told_what_it_shows():
    assert ticket_target("AS20260601-000123") == Target(
        "pages/tickets/detail", "number=AS20260601-000123"
    )
    assert card_target(7) == Target("pages/card/index", "enterprise=7")
    assert invitation_target("pJ0Q-3_8") == Target("pages/invitation/index", "code=pJ0Q-3_8")


def test_a_secret_does_not_show():
    assert "pJ0Q3m8X" not in repr(invitation_target("pJ0Q3m8X"))


@pytest.mark.parametrize("query", ["a b", "企业", "x" * 1025])
def test_what_the_platform_does_not_take_is_no_target(query):
    with pytest.raises(ValueError, match="query"):
        Target("pages/card/index", query)


def test_a_link_lasts_as_long_as_it_is_wanted_thirty_days_at_most():
    assert link_expiry(AT + timedelta(days=7), at=AT) == AT + timedelta(days=7)
    assert link_expiry(AT + timedelta(days=90), at=AT) == AT + LONGEST
    assert timedelta(days=30) > LONGEST


def test_what_ends_at_once_is_not_made():
    assert link_expiry(AT + SHORTEST, at=AT) == AT + SHORTEST
    assert link_expiry(AT + SHORTEST - SECOND, at=AT) is None


@pytest.mark.parametrize(
    ("link", "token"),
    [
        ("https://wxaurl.cn/Ab3dEf6hIj0", "Ab3dEf6hIj0"),
        ("https://wxaurl.cn/Ab3-Ef6_Ij0", "Ab3-Ef6_Ij0"),
        ("https://elsewhere.example/Ab3dEf6hIj0", None),
        ("https://wxaurl.cn/Ab3dEf6hIj0?cq=a", None),
        ("https://wxaurl.cn/" + "x" * 21, None),
        ("weixin://dl/business/?t=Ab3dEf6hIj0", None),
    ],
)
def test_a_short_message_takes_what_stands_behind_the_host(link, token):
    assert token_of(link) == token


@pytest.mark.parametrize(
    ("action", "errcode", "rest"),
    [
        ("alert", 85407, (Circuit.LINKS, timedelta(minutes=10))),
        ("backoff", 44990, (Circuit.LINKS, timedelta(minutes=1))),
        ("backoff", 44993, (Circuit.LINKS, timedelta(hours=14))),
        ("backoff", 85406, (Circuit.LINKS, timedelta(hours=14))),
        ("refresh_token", 40001, (Circuit.TOKEN, timedelta(minutes=10))),
        ("drop", 85401, None),
        ("retry", -1, None),
    ],
)
def test_what_is_refused_whoever_asks_is_left_alone_for_a_while(action, errcode, rest):
    assert rest_of_links(Failure(action, errcode), at=AT) == rest
