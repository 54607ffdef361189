"""联系方式: the sealed fields of the register in clear, for those callers who may have them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from app.db import db
from app.models.enterprise import Enterprise
from app.models.housekeeper import Housekeeper
from app.sealing import unseal


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to ask for at an enterprise. The names of the fields are those of `ContactField`."""

    contact_name: str
    contact_phone: str
    legal_person: str | None


def enterprise_contacts(enterprise_ids: Collection[int]) -> Mapping[int, Contact]:
    """The contacts in clear, by enterprise. Whoever calls has asked whether they may be seen."""
    query = sa.select(
        Enterprise.id, Enterprise.contact_name, Enterprise.contact_phone, Enterprise.legal_person
    ).where(Enterprise.id.in_(enterprise_ids))
    return {
        row.id: Contact(
            unseal(row.contact_name, "enterprises.contact_name"),
            unseal(row.contact_phone, "enterprises.contact_phone"),
            row.legal_person and unseal(row.legal_person, "enterprises.legal_person"),
        )
        for row in db.session.execute(query)
    }


def housekeeper_phones(housekeeper_ids: Collection[int]) -> Mapping[int, str]:
    """The mobile numbers in clear, by housekeeper. Whoever calls has asked whether they may be."""
    query = sa.select(Housekeeper.id, Housekeeper.phone).where(Housekeeper.id.in_(housekeeper_ids))
    rows = db.session.execute(query)
    return {row.id: unseal(row.phone, "housekeepers.phone") for row in rows}
