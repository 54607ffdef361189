"""What addresses of pairings are filled with, within the reach of whoever asks."""

from typing import Any

from app.db import db
from app.domain.actor import UNIT_ROLES, Role
from app.models.handover import Handover
from app.models.organisation import Organisation
from app.models.pairing import HousekeeperChangeRequest, Pairing, Recusal
from tests.factories import (
    MONDAY,
    Person,
    make_enterprise,
    make_housekeeper,
    make_organisation,
    make_pairing,
)


def things_of_pairing(cast: Any, owner: Person) -> dict[str, int]:
    """A standing pairing of the cast's enterprise, or of the asker's unit, and a recusal."""
    return {
        "pairing_id": _pairing(cast, owner),
        "recusal_id": _recusal(cast),
        "handover_id": _handover(cast, owner),
        "change_request_id": _change_request(cast),
    }


def _change_request(cast: Any) -> int:
    """The enterprise's of a quarter long past."""
    wanted = {"enterprise_id": cast.enterprise.id, "quarter": "2020Q1"}
    known = db.session.query(HousekeeperChangeRequest).filter_by(**wanted).one_or_none()
    if known is None:
        asked = {"requested_by": cast.applicant.account.id, "requested_at": MONDAY}
        known = HousekeeperChangeRequest(state="open", **wanted, **asked)
        db.session.add(known)
        db.session.flush()
    return known.id


def _handover(cast: Any, owner: Person) -> int:
    """One that the asker may sign or cancel: given and received within the own unit."""
    unit = make_organisation()
    role = Role(owner.membership.role)
    if role in UNIT_ROLES:
        unit = db.session.get_one(Organisation, owner.membership.organisation_id)
    own = owner.membership.housekeeper_id if role is Role.HOUSEKEEPER else None
    handover = Handover(
        housekeeper_id=make_housekeeper(organisation=unit).id,
        receiver_id=own or make_housekeeper(organisation=unit).id,
        reason="leave",
        state="open",
        checklist={"enterprises": [], "tickets": []},
        opened_by=cast.coordinator.account.id,
        opened_at=MONDAY,
        due_at=MONDAY,
    )
    db.session.add(handover)
    db.session.flush()
    return handover.id


def _pairing(cast: Any, owner: Person) -> int:
    if Role(owner.membership.role) in UNIT_ROLES:
        unit = db.session.get_one(Organisation, owner.membership.organisation_id)
        return make_pairing(make_enterprise(), make_housekeeper(organisation=unit)).id
    wanted = {"enterprise_id": cast.enterprise.id, "role": "lead", "state": "active"}
    return db.session.query(Pairing).filter_by(**wanted).one().id


def _recusal(cast: Any) -> int:
    recusal = Recusal(
        enterprise_id=cast.enterprise.id,
        housekeeper_id=make_housekeeper().id,
        kind="relative",
        recorded_by=cast.coordinator.account.id,
        recorded_at=MONDAY,
    )
    db.session.add(recusal)
    db.session.flush()
    return recusal.id
