"""The platform's codes become errors of ours by a table; nothing that it says is passed on."""

import json
from pathlib import Path

import pytest

from services.gateways import wechat_errors
from services.gateways.wechat_errors import (
    ANY_WITH_TOKEN,
    BAD_BODY,
    CONNECT_FAIL,
    HTTP_4XX,
    HTTP_5XX,
    HTTP_429,
    LOST,
    TRANSPORT,
    Busy,
    Call,
    Limited,
    Misconfigured,
    NotReached,
    OutcomeUnknown,
    Rejected,
    TokenRefused,
    Unsubscribed,
    WeChatError,
    unanswered,
    verdict,
)

ROWS = json.loads(Path(wechat_errors.__file__).with_suffix(".json").read_text("utf-8"))
KINDS = {
    "alert": Misconfigured,
    "drop": Rejected,
    "retry": Busy,
    "backoff": Limited,
    "refresh_token": TokenRefused,
    "pause_user": Unsubscribed,
}
FAULTS = [CONNECT_FAIL, LOST, HTTP_5XX, HTTP_4XX, HTTP_429, BAD_BODY]
PRIVATE = "oSecretOpenid13800001234 https://api.weixin.qq.com/?secret=abc"


def rows_of(*calls: str) -> list[dict]:
    return [row for row in ROWS if row["call"] in calls]


def test_the_table_names_only_calls_that_are_made_and_each_code_once():
    keys = [(row["call"], row["code"]) for row in ROWS]
    assert len(set(keys)) == len(keys)
    assert {call for call, _ in keys} == {*Call, ANY_WITH_TOKEN, TRANSPORT}
    assert {row["code"] for row in rows_of(TRANSPORT)} == set(FAULTS)


@pytest.mark.parametrize("row", rows_of(*Call), ids=lambda row: f"{row['call']} {row['code']}")
def test_a_code_of_a_call_is_what_its_row_says(row):
    error = verdict(Call(row["call"]), row["code"], "")
    assert type(error) is KINDS[row["action"]]
    assert (error.call, error.errcode, error.action) == (row["call"], row["code"], row["action"])
    assert error.detail == str(error) == row["meaning"]


@pytest.mark.parametrize("row", rows_of(ANY_WITH_TOKEN), ids=lambda row: str(row["code"]))
def test_a_code_that_a_call_does_not_list_is_what_any_call_means_by_it(row):
    own = {other["code"] for other in rows_of(Call.SEND)}
    assert row["code"] not in own
    assert type(verdict(Call.SEND, row["code"], "")) is KINDS[row["action"]]


def test_the_row_of_the_call_comes_first():
    assert type(verdict(Call.CREDENTIAL, 45009, "")) is Misconfigured
    assert type(verdict(Call.SEND, 45009, "")) is Limited


@pytest.mark.parametrize("call", [Call.CREDENTIAL, Call.SESSION])
@pytest.mark.parametrize("errcode", [40001, 40014, 41001, 42001])
def test_a_call_without_token_never_asks_for_a_new_one(call, errcode):
    assert type(verdict(call, errcode, "")) is Misconfigured


@pytest.mark.parametrize("call", list(Call))
def test_a_code_that_nobody_knows_is_not_tried_again(call):
    error = verdict(call, 987654, PRIVATE)
    assert type(error) is Rejected
    assert not error.retryable
    assert error.errcode == 987654
    assert str(error) == Rejected.__doc__


@pytest.mark.parametrize(
    ("errmsg", "field"),
    [
        ("argument invalid! data.thing18.value invalid rid: 6f3a", "thing18"),
        ("data.character_string3.value is emtpy", "character_string3"),
        (f"data.{PRIVATE}", ""),
        ("data.thing.value", ""),
        ("", ""),
    ],
)
def test_of_what_the_platform_says_only_the_name_of_a_field_is_kept(errmsg, field):
    error = verdict(Call.SEND, 47003, errmsg)
    assert error.field == field
    assert not verdict(Call.SEND, 40003, errmsg).field


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['call']} {row['code']}")
def test_no_error_quotes_the_platform(row):
    errcode = row["code"] if isinstance(row["code"], int) else 0
    for call in Call:
        error = verdict(call, errcode, PRIVATE)
        told = f"{error!s} {error!r} {vars(error)}"
        assert not any(word in told for word in PRIVATE.split())


@pytest.mark.parametrize("call", [Call.SESSION, Call.PHONE, Call.SEND])
@pytest.mark.parametrize("fault", [LOST, HTTP_5XX, BAD_BODY])
def test_what_uses_something_up_may_have_been_done(call, fault):
    error = unanswered(call, fault)
    assert type(error) is OutcomeUnknown
    assert not error.retryable


@pytest.mark.parametrize("call", [Call.CREDENTIAL, Call.TEMPLATES])
@pytest.mark.parametrize(
    ("fault", "kind"), [(LOST, Busy), (HTTP_5XX, Limited), (BAD_BODY, Limited)]
)
def test_what_may_be_repeated_is_tried_again(call, fault, kind):
    error = unanswered(call, fault)
    assert type(error) is kind
    assert error.retryable


@pytest.mark.parametrize("call", list(Call))
@pytest.mark.parametrize(
    ("fault", "kind"), [(CONNECT_FAIL, NotReached), (HTTP_429, Limited), (HTTP_4XX, Misconfigured)]
)
def test_what_was_not_taken_was_not_done(call, fault, kind):
    error = unanswered(call, fault)
    assert type(error) is kind
    assert error.errcode is None
    assert error.retryable is (kind is not Misconfigured)


def test_every_error_has_a_code_of_its_own_and_a_sentence_for_people():
    kinds: list[type[WeChatError]] = [WeChatError, *WeChatError.__subclasses__()]
    assert len({kind.code for kind in kinds}) == len(kinds)
    assert all((kind.__doc__ or "").endswith("。") for kind in kinds)
    assert all(row["meaning"].endswith("。") for row in ROWS)
