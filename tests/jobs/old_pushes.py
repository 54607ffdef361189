"""Pushes and drafts of a certain age at `NOW`."""

from datetime import timedelta

from app.db import Model, db
from app.domain.actor import Role
from app.models.push import WechatPush
from app.models.ticket_draft import TicketDraft
from tests.domain.calendars import local
from tests.factories import make_account

NOW = local("2026-06-10 10:00")


def keep(row: Model) -> None:
    db.session.add(row)
    db.session.flush()


def somebody() -> int:
    return make_account(Role.AUDITOR).account.id


def add_push(age, state="done"):
    told = {"appid": "wx", "identity": state.encode(), "event": "debug_demo", "content": b""}
    result = "unused" if state == "done" else None
    times = {"received_at": NOW, "next_at": NOW, "worked_at": NOW - age}
    keep(WechatPush(**told, state=state, result=result, **times))


def add_failed_push(age):
    add_push(age, "failed")


def add_waiting_push(age):
    told = {"appid": "wx", "identity": b"i", "event": "debug_demo", "content": b""}
    keep(WechatPush(**told, state="waiting", received_at=NOW - age, next_at=NOW))


def add_draft(age, **settled):
    owner = {
        "account_id": somebody(),
        "appid": "wx",
        "openid_hash": b"h",
    }
    written = {"body": "积水", "messages": 1, "first_at": NOW - age, "last_at": NOW - age}
    keep(TicketDraft(**owner | written | settled))


def add_closed_draft(age):
    settled = {
        "state": "closed",
        "settled_by": somebody(),
        "settled_at": NOW - age,
    }
    add_draft(age, account_id=None, **settled)


WEEK, MONTH, QUARTER = timedelta(days=7), timedelta(days=30), timedelta(days=90)
OF_PUSHES = [
    (add_push, WechatPush, WEEK),
    (add_failed_push, WechatPush, QUARTER),
    (add_closed_draft, TicketDraft, MONTH),
    (add_draft, TicketDraft, QUARTER),
]
