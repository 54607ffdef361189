"""提出结对, by a person: an enterprise shall have this housekeeper, if the unit agrees."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app.db import db
from app.domain.actor import Actor, Role
from app.domain.errors import AlreadyExists, FieldError, InvalidInput, Refused
from app.domain.pairing_flow import PairingRole, PairingState
from app.domain.pairing_grounds import Grounds, Rule
from app.domain.permissions import Permission
from app.domain.register import CLOSED_DOWN, DUTY_STATES
from app.models.enterprise import Enterprise
from app.models.housekeeper import Housekeeper
from app.models.organisation import Organisation
from app.models.pairing import Pairing
from services import audit
from services.pairing.load import load_of
from services.pairing.recusals import MustRecuse, recused
from services.visibility.pairings import reached_enterprises
from services.visibility.register import visible_housekeepers

ON_DUTY = DUTY_STATES[0]


class NotInCharge(Refused):
    """贵单位不负责报送这一类别的企业。"""

    code = "not-in-charge"


@dataclass(frozen=True, slots=True)
class Proposal:
    """An enterprise and who shall look after it, as `lead` or `deputy`, and why if said."""

    enterprise_id: int
    housekeeper_id: int
    role: PairingRole = PairingRole.LEAD
    note: str | None = None


def propose(
    actor: Actor, proposal: Proposal, *, rule: Rule = Rule.PERSON, at: datetime
) -> tuple[int, tuple[str, ...]]:
    """The new pairing's id, and what warns of the load. It waits for the unit's confirmation.

    Raises `InvalidInput` (unknown, closed down, not on duty, in both roles), `NotInCharge`,
    `MustRecuse`, `AlreadyExists`.
    """
    enterprise = _enterprise(actor, proposal)
    housekeeper = _housekeeper(actor, proposal)
    if not may_report(actor, enterprise.primary_category):
        raise NotInCharge
    if db.session.scalar(
        sa.select(recused(enterprise.id, housekeeper.id, housekeeper.organisation_id))
    ):
        raise MustRecuse
    _check_other_role(proposal)
    load = load_of(housekeeper.id, at=at)
    carried = load.key_pairings + load.other_pairings + load.waiting_pairings
    pairing_id = _stored(actor, proposal, Grounds(rule, carried, note=proposal.note), at)
    audit.record(actor, "propose_pairing", f"pairing:{pairing_id}")
    return pairing_id, load.warnings


def may_report(actor: Actor, category: str) -> bool:
    """A register officer speaks for the categories that the own unit reports, where it is said."""
    if actor.role is not Role.REGISTER_OFFICER:
        return True
    reports = db.session.scalar(
        sa.select(Organisation.reports_categories).where(Organisation.id == actor.organisation_id)
    )
    return not reports or category in reports


def demand_charge(actor: Actor, enterprise_id: int) -> None:
    """An authority leaves alone what others report. Raises `NotInCharge`."""
    category = sa.select(Enterprise.primary_category).where(Enterprise.id == enterprise_id)
    if not may_report(actor, db.session.scalars(category).one()):
        raise NotInCharge


def _stored(actor: Actor, proposal: Proposal, grounds: Grounds, at: datetime) -> int:
    storing = (
        insert(Pairing)
        .values(
            enterprise_id=proposal.enterprise_id,
            housekeeper_id=proposal.housekeeper_id,
            role=proposal.role.value,
            state=PairingState.PROPOSED.value,
            proposed_at=at,
            proposed_by=actor.account_id,
            grounds=grounds.stored(),
        )
        .on_conflict_do_nothing()
        .returning(Pairing.id)
    )
    pairing_id = db.session.scalar(storing)
    if pairing_id is None:
        raise AlreadyExists("这家企业与这位管家已经结对，或已经提出。")
    return pairing_id


def _enterprise(actor: Actor, proposal: Proposal) -> Any:
    query = sa.select(Enterprise.id, Enterprise.primary_category, Enterprise.operating_state).where(
        Enterprise.id == proposal.enterprise_id,
        reached_enterprises(actor, Permission.PROPOSE_PAIRING),
    )
    found = db.session.execute(query).one_or_none()
    if found is None:
        raise _wrong("/enterprise_id", "unknown-enterprise", "没有这个企业，或不在您的范围内。")
    if found.operating_state == CLOSED_DOWN:
        raise _wrong("/enterprise_id", "enterprise-closed", "该企业已注销。")
    return found


def _housekeeper(actor: Actor, proposal: Proposal) -> Any:
    query = sa.select(Housekeeper.id, Housekeeper.organisation_id, Housekeeper.duty_state).where(
        Housekeeper.id == proposal.housekeeper_id, visible_housekeepers(actor)
    )
    found = db.session.execute(query).one_or_none()
    if found is None:
        raise _wrong("/housekeeper_id", "unknown-housekeeper", "没有这位管家，或不在您的范围内。")
    if found.duty_state != ON_DUTY:
        raise _wrong("/housekeeper_id", "not-on-duty", f"该管家{found.duty_state}，不能结对。")
    return found


def _check_other_role(proposal: Proposal) -> None:
    """One and the same person is no stand-in."""
    other = sa.exists().where(
        Pairing.enterprise_id == proposal.enterprise_id,
        Pairing.housekeeper_id == proposal.housekeeper_id,
        Pairing.role != proposal.role.value,
        Pairing.state != PairingState.ENDED.value,
    )
    if db.session.scalar(sa.select(other)):
        raise _wrong("/role", "both-roles", "同一人不能既是这家企业的管家，又是副管家。")


def _wrong(pointer: str, code: str, detail: str) -> InvalidInput:
    return InvalidInput([FieldError(pointer, code, detail)])
