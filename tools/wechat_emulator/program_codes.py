"""getwxacodeunlimit: a small picture from which the scene can be read again."""

import base64
import json
import re

from tools.wechat_emulator.answers import Answer, Json, Refusal
from tools.wechat_emulator.calls import Call
from tools.wechat_emulator.limits import count
from tools.wechat_emulator.state import State

JPEG_TYPE = "image/jpeg"
SQUARE = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1td"
    "hbWGkJ6jq62rZ4C8ybqmx5moq6T/wAALCAAIAAgBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAABf/EABoQAAAHAAAAAAAA"
    "AAAAAAAAADI0cXSxs+L/2gAIAQEAAD8AcJNqswgf/9k="
)
"""Eight by eight, nearly white: no phone reads these codes."""

START, COMMENT = SQUARE[:2], b"\xff\xfe"
SCENE = re.compile(r"[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]{1,32}")
PAGE = re.compile(r"[\w\-]+(?:/[\w\-]+)*", re.ASCII)
RELEASES = {"release", "trial", "develop"}
WIDTHS = range(280, 1_281)


def getwxacodeunlimit(state: State, call: Call) -> Answer:
    """POST /wxa/getwxacodeunlimit: the bytes of a picture, where others answer JSON."""
    drawn = {"scene": call.text("scene"), "page": call.text("page")}
    drawn["env_version"] = call.text("env_version", "release")
    if not SCENE.fullmatch(drawn["scene"]):
        raise Refusal(40169, "invalid length for scene, or the data is not json string")
    require_arguments(call, drawn["env_version"])
    is_checked = call.content.get("check_path", True)
    is_released = not state.pages or drawn["page"] in state.pages
    if drawn["page"] and not (PAGE.fullmatch(drawn["page"]) and (is_released or not is_checked)):
        raise Refusal(41030, "invalid page")
    # It is counted by the minute, and refused as if it were by the day.
    count(state, "getwxacodeunlimit/minute", call.at, errcode=45009)
    return Answer(picture(drawn), content_type=JPEG_TYPE)


def require_arguments(call: Call, env_version: str) -> None:
    """A release that there is, a width that can be drawn, yes or no where that is asked."""
    width, is_checked = call.content.get("width", 430), call.content.get("check_path", True)
    if env_version not in RELEASES or width not in WIDTHS or not isinstance(is_checked, bool):
        raise Refusal(40097, "invalid args")


def picture(drawn: Json) -> bytes:
    """The square, with what a phone would read in a comment of it."""
    told = json.dumps(drawn).encode()
    return START + COMMENT + (len(told) + 2).to_bytes(2) + told + SQUARE[2:]


def read_picture(image: bytes) -> Json:
    """What a phone would read: scene, page, env_version."""
    length = int.from_bytes(image[4:6]) - 2
    drawn: Json = json.loads(image[6 : 6 + length])
    return drawn
