"""提交诉求: by the enterprise itself, or by staff on its behalf."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from app import sealing
from app.domain.actor import Actor
from app.domain.errors import FieldError, InvalidInput
from app.domain.facts.intake import Submission
from app.domain.intake import Earlier, Intake, open_ticket
from app.domain.permissions import Permission, demand
from app.domain.terms import Moment
from app.domain.ticket_state import Change
from app.domain.vocabulary import Channel
from app.domain.work_calendar import LOCAL_ZONE, WorkCalendar
from app.models.category import Category
from app.models.enterprise import Enterprise
from app.models.housekeeper import Housekeeper
from app.models.pairing import STANDING, Pairing
from app.models.ticket import ticket_number_sequence
from app.prepared import Prepared
from services.directory.closed_enterprises import EnterpriseClosed
from services.notifications.announce import announce
from services.notifications.places import Standing
from services.search.ticket_terms import Said, ticket_terms, words_of
from services.tickets.checks import check_category, check_facts
from services.tickets.terms import (
    NEWEST_CALENDAR,
    NEWEST_POLICY,
    NEWEST_RULE,
    Stamp,
    local_day,
    terms_of,
)
from services.tickets.write import write_new
from services.visibility.asking import AnyActor, any_actor, values_of
from services.visibility.register import visible_enterprises

_TOLD = ("enterprise_name", "housekeeper_name", "housekeeper_phone", "newest_rule")


@dataclass(frozen=True, slots=True)
class Submitted:
    """A new ticket: what was written, and beside it what else a representation carries."""

    change: Change
    beside: Mapping[str, Any]

    @property
    def number(self) -> str:
        return self.change.number


def submit(
    actor: Actor,
    facts: Submission,
    prefix: str,
    *,
    earlier: Earlier | None = None,
    at: datetime,
) -> Submitted:
    """A new ticket of a visible enterprise, numbered `prefix` + local date + sequence.

    `earlier` is the ticket that it is handed in again for.
    Raises `Forbidden`, `InvalidInput`, `EnterpriseClosed`.
    """
    demand(actor, Permission.SUBMIT)
    _check_channel(actor, facts)
    found = _look_up(actor, _enterprise_id(actor, facts))
    categories = found.categories or {}
    check_category(facts, categories)
    check_facts(actor, facts)
    if found.operating_state == "注销":
        raise EnterpriseClosed
    number = f"{prefix}{at.astimezone(LOCAL_ZONE):%Y%m%d}-{found.sequence:06d}"
    intake = Intake(number, *_places(found), found.housekeeper_unit_id, earlier)
    stamp = Stamp(found.newest_calendar, found.newest_policy, found.newest_rule)
    terms = terms_of(stamp, day=local_day(at=at), area_code=found.area_code)
    change = open_ticket(intake, facts, actor, Moment(at, terms))
    sealed = _written(change, facts, found, terms.calendar)
    told = {name: getattr(found, name) for name in _TOLD}
    return Submitted(change, sealed | told | {"category_name": categories.get(facts.category_code)})


def _places(found: Any) -> tuple[int, str, int | None]:
    return found.enterprise_id, found.area_code, found.housekeeper_id


def _written(
    change: Change, facts: Submission, found: Any, calendar: WorkCalendar
) -> dict[str, bytes | None]:
    """Puts the ticket down, with its words and messages; its sealed contact."""
    standing = Standing(*_places(found), is_confidential=change.values["is_confidential"])
    sealed = _sealed_contact(facts)
    words = _words(change.number, facts, found)
    write_new(change, sealed, words, announce(change, standing, calendar))
    return sealed


def _words(number: str, facts: Submission, found: Any) -> list[str]:
    """What the ticket is found by; an anonymous one not by whose it is."""
    said = Said(number, facts.title, facts.body, facts.contact_name, facts.contact_phone)
    if facts.is_anonymous:
        return words_of(said)
    return ticket_terms(said, found.enterprise_name, found)


def _check_channel(actor: Actor, facts: Submission) -> None:
    if actor.is_enterprise and facts.channel is not Channel.MINI_PROGRAM:
        detail = "企业自行提交的渠道为 mini_program。"
        raise InvalidInput([FieldError("/channel", "channel", detail)])


def _enterprise_id(actor: Actor, facts: Submission) -> int:
    if actor.enterprise_id is not None:
        if facts.enterprise_id not in (None, actor.enterprise_id):
            detail = "只能为本企业提交诉求。"
            raise InvalidInput([FieldError("/enterprise_id", "own-enterprise", detail)])
        return actor.enterprise_id
    if facts.enterprise_id is None:
        detail = "代企业提交时须选择企业。"
        raise InvalidInput([FieldError("/enterprise_id", "required", detail)])
    return facts.enterprise_id


def _look_up(actor: Actor, enterprise_id: int) -> Any:
    """The enterprise, who looks after it, the next number, and what is in force."""
    values = values_of(actor) | {"enterprise_id": enterprise_id}
    rows = _enterprise(any_actor(actor)).execute(values)
    if not rows:
        detail = "没有这个企业，或不在您的范围内。"
        raise InvalidInput([FieldError("/enterprise_id", "unknown-enterprise", detail)])
    return rows[0]


_IS_LEAD = sa.and_(
    Pairing.enterprise_id == Enterprise.id, Pairing.role == "lead", Pairing.state.in_(STANDING)
)
_CATEGORIES = sa.select(sa.func.json_object_agg(Category.code, Category.name)).where(
    Category.is_active
)


@cache
def _enterprise(who: AnyActor) -> Prepared:
    wanted = sa.bindparam("enterprise_id", type_=sa.BigInteger)
    return Prepared(
        sa.select(
            Enterprise.id.label("enterprise_id"),
            Enterprise.operating_state,
            sa.func.coalesce(Enterprise.managing_area_code, Enterprise.area_code).label(
                "area_code"
            ),
            Enterprise.name.label("enterprise_name"),
            Enterprise.uscc,
            Enterprise.contact_name_hash,
            Enterprise.contact_phone_tail_hash,
            Housekeeper.id.label("housekeeper_id"),
            Housekeeper.organisation_id.label("housekeeper_unit_id"),
            Housekeeper.name.label("housekeeper_name"),
            Housekeeper.office_phone.label("housekeeper_phone"),
            ticket_number_sequence.next_value().label("sequence"),
            _CATEGORIES.scalar_subquery().label("categories"),
            NEWEST_CALENDAR,
            NEWEST_POLICY,
            NEWEST_RULE,
        )
        .outerjoin(Pairing, _IS_LEAD)
        .outerjoin(Housekeeper, Housekeeper.id == Pairing.housekeeper_id)
        .where(Enterprise.id == wanted, visible_enterprises(who))
    )


def _sealed_contact(facts: Submission) -> dict[str, bytes | None]:
    return {
        column: sealing.seal(text, f"tickets.{column}") if text else None
        for column, text in (
            ("contact_name", facts.contact_name),
            ("contact_phone", facts.contact_phone),
        )
    }
