"""Access tokens: two pools, the overlap, expiry by the platform's clock."""

import pytest

from tests.tools.wechat_emulator.caller import CREDENTIALS

ASK = {"grant_type": "client_credential", **CREDENTIALS}
LIST = "wxaapi/newtmpl/gettemplate"


def verdict(caller, token: str) -> int:
    """What the platform says to a call with this token."""
    return caller.get(LIST, access_token=token)["errcode"]


def test_a_token_is_given_for_two_hours(caller):
    told = caller.get("cgi-bin/token", **ASK)
    assert told.keys() == {"access_token", "expires_in"}
    assert told["expires_in"] in {7_199, 7_200}
    assert verdict(caller, told["access_token"]) == 0


def test_an_old_token_of_the_legacy_pool_lives_300_seconds_more(caller, wechat):
    old, new = caller.legacy(), caller.legacy()
    assert old != new
    wechat.advance(299)
    assert [verdict(caller, old), verdict(caller, new)] == [0, 0]
    wechat.advance(2)
    assert [verdict(caller, old), verdict(caller, new)] == [40001, 0]


def test_the_stable_token_stays_the_same_until_300_seconds_are_left(caller, wechat):
    first = caller.token()
    wechat.advance(6_890)
    assert caller.ask_stable()["expires_in"] in {309, 310}
    assert caller.token() == first
    wechat.advance(11)
    renewed = caller.ask_stable()
    assert renewed["access_token"] != first
    assert renewed["expires_in"] in {7_199, 7_200}
    assert [verdict(caller, first), verdict(caller, renewed["access_token"])] == [0, 0]
    wechat.advance(300)
    assert verdict(caller, first) == 42001


def test_the_pools_know_nothing_of_each_other(caller, wechat):
    stable = caller.token()
    caller.legacy(), caller.legacy()
    wechat.advance(301)
    assert verdict(caller, stable) == 0


def test_a_forced_refresh_kills_the_old_token_at_once(caller, wechat):
    old = caller.token()
    new = caller.ask_stable(force_refresh=True)["access_token"]
    assert [verdict(caller, old), verdict(caller, new)] == [40001, 0]
    assert caller.ask_stable(force_refresh=True)["errcode"] == 45011
    wechat.advance(31)
    assert "access_token" in caller.ask_stable(force_refresh=True)


def test_only_twenty_refreshes_a_day_are_forced(caller, wechat):
    wechat.put("quota", limit="force_refresh/day", most=1)
    assert "access_token" in caller.ask_stable(force_refresh=True)
    wechat.advance(31)
    assert caller.ask_stable(force_refresh=True)["errcode"] == 45009
    wechat.advance(86_400)
    assert "access_token" in caller.ask_stable(force_refresh=True)


@pytest.mark.parametrize(
    ("changes", "errcode"),
    [
        ({"appid": ""}, 41002),
        ({"secret": ""}, 41004),
        ({"appid": "wxffffffffffffffff"}, 40013),
        ({"secret": "0" * 32}, 40125),
        ({"grant_type": "password"}, 40002),
    ],
)
def test_a_wrong_asking_for_tokens_is_refused(caller, changes, errcode):
    assert caller.get("cgi-bin/token", **ASK | changes)["errcode"] == errcode
    assert caller.post("cgi-bin/stable_token", ASK | changes)["errcode"] == errcode


def test_the_method_matters(caller):
    assert caller.get("cgi-bin/stable_token", **ASK)["errcode"] == 43002
    assert caller.post("cgi-bin/token", ASK)["errcode"] == 43001


def test_a_token_stands_in_the_query(caller):
    assert caller.get(LIST)["errcode"] == 41001
    missing = caller.post("wxa/msg_sec_check", {"access_token": caller.token()})
    assert missing["errcode"] == 41001
    assert verdict(caller, "no-such-token") == 40001


def test_errors_carry_their_text_and_the_id_of_the_request(caller, wechat):
    unknown = caller.get(LIST, access_token="no-such-token")["errmsg"]
    start = "invalid credential, access_token is invalid or not latest rid: "
    assert unknown.startswith(start)
    assert [len(part) for part in unknown.removeprefix(start).split("-")] == [8, 8, 8]
    token = caller.token()
    wechat.expire_tokens()
    assert caller.get(LIST, access_token=token)["errmsg"].startswith("access_token expired rid: ")


def test_the_day_of_a_quota_is_the_one_of_shanghai(caller, wechat):
    wechat.put("quota", limit="token/day", most=1)
    at = wechat.get("health")["at"]
    midnight = 86_400 - (at + 8 * 3_600) % 86_400
    wechat.advance(midnight - 600)
    caller.legacy()
    assert caller.get("cgi-bin/token", **ASK)["errcode"] == 45009
    wechat.advance(601)
    assert caller.legacy()


@pytest.mark.parametrize(("pool", "lives_together"), [("stable", True), ("legacy", False)])
def test_four_processes_over_a_day(caller, wechat, pool, lives_together):
    """Each keeps its own token for its time; with the old pool they push out each other's."""
    ask = {"stable": caller.ask_stable, "legacy": lambda: caller.get("cgi-bin/token", **ASK)}[pool]
    tokens, until, refused = [""] * 4, [0.0] * 4, 0
    for quarter in range(4 * 24):
        for process in range(4):
            if quarter * 900 >= until[process]:
                told = ask()
                tokens[process] = told["access_token"]
                until[process] = quarter * 900 + told["expires_in"] - 300
        refused += sum(verdict(caller, token) != 0 for token in set(tokens))
        wechat.advance(900)
    assert (refused == 0) == lives_together
