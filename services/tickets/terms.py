"""The promises in force. What they are made of is kept in the process: it is only added to."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.db import db
from app.domain.audience import Audience, Channel
from app.domain.errors import Refused
from app.domain.ladder import NO_RUNGS, Ladder, Ladders
from app.domain.limits import Unit
from app.domain.rules import Rule, Rules
from app.domain.rung_recipients import Key, Recipient, Recipients
from app.domain.sla_clock import ClockKind, Rung
from app.domain.terms import Policies, Policy, Terms
from app.domain.vocabulary import TicketClass
from app.domain.work_calendar import LOCAL_ZONE, WorkCalendar
from app.models.flow_rule import FlowRule
from app.models.rung_recipients import RungRecipients
from app.models.sla import SlaPolicy, WorkCalendarVersion
from app.models.ticket import Ticket


class Stamp(NamedTuple):
    """The newest calendar, policy and rule: all are added to, never changed."""

    calendar: int | None
    policy: int | None
    rule: int | None


kept_documents: dict[int, Mapping[str, Any]] = {}
kept_calendars: dict[tuple[int, str], WorkCalendar] = {}
"""Of published versions, which never change."""

_NEWEST = sa.select(sa.func.max(WorkCalendarVersion.version))
NEWEST_CALENDAR = _NEWEST.scalar_subquery().label("newest_calendar")
"""Among the columns of another select: which calendar `calendar_of` is to give."""

NEWEST_POLICY = sa.select(sa.func.max(SlaPolicy.id)).scalar_subquery().label("newest_policy")
NEWEST_RULE = sa.select(sa.func.max(FlowRule.id)).scalar_subquery().label("newest_rule")
"""The same: with the three of them `terms_of` finds the terms."""

LADDER_COLUMNS = [SlaPolicy.__table__.c[one.name] for one in fields(Ladder)]

DAYS_KEPT = 2_000
STAMPS_KEPT = 20

_POLICIES = sa.select(
    SlaPolicy.id,
    SlaPolicy.ticket_class,
    SlaPolicy.clock,
    SlaPolicy.amount,
    SlaPolicy.unit,
    SlaPolicy.extension_days,
    SlaPolicy.total_days,
    SlaPolicy.effective_from,
    *LADDER_COLUMNS,
).order_by(SlaPolicy.effective_from)
_RULES = sa.select(FlowRule.name, FlowRule.amount, FlowRule.effective_from).order_by(
    FlowRule.effective_from
)


class NoCalendar(Refused):
    """系统尚未载入工作日历，请联系管理员。"""

    code = "no-calendar"


def terms_at(area_code: str = "", *, at: datetime) -> Terms:
    """The newest calendar and, for each class and clock, the policy in force on the local day.

    Raises `NoCalendar`.
    """
    newest = db.session.execute(sa.select(NEWEST_CALENDAR, NEWEST_POLICY, NEWEST_RULE)).one()
    return terms_of(Stamp(*newest), day=local_day(at=at), area_code=area_code)


def terms_of(stamp: Stamp, *, day: date, area_code: str = "") -> Terms:
    """By `stamp`: the newest calendar as it holds in the area, policies and rules of a local day.

    Found without a statement for as long as nothing is added. Raises `NoCalendar`.
    """
    return Terms(
        calendar_of(stamp.calendar, area_code),
        _in_force(stamp.policy, day),
        calendar_of,
        ladders_of(stamp.policy),
        rules_of(stamp.rule, day),
    )


def rules_at(*, at: datetime) -> Rules:
    """The rules in force on the local day, for what is not about a ticket."""
    return rules_of(db.session.scalar(sa.select(NEWEST_RULE)), local_day(at=at))


@lru_cache(DAYS_KEPT)
def rules_of(newest: int | None, day: date) -> Rules:
    """The rules in force on a day, `newest` being the last that was set."""
    return Rules(
        {Rule(row.name): row.amount for row in _rules(newest) if row.effective_from <= day}
    )


def recipients_on(day: date) -> Recipients:
    """Who hears of which rung, of tickets that began on a day."""
    return _heard(db.session.scalar(sa.select(sa.func.max(RungRecipients.id))), day)


def recipients_in(row: Any) -> tuple[Recipient, ...]:
    """Those of a row of `rung_recipients`."""
    return tuple(
        Recipient(Audience(one["audience"]), Channel(one["channel"])) for one in row.recipients
    )


def rule_of_ticket(rule: Rule) -> sa.ScalarSelect[int]:
    """The number that holds for a ticket, among the conditions of a statement about tickets."""
    submitted_on = sa.cast(sa.func.timezone(LOCAL_ZONE.key, Ticket.submitted_at), sa.Date)
    began = sa.func.coalesce(Ticket.policies_on, submitted_on)
    return (
        sa.select(FlowRule.amount)
        .where(FlowRule.name == rule, FlowRule.effective_from <= began)
        .order_by(FlowRule.effective_from.desc())
        .limit(1)
        .correlate(Ticket)
        .scalar_subquery()
    )


def first_day(submitted_at: datetime, policies_on: date | None) -> date:
    """The day whose terms a ticket has: that of its submission, or of a retarget by hand."""
    return policies_on or local_day(at=submitted_at)


def local_day(*, at: datetime) -> date:
    """The day on which the instant lies in China."""
    return at.astimezone(LOCAL_ZONE).date()


def newest_calendar(area_code: str = "") -> WorkCalendar:
    """Raises `NoCalendar`."""
    return calendar_of(db.session.scalar(_NEWEST), area_code)


def working_days_after(since: datetime, days: int) -> datetime:
    """Closing time of so many working days after `since`. Raises `NoCalendar`."""
    return newest_calendar().close_of_day(since, days)


def calendar_of(version: int | None, area_code: str = "") -> WorkCalendar:
    """A published version as it holds in an area; kept in the process, because it never changes.

    Raises `NoCalendar` without any.
    """
    if version is None:
        raise NoCalendar
    if version not in kept_documents:
        kept_documents[version] = db.session.execute(
            sa.select(WorkCalendarVersion.document).where(WorkCalendarVersion.version == version)
        ).scalar_one()
    document = kept_documents[version]
    key = version, narrowest(document, area_code)
    if key not in kept_calendars:
        kept_calendars[key] = WorkCalendar.from_document(version, document, area_code)
    return kept_calendars[key]


def areas_with_hours(version: int) -> set[str]:
    """The prefixes for which a published version has office hours, "" always among them."""
    calendar_of(version)
    return {"", *(row.get("area", "") for row in kept_documents[version].get("hours", ()))}


def narrowest(document: Mapping[str, Any], area_code: str) -> str:
    """The longest prefix of `area_code` for which the document has office hours, "" without any."""
    prefixes = (row.get("area", "") for row in document.get("hours", ()))
    return max((each for each in prefixes if area_code.startswith(each)), key=len, default="")


@lru_cache(DAYS_KEPT)
def _in_force(newest: int | None, day: date) -> Policies:
    return {
        (TicketClass(row.ticket_class), ClockKind(row.clock)): Policy(
            row.id, row.amount, Unit(row.unit), row.extension_days, row.total_days
        )
        for row in _policies(newest)
        if row.effective_from <= day
    }


@lru_cache(DAYS_KEPT)
def _heard(newest: int | None, day: date) -> Recipients:
    return {
        Key(
            Rung(row.rung),
            ClockKind(row.clock) if row.clock else None,
            TicketClass(row.ticket_class) if row.ticket_class else None,
        ): recipients_in(row)
        for row in _recipients(newest)
        if row.effective_from <= day
    }


@lru_cache(STAMPS_KEPT)
def _recipients(newest: int | None) -> tuple[Any, ...]:
    """All rows up to the newest, those that came into force later behind."""
    table = RungRecipients.__table__
    rows = sa.select(table).where(table.c.id <= newest).order_by(table.c.effective_from)
    return tuple(db.session.execute(rows))


@lru_cache(STAMPS_KEPT)
def ladders_of(newest: int | None) -> Ladders:
    """The ladders of all policies up to the newest, those of past and coming days among them."""
    of_policies = {row.id: ladder_in(row) for row in _policies(newest)}
    return {None: NO_RUNGS, **of_policies}


def ladder_in(row: Any) -> Ladder:
    """The ladder in a row that has `LADDER_COLUMNS`."""
    return Ladder(**{column.name: getattr(row, column.name) for column in LADDER_COLUMNS})


@lru_cache(STAMPS_KEPT)
def _policies(newest: int | None) -> tuple[Any, ...]:
    """All of them up to the newest, those that came into force later behind."""
    return tuple(db.session.execute(_POLICIES.where(SlaPolicy.id <= newest)))


@lru_cache(STAMPS_KEPT)
def _rules(newest: int | None) -> tuple[Any, ...]:
    """The same of the rules."""
    return tuple(db.session.execute(_RULES.where(FlowRule.id <= newest)))


KEPT_BY_ID = (rules_of, _in_force, _heard, ladders_of, _policies, _recipients, _rules)
"""What the process keeps by the newest id there was; an id means the same in one database only."""
