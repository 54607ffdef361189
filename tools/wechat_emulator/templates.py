"""The account's message templates: those that are shipped, and how the platform lists them."""

import json
from pathlib import Path

from tools.wechat_emulator.answers import Json
from tools.wechat_emulator.calls import Call
from tools.wechat_emulator.limits import count
from tools.wechat_emulator.state import State, Template

SHIPPED = Path(__file__).with_name("templates.json")
ONE_TIME, LONG_TERM = 2, 3


def shipped_templates() -> dict[str, Template]:
    """The templates that the product was written for, by id."""
    rows = json.loads(SHIPPED.read_text(encoding="utf-8"))
    return {row["id"]: Template(**row) for row in rows}


def gettemplate(state: State, call: Call) -> Json:
    """GET /wxaapi/newtmpl/gettemplate: every template of the account."""
    count(state, "gettemplate/day", call.at)
    return {"errcode": 0, "errmsg": "ok", "data": [listed(it) for it in state.templates.values()]}


def listed(template: Template) -> Json:
    """A template as the platform describes it: labels and keys hide in `content`."""
    labels = template.fields.items()
    example = "".join(f"{label}:{template.examples.get(label, '')}\n" for label, _ in labels)
    return {
        "priTmplId": template.id,
        "title": template.title,
        "content": "".join(f"{label}:{{{{{key}.DATA}}}}\n" for label, key in labels),
        "example": example,
        "type": template.type,
        "keywordEnumValueList": [
            {"keywordCode": f"{key}.DATA", "enumValueList": values}
            for key, values in template.choices.items()
        ],
    }
