"""Reference data: areas, work calendar, limits, rules, categories. Adds what is missing."""

import json
from dataclasses import fields
from importlib import resources
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app.db import db
from app.domain.ladder import Ladder
from app.domain.rung_recipients import shipped
from app.models.area import Area
from app.models.category import Category
from app.models.flow_rule import FlowRule
from app.models.rung_recipients import RungRecipients
from app.models.sla import SlaPolicy, WorkCalendarVersion
from app.seed.areas import shipped_areas
from services.directory.areas import store_areas

FIRST_CALENDAR = 1
SHIPPED_ON = "2020-01-01"
_LEFT_OUT = dict.fromkeys(("extension_days", "total_days", *(one.name for one in fields(Ladder))))
"""What a row of the limits need not say: it is not extended, and has not this rung."""


def load() -> dict[str, int]:
    """What was new, by name. A published calendar version is never touched again."""
    return {
        "行政区划": _areas(),
        "工作日历": _add(WorkCalendarVersion, [_calendar()]),
        "时限标准": _add(SlaPolicy, [_LEFT_OUT | row for row in _shipped("policies.json")]),
        "流转规则": _add(FlowRule, _shipped("flow_rules.json")),
        "提醒对象": _add(RungRecipients, _recipients()),
        "诉求类别": _add(
            Category,
            [row | {"sort": sort} for sort, row in enumerate(_shipped("categories.json"))],
        ),
    }


def _recipients() -> list[dict[str, Any]]:
    return [
        {
            **key._asdict(),
            "recipients": [one._asdict() for one in told],
            "effective_from": SHIPPED_ON,
        }
        for key, told in shipped().items()
    ]


def _areas() -> int:
    entries = list(shipped_areas())
    stored = db.session.scalar(sa.select(sa.func.count()).select_from(Area)) or 0
    return store_areas(entries) if stored < len(entries) else 0


def _calendar() -> dict[str, Any]:
    return {"version": FIRST_CALENDAR, "document": _shipped("work_calendar.json")}


def _shipped(name: str) -> Any:
    return json.loads(resources.files("app.seed").joinpath(name).read_text("utf-8"))


def _add(model: type[Any], rows: list[dict[str, Any]]) -> int:
    added = insert(model).values(rows).on_conflict_do_nothing().returning(sa.literal(1))
    return len(db.session.execute(added).all())
