"""The listener that every test has hears what it should, and nothing else."""

import logging

import pytest

from tests.leaks import leaks_in
from tests.wechat import SECRET

OPENID = "oGZUI0egBJY1zhBYw2KhdUfwVJJE"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"binding of {OPENID}", "openid"),
        ("called 13800001234.", "phone"),
        ("card 21030219800101123X", "identity"),
        ("write to wang.fang@example.com", "mail"),
        (f"access_token={'A1_' * 45}", "token"),
        (f"secret={SECRET}&", "secret"),
        ("log-in with Guanjia-2026", "password"),
        ("reported by 赵联系", "name"),
        ("enterprise 企业12", "name"),
        ("submitted: 厂区用电增容", "text"),
        ("GET /api/v1/tickets?q=x", "query"),
    ],
)
def test_it_hears(text, kind, listener):
    logging.getLogger("guanjia").info("told: %s", text)
    assert [leak.split(":")[0] for leak in listener.leaks] == [kind]
    listener.leaks.clear()


@pytest.mark.parametrize(
    "text",
    [
        "AS20261123-000123 in 5 ms",
        "order_of_all_checks_in_a_send",
        "2026-11-23T09:00:00.123+08:00",
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "138****1234",
        "/api/v1/tickets/<number:number>",
        "SELECT count(*) FROM tickets WHERE facts ? %(key)s",
    ],
)
def test_it_takes_nothing_harmless_for_private(text):
    assert not leaks_in(text)
