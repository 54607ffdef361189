"""getwxacodeunlimit: bytes when all is well, JSON when it is not."""

import json

import pytest

from tools.wechat_emulator.program_codes import read_picture

CALL = "wxa/getwxacodeunlimit"
ASKED = {"scene": "code=abc", "page": "pages/card/index", "check_path": True}


def drawn(caller, **changes) -> tuple[str, bytes]:
    """The type and the body of what is answered."""
    body = json.dumps(ASKED | changes, ensure_ascii=False).encode()
    status, headers, answer = caller.exchange("POST", CALL, {"access_token": caller.token()}, body)
    assert status == 200
    return headers["Content-Type"], answer


def errcode(caller, **changes) -> int:
    media_type, answer = drawn(caller, **changes)
    assert media_type.startswith("application/json")
    return json.loads(answer)["errcode"]


def test_a_picture_from_which_the_scene_is_read(caller):
    media_type, image = drawn(caller, env_version="trial", width=280)
    assert media_type == "image/jpeg"
    assert (image[:2], image[-2:]) == (b"\xff\xd8", b"\xff\xd9")
    assert read_picture(image) == {
        "scene": "code=abc",
        "page": "pages/card/index",
        "env_version": "trial",
    }


@pytest.mark.parametrize("scene", ["a" * 32, "!#$&'()*+,/:;=?@-._~"])
def test_scenes_that_are_taken(caller, scene):
    assert drawn(caller, scene=scene)[0] == "image/jpeg"


@pytest.mark.parametrize("scene", ["", "a" * 33, "a b", "企业", "a%20"])
def test_scenes_that_are_refused(caller, scene):
    assert errcode(caller, scene=scene) == 40169


@pytest.mark.parametrize("page", ["/pages/card/index", "pages/card/index?x=1"])
def test_pages_are_written_plainly(caller, page):
    assert errcode(caller, page=page) == 41030


def test_pages_that_were_not_released_are_refused_where_that_is_checked(caller, wechat):
    wechat.put("pages", pages=["pages/index"])
    assert errcode(caller) == 41030
    assert drawn(caller, check_path=False)[0] == "image/jpeg"


@pytest.mark.parametrize(
    "wrong", [{"width": 279}, {"width": 1281}, {"env_version": "beta"}, {"check_path": "yes"}]
)
def test_other_arguments_that_are_refused(caller, wrong):
    assert errcode(caller, **wrong) == 40097


def test_the_minute_has_an_end_that_is_told_as_the_days(caller, wechat):
    wechat.put("quota", limit="getwxacodeunlimit/minute", most=1)
    assert drawn(caller)[0] == "image/jpeg"
    assert errcode(caller) == 45009
    wechat.advance(60)
    assert drawn(caller)[0] == "image/jpeg"


def test_it_takes_a_token(caller):
    assert caller.post(CALL, ASKED)["errcode"] == 41001
