"""挂账的责任人: who is named must be there, and is called by name from then on."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain.errors import FieldError, InvalidInput
from app.domain.facts.tracking import Tracking
from app.models.account import Account, Membership
from app.models.housekeeper import Housekeeper
from app.models.organisation import Organisation


def with_owner(facts: Any, *, at: datetime) -> Any:
    """The facts, a tracking with the names of its owner; asked only where one is named.

    Raises `InvalidInput` for a person who is not, at `at`, of the unit that is named.
    """
    if not isinstance(facts, Tracking):
        return facts
    unit = sa.select(Organisation.name).where(
        Organisation.id == facts.owner_organisation_id, Organisation.closed_on.is_(None)
    )
    name, organisation_name = db.session.execute(
        sa.select(_person(facts, at).scalar_subquery(), unit.scalar_subquery())
    ).one()
    if organisation_name is None:
        raise _wrong("/owner_organisation_id", "unknown-organisation", "没有这个单位，或已撤销。")
    if name is None:
        place = "account" if facts.owner_housekeeper_id is None else "housekeeper"
        raise _wrong(f"/owner_{place}_id", "unknown-owner", "该单位没有这个人。")
    return replace(facts, owner_name=name, owner_organisation_name=organisation_name)


def _person(facts: Tracking, at: datetime) -> sa.Select[str]:
    if facts.owner_housekeeper_id is not None:
        return sa.select(Housekeeper.name).where(
            Housekeeper.id == facts.owner_housekeeper_id,
            Housekeeper.organisation_id == facts.owner_organisation_id,
        )
    holds = sa.exists().where(
        Membership.account_id == Account.id,
        Membership.organisation_id == facts.owner_organisation_id,
        Membership.valid_from <= at,
        sa.or_(Membership.valid_until.is_(None), Membership.valid_until > at),
    )
    return sa.select(Account.name).where(
        Account.id == facts.owner_account_id, Account.is_enabled, holds
    )


def _wrong(pointer: str, code: str, detail: str) -> InvalidInput:
    return InvalidInput([FieldError(pointer, code, detail)])
