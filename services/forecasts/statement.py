"""预报的查询: one statement finds what falls due, whom it concerns, who is out of reach.

It begins at what falls due in a window of time, which indexes know; each person after that is
looked up by key.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from app.domain.actor import Role
from app.domain.audience import Audience
from app.domain.reach import NO_CLOCKS, WATCHED, DueMatter, Window
from app.domain.vocabulary import MatterKind
from app.domain.work_calendar import LOCAL_ZONE
from app.models.account import Account, Membership
from app.models.enterprise import Enterprise
from app.models.follow_up import FollowUpVisit
from app.models.housekeeper import Housekeeper
from app.models.matter import Matter
from app.models.sla import SlaClock
from app.models.subscription import WechatQuota, WechatTemplate
from app.models.ticket import Ticket
from app.models.wechat import WechatBinding, WechatProgram
from app.models.wecom import WecomBinding
from services.visibility.asking import Condition

CLOCKS = [matter.value for matter in DueMatter if matter not in NO_CLOCKS]
UNIT_AUDIENCES = (Audience.CLOCK_UNIT, Audience.CLOCK_APPROVERS, Audience.CONVENED)
HANDLERS = (Role.HANDLER.value, Role.CO_HANDLER.value)


@dataclass(frozen=True, slots=True)
class Reach:
    """What is looked at: which tickets and visits, whom; by which mini-programs, texts, WeCom.

    `at`, in business time: who holds a seat then is meant.
    """

    tickets: Condition
    visits: Condition
    audiences: tuple[Audience, ...]
    appids: tuple[str, ...]
    has_texts: bool
    has_wecom: bool
    at: datetime


def unreachable(reach: Reach, window: Window) -> sa.Subquery:
    """Everybody whom nothing reaches for what falls due in `window`, one row for each matter.

    `key` tells the rows apart; two of the same person differ in their audience at least.
    """
    due, watched = _due(reach, window), _watched(reach)
    person = _people(due, watched, at=reach.at)
    bound = _binding(reach, watched, person)
    is_usable = sa.and_(
        WechatTemplate.appid == bound.c.appid,
        WechatTemplate.template == watched.c.template,
        WechatTemplate.state == "usable",
    )
    return (
        sa.select(*_columns(due, watched, person, bound))
        .select_from(due)
        .join(watched, watched.c.matter == due.c.matter)
        .join(person, sa.true())
        .join(Account, sa.and_(Account.id == person.c.account_id, Account.is_enabled))
        .join(Enterprise, Enterprise.id == due.c.enterprise_id)
        .outerjoin(bound, sa.true())
        .outerjoin(WechatTemplate, is_usable)
        .outerjoin(WechatQuota, _is_agreed(bound))
        .where(_is_out_of_reach(watched, bound, has_texts=reach.has_texts))
        .where(_is_without_wecom(reach, watched, person))
        .subquery("unreachable")
    )


def _is_agreed(bound: Any) -> Condition:
    """A consent to the template that is left."""
    return sa.and_(
        WechatQuota.binding_id == bound.c.id,
        WechatQuota.template_id == WechatTemplate.template_id,
        WechatQuota.is_refused.is_(False),
        sa.or_(WechatQuota.is_standing, WechatQuota.remaining > 0),
    )


def _binding(reach: Reach, watched: Any, person: Any) -> Any:
    """The person in the mini-program that is meant for the audience, else in the newest."""
    is_enterprise = watched.c.audience == Audience.ENTERPRISE.value
    own = sa.case((is_enterprise, "enterprises"), else_="officials")
    is_meant = WechatProgram.audience.in_(("both", own))
    return (
        sa.select(WechatBinding.id, WechatBinding.appid)
        .outerjoin(WechatProgram, WechatProgram.appid == WechatBinding.appid)
        .where(
            WechatBinding.account_id == person.c.account_id,
            WechatBinding.appid.in_(reach.appids),
            WechatBinding.ended_at.is_(None),
        )
        .order_by(is_meant.desc().nulls_last(), WechatBinding.id.desc())
        .limit(1)
        .lateral("bound")
    )


def _is_without_wecom(reach: Reach, watched: Any, person: Any) -> Condition:
    """What goes to phones reaches an official in WeCom, whatever the mini-program says."""
    if not reach.has_wecom:
        return sa.true()
    is_member = sa.exists().where(
        WecomBinding.account_id == person.c.account_id, WecomBinding.ended_at.is_(None)
    )
    return sa.or_(watched.c.audience == Audience.ENTERPRISE.value, sa.not_(is_member))


def _is_out_of_reach(watched: Any, bound: Any, *, has_texts: bool) -> Condition:
    """The same as `app.domain.reach.hindrances` says of the row."""
    no_number = Account.phone.is_(None)
    no_text = no_number if has_texts else sa.true()
    # Where a consent is there, so are the binding and the template.
    return sa.case(
        (watched.c.template.is_(None), sa.and_(bound.c.id.is_(None), no_number)),
        else_=sa.and_(
            WechatQuota.binding_id.is_(None), sa.or_(sa.not_(watched.c.falls_back), no_text)
        ),
    )


def _columns(due: Any, watched: Any, person: Any, bound: Any) -> list[Any]:
    parts = (due.c.matter, due.c.ticket_id, due.c.visit_id, person.c.account_id, watched.c.audience)
    return [
        *(due.c.ticket_id, due.c.ticket_number, due.c.matter, due.c.due_at),
        *(watched.c.audience, watched.c.kind, watched.c.template, watched.c.falls_back),
        *(person.c.account_id, person.c.membership_id, person.c.role),
        *(Account.name, Enterprise.name.label("enterprise_name")),
        bound.c.id.is_not(None).label("is_bound"),
        WechatTemplate.template.is_not(None).label("has_template"),
        WechatQuota.binding_id.is_not(None).label("has_consent"),
        Account.phone.is_not(None).label("has_number"),
        sa.func.concat_ws("-", *(sa.cast(part, sa.Text) for part in parts), type_=sa.Text).label(
            "key"
        ),
    ]


def _watched(reach: Reach) -> Any:
    """The table of the domain, as rows of the statement."""
    rows = [
        (one.matter.value, one.audience.value, one.kind.value, one.template, one.falls_back)
        for one in WATCHED
        if one.audience in reach.audiences
    ]
    texts = [sa.column(name, sa.Text) for name in ("matter", "audience", "kind", "template")]
    return sa.values(*texts, sa.column("falls_back", sa.Boolean), name="watched").data(rows)


def _due(reach: Reach, window: Window) -> sa.Subquery:
    found = sa.union_all(_clocks(reach, window), _meetings(reach, window), _visits(reach, window))
    return found.subquery("due")


_NOBODY = sa.cast(sa.null(), sa.BigInteger)
_OPENLY = sa.case((Ticket.is_confidential.is_(False), Ticket.housekeeper_id))
"""What is confidential is kept from the housekeeper."""


def _clocks(reach: Reach, window: Window) -> sa.Select[Any]:
    runs = SlaClock.stopped_at.is_(None), SlaClock.round == Ticket.round
    falls_due = SlaClock.due_at >= window.start, SlaClock.due_at < window.end
    return (
        sa.select(
            *(Ticket.id.label("ticket_id"), Ticket.number.label("ticket_number")),
            *(_NOBODY.label("visit_id"), Ticket.enterprise_id, _OPENLY.label("housekeeper_id")),
            *(SlaClock.organisation_id, SlaClock.kind.label("matter"), SlaClock.due_at),
        )
        .join(Ticket, Ticket.id == SlaClock.ticket_id)
        .where(SlaClock.kind.in_(CLOCKS), *runs, *falls_due, reach.tickets)
    )


def _meetings(reach: Reach, window: Window) -> sa.Select[Any]:
    unit = sa.func.jsonb_array_elements_text(Matter.details["organisation_ids"])
    units = unit.table_valued(sa.column("id", sa.Text), name="unit").render_derived()
    held_on = _midnight(sa.cast(Matter.details["held_on"].astext, sa.Date))
    return (
        sa.select(
            *(Ticket.id, Ticket.number, _NOBODY, Ticket.enterprise_id, _NOBODY),
            sa.cast(units.c.id, sa.BigInteger),
            *(sa.literal(DueMatter.MEETING.value, sa.Text), held_on),
        )
        .select_from(Matter)
        .join(Ticket, Ticket.id == Matter.ticket_id)
        .join(units, sa.true())
        .where(
            Matter.kind == MatterKind.JOINT_MEETING,
            Matter.settled_at.is_(None),
            held_on >= window.start,
            held_on < window.end,
            reach.tickets,
        )
    )


def _visits(reach: Reach, window: Window) -> sa.Select[Any]:
    """Those of a ticket that is gone from sight go by the enterprise all the same."""
    days = [each.astimezone(LOCAL_ZONE).date() for each in (window.start, window.end)]
    return (
        sa.select(
            *(FollowUpVisit.ticket_id, Ticket.number, FollowUpVisit.id),
            *(FollowUpVisit.enterprise_id, FollowUpVisit.housekeeper_id, _NOBODY),
            *(sa.literal(DueMatter.VISIT.value, sa.Text), _midnight(FollowUpVisit.planned_for)),
        )
        .select_from(FollowUpVisit)
        .join(Enterprise, Enterprise.id == FollowUpVisit.enterprise_id)
        .join(Housekeeper, Housekeeper.id == FollowUpVisit.housekeeper_id)
        .outerjoin(Ticket, Ticket.id == FollowUpVisit.ticket_id)
        .where(
            FollowUpVisit.state == sa.literal_column("'planned'"),
            FollowUpVisit.planned_for >= days[0],
            FollowUpVisit.planned_for < days[1],
            reach.visits,
            sa.or_(FollowUpVisit.ticket_id.is_(None), reach.tickets),
        )
    )


def _midnight(day: Any) -> Any:
    return sa.func.timezone(LOCAL_ZONE.key, sa.cast(day, sa.TIMESTAMP))


def _people(due: Any, watched: Any, *, at: datetime) -> Any:
    """Who stands for an audience, each person once."""
    to, seat = watched.c.audience, Membership
    of_unit = sa.case(
        (to == Audience.CLOCK_APPROVERS.value, seat.role == Role.UNIT_APPROVER.value),
        else_=seat.role.in_(HANDLERS),
    )
    branches = (
        (to == Audience.ENTERPRISE.value, seat.enterprise_id == due.c.enterprise_id),
        (
            to == Audience.HOUSEKEEPER.value,
            seat.housekeeper_id == due.c.housekeeper_id,
            seat.role == Role.HOUSEKEEPER.value,
        ),
        (
            to.in_([audience.value for audience in UNIT_AUDIENCES]),
            seat.organisation_id == due.c.organisation_id,
            of_unit,
        ),
    )
    seats = sa.union_all(*(_seats(due, watched, *branch, at=at) for branch in branches)).subquery(
        "seats"
    )
    return (
        sa.select(*seats.c)
        .ext(distinct_on(seats.c.account_id))
        .order_by(seats.c.account_id, seats.c.membership_id)
        .lateral("person")
    )


def _seats(due: Any, watched: Any, *conditions: Condition, at: datetime) -> Any:
    is_held = (
        Membership.valid_from <= at,
        sa.or_(Membership.valid_until.is_(None), Membership.valid_until > at),
    )
    columns = Membership.account_id, Membership.id.label("membership_id"), Membership.role
    seats = sa.select(*columns).where(*conditions, *is_held)
    return seats.correlate(due, watched)
