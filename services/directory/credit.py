"""失信记录 of an enterprise, as the authority that reports it knows."""

from app.db import db
from app.domain.actor import Actor
from app.domain.permissions import Permission, demand
from services.audit import record
from services.directory.edit_enterprises import to_correct


def state_credit(actor: Actor, enterprise_id: int, reason: str, *, is_discredited: bool) -> None:
    """Note that there is an unrepaired dishonesty record, or that there is none any more.

    Raises `NotFound`, `Forbidden` (of another authority's categories), `EnterpriseClosed`.
    """
    demand(actor, Permission.EDIT_REGISTER)
    enterprise = to_correct(actor, enterprise_id)
    enterprise.is_discredited = is_discredited
    db.session.flush()
    facts = {"is_discredited": is_discredited, "reason": reason}
    record(actor, "state_credit", f"enterprise:{enterprise_id}", facts)
