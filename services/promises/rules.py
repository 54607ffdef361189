"""流转规则: the numbers of a ticket's way. A new one holds from a later day on; none changes."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.db import db
from app.domain.actor import Actor
from app.domain.errors import AlreadyExists, FieldError, InvalidInput
from app.domain.keyset import Page
from app.domain.permissions import Permission, demand
from app.domain.rules import MEANINGS, Rule
from app.models.flow_rule import FlowRule
from services import audit
from services.paging import descending, fetch_page
from services.tickets.terms import local_day

NEWEST_FIRST = descending("newest-rule", FlowRule.id)
_ONE_AT_A_TIME = sa.text("LOCK TABLE flow_rules IN SHARE ROW EXCLUSIVE MODE")


@dataclass(frozen=True, slots=True)
class NewAmount:
    """What a rule says from a day on, and why; in the unit of the rule."""

    name: Rule
    amount: int
    effective_from: date
    reason: str


@dataclass(frozen=True, slots=True)
class RuleShown:
    """A row of the table. `is_in_force`: today."""

    id: int
    name: str
    amount: int
    effective_from: date
    is_in_force: bool


def list_rules(
    name: Rule | None, page: Page, *, at: datetime
) -> tuple[list[RuleShown], str | None]:
    """One page of what is in force and what is coming, entered last in front; the next cursor.

    Of one rule (`name`) also what was in force before.
    """
    query = _rules(local_day(at=at))
    asked = _is_current(local_day(at=at)) if name is None else FlowRule.name == name
    found = fetch_page(query.where(asked), NEWEST_FIRST, page)
    return [RuleShown(*row[:5]) for row in found.rows], found.next_cursor


def set_rule(actor: Actor, new: NewAmount, *, at: datetime) -> RuleShown:
    """A number for tickets that are submitted from a later day on; audited.

    No day that has begun: by it alone a ticket's rules are found. Raises `Forbidden`,
    `InvalidInput`, `AlreadyExists`. `at` is business time.
    """
    demand(actor, Permission.CONFIGURE_PROMISES)
    today = local_day(at=at)
    db.session.execute(_ONE_AT_A_TIME)
    _check(new, today)
    row = FlowRule(name=new.name.value, amount=new.amount, effective_from=new.effective_from)
    db.session.add(row)
    db.session.flush()
    facts = {
        "name": new.name.value,
        "amount": new.amount,
        "effective_from": new.effective_from.isoformat(),
        "reason": new.reason,
    }
    audit.record(actor, "set_flow_rule", f"flow_rule:{row.id}", facts)
    return RuleShown(*db.session.execute(_rules(today).where(FlowRule.id == row.id)).one())


def _check(new: NewAmount, today: date) -> None:
    if new.effective_from <= today:
        detail = "生效日期最早为明天；已提交的诉求不受影响。"
        raise InvalidInput([FieldError("/effective_from", "past", detail)])
    meaning = MEANINGS[new.name]
    if not meaning.lowest <= new.amount <= meaning.highest:
        detail = f"“{meaning.label}”应在 {meaning.lowest} 到 {meaning.highest} 之间。"
        raise InvalidInput([FieldError("/amount", "range", detail)])
    same = sa.select(FlowRule.id).where(
        FlowRule.name == new.name, FlowRule.effective_from == new.effective_from
    )
    if db.session.scalar(same) is not None:
        raise AlreadyExists("同一天已有这一规则的数值。")


def _rules(today: date) -> sa.Select[int, str, int, date, bool]:
    is_in_force = FlowRule.effective_from == _since(today)
    return sa.select(
        FlowRule.id,
        FlowRule.name,
        FlowRule.amount,
        FlowRule.effective_from,
        sa.func.coalesce(is_in_force, False).label("is_in_force"),
    )


def _is_current(today: date) -> sa.ColumnElement[bool]:
    since = _since(today)
    return sa.or_(FlowRule.effective_from >= since, since.is_(None))


def _since(today: date) -> sa.ScalarSelect[date]:
    """The day from which on the present number of the same rule holds."""
    other = aliased(FlowRule)
    return (
        sa.select(sa.func.max(other.effective_from))
        .where(other.name == FlowRule.name, other.effective_from <= today)
        .scalar_subquery()
    )
