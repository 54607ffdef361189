"""时限标准: what each class may take. A new row holds from a later day on; none changes."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.db import db
from app.domain.actor import Actor
from app.domain.errors import AlreadyExists, FieldError, InvalidInput
from app.domain.keyset import Page
from app.domain.ladder import Ladder
from app.domain.ladder_rules import check_ladder
from app.domain.limits import Limit, Unit
from app.domain.permissions import Permission, demand
from app.domain.sla_clock import ClockKind
from app.domain.vocabulary import TicketClass
from app.models.sla import SlaPolicy
from services import audit
from services.paging import descending, fetch_page
from services.tickets.terms import LADDER_COLUMNS, ladder_in, local_day

NEWEST_FIRST = descending("newest-policy", SlaPolicy.id)
_ONE_AT_A_TIME = sa.text("LOCK TABLE sla_policies IN SHARE ROW EXCLUSIVE MODE")


@dataclass(frozen=True, slots=True)
class NewPolicy:
    """A limit from a day on. `amount` None: promised at acceptance, in `unit`.

    `extension_days`, `total_days`: the caps of extensions, in working days; both None = it is not
    extended. Only a time to finish in working days is. `ladder` None: as it was.
    """

    ticket_class: TicketClass
    clock: ClockKind
    amount: int | None
    unit: Unit
    effective_from: date
    reason: str
    extension_days: int | None = None
    total_days: int | None = None
    ladder: Ladder | None = None


@dataclass(frozen=True, slots=True)
class PolicyShown:
    """A row of the table. `is_in_force`: for tickets that are submitted today."""

    id: int
    ticket_class: str
    clock: str
    amount: int | None
    unit: str
    effective_from: date
    extension_days: int | None
    total_days: int | None
    is_in_force: bool
    ladder: Ladder


def list_policies(
    ticket_class: str | None, page: Page, *, at: datetime
) -> tuple[list[PolicyShown], str | None]:
    """One page of limits, of one class or all, those entered last in front; and the next cursor."""
    query = _policies(local_day(at=at))
    if ticket_class is not None:
        query = query.where(SlaPolicy.ticket_class == ticket_class)
    found = fetch_page(query, NEWEST_FIRST, page)
    return [_shown(row) for row in found.rows], found.next_cursor


def set_policy(actor: Actor, new: NewPolicy, *, at: datetime) -> PolicyShown:
    """A limit for tickets that are submitted from a later day on; audited.

    No day that has begun: by it alone a ticket's limits are found. Raises `Forbidden`,
    `InvalidInput`, `AlreadyExists`. `at` is business time.
    """
    demand(actor, Permission.CONFIGURE_PROMISES)
    today = local_day(at=at)
    db.session.execute(_ONE_AT_A_TIME)
    ladder = _checked(new, today)
    values = {
        "ticket_class": new.ticket_class.value,
        "clock": new.clock.value,
        "amount": new.amount,
        "unit": new.unit.value,
        "effective_from": new.effective_from,
        "extension_days": new.extension_days,
        "total_days": new.total_days,
        **asdict(ladder),
    }
    row = SlaPolicy(**values)
    db.session.add(row)
    db.session.flush()
    facts = values | {"effective_from": new.effective_from.isoformat(), "reason": new.reason}
    audit.record(actor, "set_sla_policy", f"sla_policy:{row.id}", facts)
    return _shown(db.session.execute(_policies(today).where(SlaPolicy.id == row.id)).one())


def _checked(new: NewPolicy, today: date) -> Ladder:
    """The ladder of a policy that may be set: the one given, or the one before it."""
    if new.effective_from <= today:
        detail = "生效日期最早为明天；已提交的诉求不受影响。"
        raise InvalidInput([FieldError("/effective_from", "past", detail)])
    _check_caps(new)
    same = sa.select(SlaPolicy).where(
        SlaPolicy.ticket_class == new.ticket_class, SlaPolicy.clock == new.clock
    )
    known = list(db.session.scalars(same.order_by(SlaPolicy.effective_from)))
    if any(one.effective_from == new.effective_from for one in known):
        raise AlreadyExists("同一天已有这一类、这一时限的标准。")
    if new.amount is None and not any(one.amount is None for one in known):
        raise InvalidInput([FieldError("/amount", "required", "这一时限须填写数量。")])
    ladder = new.ladder or _before(new, known)
    limit = None if new.amount is None else Limit(new.amount, new.unit)
    check_ladder(new.clock, ladder, limit)
    return ladder


def _before(new: NewPolicy, known: Sequence[SlaPolicy]) -> Ladder:
    """The ladder of the policy in force until the new one; `known` by the day they begin."""
    before = [one for one in known if one.effective_from < new.effective_from]
    if not before:
        detail = "此前没有这一类、这一时限的标准，须写明督办阶梯。"
        raise InvalidInput([FieldError("/ladder", "required", detail)])
    return ladder_in(before[-1])


def _check_caps(new: NewPolicy) -> None:
    is_extended = new.clock is ClockKind.FINISH and new.unit is Unit.WORKING_DAYS
    given = {"/extension_days": new.extension_days, "/total_days": new.total_days}
    errors = [
        FieldError(pointer, "not-extendable", "只有以工作日计的办结时限可以延期。")
        for pointer, days in given.items()
        if days is not None and not is_extended
    ]
    if errors:
        raise InvalidInput(errors)


def _policies(today: date) -> sa.Select[*tuple[Any, ...]]:
    other = aliased(SlaPolicy)
    in_force = (
        sa.select(sa.func.max(other.effective_from))
        .where(
            other.ticket_class == SlaPolicy.ticket_class,
            other.clock == SlaPolicy.clock,
            other.effective_from <= today,
        )
        .scalar_subquery()
    )
    return sa.select(
        SlaPolicy.id,
        SlaPolicy.ticket_class,
        SlaPolicy.clock,
        SlaPolicy.amount,
        SlaPolicy.unit,
        SlaPolicy.effective_from,
        SlaPolicy.extension_days,
        SlaPolicy.total_days,
        *LADDER_COLUMNS,
        sa.func.coalesce(SlaPolicy.effective_from == in_force, False).label("is_in_force"),
    )


def _shown(row: Any) -> PolicyShown:
    own = {one.name: getattr(row, one.name) for one in fields(PolicyShown) if one.name != "ladder"}
    return PolicyShown(**own, ladder=ladder_in(row))
