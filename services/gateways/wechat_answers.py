"""What the platforms answer: a JSON object, or a picture, and nothing that only looks like one."""

import json
import re
from typing import Any

from services.gateways.wechat_errors import BAD_BODY
from services.gateways.wechat_transport import Unanswered

PICTURE = "picture"
"""Where an answer that is a picture has its bytes."""

MEDIA_TYPES = {
    "image/png": (b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"),
    "image/jpeg": (b"\xff\xd8\xff", b"\xff\xd9"),
}
"""How a picture of each type begins and ends."""

_NUMBER = re.compile(r"-?[0-9]{1,10}")

Json = dict[str, Any]


def read_answer(body: bytes) -> Json:
    """The JSON object of an answer whose errcode, if any, is a number; a whole picture as one.

    Raises `Unanswered`.
    """
    for media_type, (head, end) in MEDIA_TYPES.items():
        if body.startswith(head) and body.endswith(end):
            return {PICTURE: body, "media_type": media_type}
    try:
        answer = json.loads(body.decode(), strict=False)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict) or not _NUMBER.fullmatch(str(answer.get("errcode", 0))):
        raise Unanswered(BAD_BODY)
    return answer
