"""What the tests of the emulator share."""

import pytest

from tests.tools.wechat_emulator.caller import Caller


@pytest.fixture
def caller(wechat) -> Caller:
    """The mini-program's server beside an emulator on its first day."""
    return Caller(wechat)


@pytest.fixture
def openid(wechat) -> str:
    """Somebody with a phone number and three consents to the template of the tests."""
    made = wechat.make_user("13800000001", unionid="union-1")
    wechat.accept(made, "即将到期", times=3)
    return made
