"""Pictures of codes: bytes, whole or not at all; errors are JSON by the table."""

import pytest

from app.domain.program_codes import Page, Sign, card_sign, invitation_sign
from services.gateways.wechat_errors import (
    Call,
    Limited,
    Misconfigured,
    Rejected,
    WeChatError,
)
from tests.services.gateways.wechat_parts import asked, fault, gateway, hasty_gateway
from tools.wechat_emulator.program_codes import read_picture

CALL = "getwxacodeunlimit"
SIGN = Sign(Page.CARD, "enterprise=7")


@pytest.mark.parametrize(
    ("state", "release"), [("formal", "release"), ("trial", "trial"), ("developer", "develop")]
)
def test_a_code_opens_its_page_in_the_release_that_is_set(wechat, state, release):
    picture = gateway(wechat.base, state=state).picture(SIGN)
    assert picture.media_type == "image/jpeg"
    assert read_picture(picture.content) == {
        "scene": "enterprise=7",
        "page": "pages/card/index",
        "env_version": release,
    }


def test_only_the_released_version_is_asked_whether_it_has_the_page(wechat):
    wechat.put("pages", pages=["pages/index"])
    assert gateway(wechat.base, state="trial").picture(SIGN).content
    with pytest.raises(Misconfigured) as caught:
        gateway(wechat.base, state="formal").picture(SIGN)
    assert (caught.value.call, caught.value.errcode) == (Call.CODE_PICTURE, 41030)


@pytest.mark.parametrize(
    ("errcode", "kind"),
    [
        (40169, Rejected),
        (40129, Rejected),
        (40097, Rejected),
        (45009, Limited),
        (48001, Misconfigured),
    ],
)
def test_an_error_is_what_its_row_says(wechat, errcode, kind):
    wechat.fault("errcode", match={"path": CALL}, errcode=errcode)
    with pytest.raises(kind) as caught:
        gateway(wechat.base).picture(SIGN)
    assert (caught.value.call, caught.value.errcode) == (Call.CODE_PICTURE, errcode)


@pytest.mark.parametrize(
    "effect",
    ["html200", "empty200", "list200", "truncate", "drip", "http", "reset_before", "hang"],
)
def test_what_is_no_whole_picture_is_none(wechat, effect):
    fault(wechat, effect, CALL)
    with pytest.raises(WeChatError) as caught:
        hasty_gateway(wechat.base).picture(SIGN)
    assert caught.value.call is Call.CODE_PICTURE


def test_json_that_is_content_is_no_picture(wechat):
    wechat.fault("errcode", match={"path": CALL}, errcode=0, errmsg="ok")
    with pytest.raises(WeChatError):
        gateway(wechat.base).picture(SIGN)


def test_a_token_that_is_refused_is_renewed_once(wechat):
    ours = gateway(wechat.base)
    ours.picture(SIGN)
    wechat.expire_tokens()
    assert ours.picture(SIGN).content
    assert asked(wechat, CALL) == 3


@pytest.mark.parametrize("scene", ["", "a" * 33, "a b", "a%b", "企业=7", "a\n"])
def test_a_scene_that_the_platform_does_not_take_is_never_made(scene):
    with pytest.raises(ValueError, match="no scene"):
        Sign(Page.CARD, scene)


def test_the_largest_signs_fit():
    assert card_sign(2**63 - 1).scene == "enterprise=9223372036854775807"
    assert len(invitation_sign("x" * 22).scene) == 27
