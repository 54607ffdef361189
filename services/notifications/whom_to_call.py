"""拨打电话任务: the name and number in clear, for who has taken the task; each look is recorded."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.domain.actor import ENTERPRISE_ROLES, Actor
from app.domain.contact_fields import OF_A_HOUSEKEEPER, TO_CALL
from app.sealing import unseal
from services import audit
from services.directory.contacts import enterprise_contacts, housekeeper_phones
from services.notifications.phone_tasks import require_held
from services.reveals import keep_disclosure


def reveal_phone_task(
    actor: Actor, task_id: int, reason: str, *, at: datetime
) -> dict[str, str | None]:
    """Whom to call: the reader's own number, else that of the enterprise or of the housekeeper.

    The phone is None where none is known. Raises `NotFound`, `PhoneTaskOver`, `PhoneTaskNotTaken`.
    """
    row = require_held(actor, task_id)
    about, fields = _about(row)
    if about:
        keep_disclosure(actor, fields, reason, about, at=at)
    facts = {"ticket": row.ticket_number, "reason": reason}
    audit.record(actor, "reveal_phone_task", f"phone_task:{task_id}", facts)
    return {"contact_name": row.name, "contact_phone": _phone(row)}


def _about(row: sa.Row[Any]) -> tuple[dict[str, int], tuple[str, ...]]:
    """Whose data it is, for the record that they can read; officials of units have none."""
    if row.housekeeper_id is not None:
        return {"housekeeper_id": row.housekeeper_id}, OF_A_HOUSEKEEPER
    if row.role in ENTERPRISE_ROLES:
        return {"enterprise_id": row.enterprise_id, "ticket_id": row.ticket_id}, TO_CALL
    return {}, ()


def _phone(row: sa.Row[Any]) -> str | None:
    if row.phone is not None:
        return unseal(row.phone, "accounts.phone")
    if row.housekeeper_id is not None:
        return housekeeper_phones([row.housekeeper_id])[row.housekeeper_id]
    if row.role in ENTERPRISE_ROLES:
        return enterprise_contacts([row.enterprise_id])[row.enterprise_id].contact_phone
    return None
