"""通知不到的人: the list for housekeepers and coordinators; who, for what, and what can be done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.domain import labels
from app.domain.actor import PAIRED_ROLES, Actor, Role
from app.domain.audience import Audience
from app.domain.keyset import Page
from app.domain.masking import mask_name
from app.domain.message_kinds import MessageKind
from app.domain.permissions import Permission
from app.domain.reach import (
    HINDRANCE_LABELS,
    MATTER_LABELS,
    WATCHED,
    DueMatter,
    Hindrance,
    Means,
    hindrances,
    window_after,
)
from app.domain.work_calendar import WorkCalendar
from services.forecasts.statement import Reach, unreachable
from services.notifications.wording import TITLES
from services.paging import ascending, fetch_page
from services.visibility.follow_ups import reached_visits
from services.visibility.tickets import visible_tickets

EVERYBODY = tuple(dict.fromkeys(one.audience for one in WATCHED))


@dataclass(frozen=True, slots=True)
class Channels:
    """By what people are reached: which mini-programs; whether texts and WeCom are configured."""

    appids: tuple[str, ...]
    has_texts: bool
    has_wecom: bool

    @classmethod
    def configured(cls, config: Mapping[str, Any]) -> "Channels":
        """Those of the application's configuration."""
        appids = tuple(one.appid for one in config["SETTINGS"].programs)
        return cls(appids, config["TEXTS"] is not None, config["WECOM"] is not None)


def list_unreachable(
    actor: Actor, channels: Channels, calendar: WorkCalendar, page: Page, *, at: datetime
) -> tuple[list[dict[str, Any]], str | None]:
    """One page of whom nothing reaches for the next working day, what is due first; the cursor.

    Housekeepers see the people of their enterprises, coordinators those of their area, officials
    too. `at` is business time.
    """
    visits = reached_visits(actor, Permission.READ_UNREACHABLE)
    audiences = (Audience.ENTERPRISE,) if actor.role in PAIRED_ROLES else EVERYBODY
    means = channels.appids, channels.has_texts, channels.has_wecom
    reach = Reach(visible_tickets(actor), visits, audiences, *means, at)
    found = unreachable(reach, window_after(calendar, at=at))
    order = ascending("due", found.c.due_at, found.c.key)
    rows = fetch_page(sa.select(found), order, page)
    return [
        _shown(row._mapping, has_texts=channels.has_texts) for row in rows.rows
    ], rows.next_cursor


def _shown(row: Mapping[Any, Any], *, has_texts: bool) -> dict[str, Any]:
    matter, kind, role = DueMatter(row["matter"]), MessageKind(row["kind"]), Role(row["role"])
    have = {name: row[name] for name in ("is_bound", "has_consent", "has_template", "has_number")}
    why = hindrances(
        row["template"], Means(**have, has_texts=has_texts), falls_back=row["falls_back"]
    )
    return {
        "ticket_number": row["ticket_number"],
        "enterprise_name": row["enterprise_name"],
        "matter": matter,
        "matter_label": MATTER_LABELS[matter],
        "due_at": row["due_at"],
        "kind": kind,
        "kind_label": TITLES[kind],
        "template": row["template"],
        "recipient": mask_name(row["name"]),
        "recipient_role": role,
        "recipient_role_label": labels.ROLE[role],
        "reasons": [_reason(Hindrance(each)) for each in why],
    }


def _reason(hindrance: Hindrance) -> dict[str, str]:
    label, advice = HINDRANCE_LABELS[hindrance]
    return {"reason": hindrance, "label": label, "advice": advice}
