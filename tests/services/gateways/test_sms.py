"""Short messages go out once, signed; what comes back tells what to do, and gives nothing away."""

import traceback
from dataclasses import replace

import pytest

from app.domain.fallbacks import Letter, TextForm, letter
from services.gateways.sms import VERDICTS, TextAccount, TextError, Texts
from services.gateways.wechat_transport import Patience
from tests.wechat import APPID, SECRET
from tools.wechat_emulator import texting

PHONE, NUMBER = "13800001234", "AS20261122000001"
HASTY = Patience(connect=10.0, read=0.3, total=0.6)


@pytest.fixture
def account(wechat) -> TextAccount:
    """Our account with the emulated provider."""
    return TextAccount(
        api_base=f"{wechat.base}sms/",
        region="ap-guangzhou",
        secret_id=APPID,
        secret_key=SECRET,
        app_id=texting.APP_ID,
        sign_name=texting.SIGN_NAME,
        templates={form: texting.TEMPLATES[form] for form in TextForm},
    )


def refused(account: TextAccount, patience: Patience | None = None) -> TextError:
    with pytest.raises(TextError) as caught:
        Texts(account, patience).send(PHONE, Letter(TextForm.RESULT, (NUMBER,)))
    shown = "".join(traceback.format_exception(caught.value))
    assert not [secret for secret in (PHONE, SECRET, APPID, account.api_base) if secret in shown]
    return caught.value


@pytest.mark.parametrize("form", TextForm)
def test_a_message_arrives_with_the_number_and_nothing_else_of_the_ticket(wechat, account, form):
    receipt = Texts(account).send(PHONE, letter(form, NUMBER, "Ab3dEf6hIj0"))
    assert receipt.provider_id
    assert receipt.parts == 1
    [text] = wechat.texts(PHONE)
    assert (text["form"], text["number"]) == (form, NUMBER)
    assert text.get("link") == ("Ab3dEf6hIj0" if form is TextForm.RATING else None)


def test_places_that_the_template_does_not_have_are_refused(account):
    with pytest.raises(TextError) as caught:
        Texts(account).send(PHONE, Letter(TextForm.RATING, (NUMBER,)))
    assert caught.value.provider_code == "InvalidParameterValue.TemplateParameterFormatError"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"secret_key": "x" * 32}, "AuthFailure.SignatureFailure"),
        ({"secret_id": "x" * 32}, "AuthFailure.SecretIdNotFound"),
        ({"app_id": "1400000002"}, "InvalidParameterValue.SdkAppIdNotExist"),
        ({"sign_name": "别人"}, "FailedOperation.SignatureIncorrectOrUnapproved"),
        (
            {"templates": dict.fromkeys(TextForm, "9")},
            "FailedOperation.TemplateIncorrectOrUnapproved",
        ),
    ],
)
def test_wrong_settings_are_an_alarm(wechat, account, change, code):
    error = refused(replace(account, **change))
    assert (error.action, error.provider_code) == ("alert", code)
    assert not wechat.texts()


@pytest.mark.parametrize(
    ("code", "action"),
    [
        ("LimitExceeded.PhoneNumberThirtySecondLimit", "backoff"),
        ("LimitExceeded.PhoneNumberDailyLimit", "drop"),
        ("LimitExceeded.AppDailyLimit", "backoff"),
        ("FailedOperation.PhoneNumberInBlacklist", "drop"),
        ("FailedOperation.InsufficientBalanceInSmsPackage", "alert"),
        ("InternalError.Timeout", "unknown"),
        ("SomethingNew", "drop"),
    ],
)
def test_a_code_says_what_to_do(wechat, account, code, action):
    wechat.refuse_texts(PHONE, code)
    error = refused(account)
    assert (error.action, error.provider_code) == (action, code)


@pytest.mark.parametrize(
    ("effect", "action", "arrives"),
    [
        (("reset_before", {}), "unknown", False),
        (("reset_after", {}), "unknown", True),
        (("hang", {}), "unknown", False),
        (("drip", {"ms": 200}), "unknown", True),
        (("html200", {}), "unknown", True),
        (("empty200", {}), "unknown", True),
        (("list200", {}), "unknown", True),
        (("truncate", {}), "unknown", True),
        (("http", {"status": 502}), "unknown", False),
        (("http", {"status": 429}), "backoff", False),
        (("http", {"status": 403}), "alert", False),
        (("http", {"status": 302}), "unknown", False),
    ],
)
def test_without_an_answer_nobody_knows(wechat, account, effect, action, arrives):
    kind, options = effect
    wechat.fault(kind, match={"path": texting.PATH}, **options)
    assert refused(account, HASTY).action == action
    assert bool(wechat.texts()) is arrives
    assert len(wechat.calls(texting.PATH)) == 1


def test_where_nobody_listens_nothing_was_sent(account):
    error = refused(replace(account, api_base="http://127.0.0.1:9/sms/"), HASTY)
    assert (error.action, error.retryable) == ("retry", True)


def test_every_code_has_a_row():
    assert VERDICTS[-1][0] == ""
