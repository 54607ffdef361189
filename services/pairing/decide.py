"""确认、启用、结束结对: what people decide about a pairing that is there.

What is confirmed begins at once where nobody stands in its role. Else it waits until somebody who
answers for the area lets it begin, and ends whoever stood there in the same transaction.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain.actor import Actor
from app.domain.errors import FieldError, InvalidInput, NotFound
from app.domain.pairing_flow import (
    GIVEN_REASONS,
    STANDING,
    EndReason,
    PairingDeed,
    after,
)
from app.domain.permissions import Permission
from app.models.enterprise import Enterprise
from app.models.housekeeper import Housekeeper
from app.models.pairing import Pairing
from services import audit
from services.pairing.load import load_of
from services.pairing.propose import ON_DUTY, demand_charge
from services.pairing.recusals import MustRecuse, recused
from services.pairing.tell import tell_of_change
from services.visibility.pairings import visible_pairings


@dataclass(frozen=True, slots=True)
class Ending:
    """Why a pairing ends, in a word and in people's own words."""

    reason: EndReason
    note: str | None = None


def confirm(actor: Actor, pairing_id: int, *, at: datetime) -> tuple[str, ...]:
    """The unit agrees; answers what warns of the load. It begins where its place is vacant.

    Raises `NotFound`, `PairingStateForbids`, `MustRecuse`, `InvalidInput` (not on duty any more).
    """
    found = _locked(actor, pairing_id, Permission.CONFIRM_PAIRING)
    _check_fit(found)
    _set(found, PairingDeed.CONFIRM, confirmed_by=actor.account_id, confirmed_at=at)
    if _incumbent(found) is None:
        _set(found, PairingDeed.ACTIVATE, started_at=at)
        tell_of_change([found.id], at=at)
    audit.record(actor, "confirm_pairing", f"pairing:{pairing_id}")
    return load_of(found.housekeeper_id, at=at).warnings


def activate(actor: Actor, pairing_id: int, *, at: datetime) -> tuple[str, ...]:
    """Let a confirmed pairing begin, in the place of whoever stands there; answers warnings.

    Raises `NotFound`, `NotInCharge`, `PairingStateForbids` (not confirmed; a handover is
    under way), `MustRecuse`, `InvalidInput`.
    """
    found = _locked(actor, pairing_id, Permission.END_PAIRING)
    after(found.state, PairingDeed.ACTIVATE)
    _check_fit(found)
    incumbent = _incumbent(found)
    if incumbent is not None:
        _end(actor, incumbent, Ending(EndReason.REPLACED), at)
    _set(found, PairingDeed.ACTIVATE, started_at=at)
    tell_of_change([found.id], at=at)
    audit.record(actor, "activate_pairing", f"pairing:{pairing_id}")
    return load_of(found.housekeeper_id, at=at).warnings


def decline(actor: Actor, pairing_id: int, note: str | None, *, at: datetime) -> None:
    """What was proposed shall not be. Raises `NotFound`, `NotInCharge`, `PairingStateForbids`."""
    found = _locked(actor, pairing_id, Permission.DECLINE_PAIRING)
    after(found.state, PairingDeed.DECLINE)
    _end(actor, found, Ending(EndReason.DECLINED, note), at)
    audit.record(actor, "decline_pairing", f"pairing:{pairing_id}")


def end(actor: Actor, pairing_id: int, ending: Ending, *, at: datetime) -> None:
    """The pairing is over and its place vacant; who stood and for whom is told.

    Raises `NotFound`, `NotInCharge`, `PairingStateForbids` (over already, or being handed over),
    `InvalidInput`.
    """
    found = _locked(actor, pairing_id, Permission.END_PAIRING)
    if ending.reason not in GIVEN_REASONS:
        named = "、".join(GIVEN_REASONS)
        detail = f"应为下列之一：{named}。"
        raise InvalidInput([FieldError("/reason", "choice", detail)])
    stood = found.state in STANDING
    _end(actor, found, ending, at)
    if stood:
        tell_of_change([found.id], at=at)
    audit.record(actor, "end_pairing", f"pairing:{pairing_id}", {"reason": ending.reason.value})


def _locked(actor: Actor, pairing_id: int, permission: Permission) -> Pairing:
    """The pairing, with the enterprise locked, so that two do not fill one place."""
    query = (
        sa.select(Pairing)
        .join(Enterprise, Enterprise.id == Pairing.enterprise_id)
        .join(Housekeeper, Housekeeper.id == Pairing.housekeeper_id)
        .where(Pairing.id == pairing_id, visible_pairings(actor, permission))
        .with_for_update(of=(Enterprise, Pairing), key_share=True)
        .execution_options(populate_existing=True)
    )
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise NotFound
    demand_charge(actor, found.enterprise_id)
    return found


def _incumbent(found: Pairing) -> Pairing | None:
    """Who stands in the same role for the same enterprise."""
    query = sa.select(Pairing).where(
        Pairing.enterprise_id == found.enterprise_id,
        Pairing.role == found.role,
        Pairing.state.in_(STANDING),
        Pairing.id != found.id,
    )
    return db.session.scalars(query.with_for_update()).one_or_none()


def _check_fit(found: Pairing) -> None:
    """What may have changed since the proposal: on duty still, and nobody has to keep away."""
    columns = sa.select(
        Housekeeper.duty_state,
        recused(found.enterprise_id, Housekeeper.id, Housekeeper.organisation_id).label("apart"),
    )
    row = db.session.execute(columns.where(Housekeeper.id == found.housekeeper_id)).one()
    if row.apart:
        raise MustRecuse
    if row.duty_state != ON_DUTY:
        detail = f"该管家{row.duty_state}，不能结对。"
        raise InvalidInput([FieldError("", "not-on-duty", detail)], detail)


def _set(found: Pairing, deed: PairingDeed, **values: Any) -> None:
    found.state = after(found.state, deed).value
    for name, value in values.items():
        setattr(found, name, value)
    db.session.flush()


def _end(actor: Actor, found: Pairing, ending: Ending, at: datetime) -> None:
    values = {"ended_at": at, "ended_by": actor.account_id}
    told = {"end_reason": ending.reason.value, "end_note": ending.note}
    _set(found, PairingDeed.END, **values, **told)
