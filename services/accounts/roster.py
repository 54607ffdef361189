"""名册: what the registers say of a phone number, and the memberships that follow from it.

A membership with a `phone_hash` stands because a register names that number for its place; it ends
when no register does any more. One without was granted by hand and is left alone.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.db import db
from app.domain.actor import Role
from app.domain.register import CLOSED_DOWN, GONE_FOR_GOOD
from app.models.account import Account, Membership
from app.models.enterprise import Enterprise
from app.models.housekeeper import Housekeeper
from app.models.pairing import STANDING, Pairing
from app.sealing import unseal


class Claim(NamedTuple):
    """A role that a register gives to whoever holds a number."""

    role: str
    enterprise_id: int | None = None
    housekeeper_id: int | None = None
    organisation_id: int | None = None

    @property
    def place(self) -> "Place":
        return self.role, self.enterprise_id, self.housekeeper_id


Place = tuple[str, int | None, int | None]
"""Role, enterprise, housekeeper."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Memberships that began and that ended, by identity."""

    begun: list[int]
    ended: list[int]

    def facts(self) -> dict[str, list[int]]:
        """As the audit keeps them; {} when nothing changed."""
        told = {"memberships_begun": self.begun, "memberships_ended": self.ended}
        return {name: ids for name, ids in told.items() if ids}


def claims_of(phone_hash: bytes) -> list[Claim]:
    """What the registers give to the number, the most useful first; [] when none knows it.

    Housekeepers who were moved away or retired and enterprises that closed down give nothing.
    """
    by_enterprise = (
        sa.select(Enterprise.id)
        .where(
            Enterprise.contact_phone_hash == phone_hash, Enterprise.operating_state != CLOSED_DOWN
        )
        .order_by(Enterprise.id)
    )
    return _of_housekeeper(phone_hash) + [
        Claim(Role.ENTERPRISE_ADMIN.value, enterprise_id=enterprise_id)
        for enterprise_id in db.session.scalars(by_enterprise)
    ]


def _of_housekeeper(phone_hash: bytes) -> list[Claim]:
    """A 角 always; B 角 too while somebody's deputy, and first when nothing else is to be seen."""
    row = db.session.execute(
        sa.select(
            Housekeeper.id,
            Housekeeper.organisation_id,
            _has_pairing("lead").label("leads"),
            _has_pairing("deputy").label("deputises"),
        ).where(Housekeeper.phone_hash == phone_hash, Housekeeper.duty_state.not_in(GONE_FOR_GOOD))
    ).one_or_none()
    if row is None:
        return []
    place = (None, row.id, row.organisation_id)
    lead, deputy = (
        Claim(Role.HOUSEKEEPER.value, *place),
        Claim(Role.DEPUTY_HOUSEKEEPER.value, *place),
    )
    if not row.deputises:
        return [lead]
    return [lead, deputy] if row.leads else [deputy, lead]


def _has_pairing(role: str) -> Any:
    return sa.exists().where(
        Pairing.housekeeper_id == Housekeeper.id,
        Pairing.role == role,
        Pairing.state.in_(STANDING),
    )


def name_in(claim: Claim) -> str:
    """The name under which the register knows the holder of the number."""
    if claim.housekeeper_id is not None:
        return db.session.get_one(Housekeeper, claim.housekeeper_id).name
    contact = sa.select(Enterprise.contact_name).where(Enterprise.id == claim.enterprise_id)
    return unseal(db.session.execute(contact).scalar_one(), "enterprises.contact_name")


def holder_of(phone_hash: bytes, claims: list[Claim], *, at: datetime) -> int | None:
    """The account that holds one of the claims already, vouched for by this number.

    What the registers no longer support names nobody: a number is given to somebody else in time,
    and that person must not come into the account of the one before. Nor does it name an account
    that holds more than what registers give.
    """
    places = {claim.place for claim in claims}
    query = (
        sa.select(Membership)
        .join(Account, Account.id == Membership.account_id)
        .where(Membership.phone_hash == phone_hash, _stands(at), of_registers_only(at=at))
    )
    held = db.session.scalars(query.order_by(Membership.id))
    return next((one.account_id for one in held if _place(one) in places), None)


def of_registers_only(*, at: datetime) -> sa.ColumnElement[bool]:
    """The accounts that hold nothing but what registers give, whichever number vouches for it.

    Only these may a number of a register open: whoever has it, a company's phone or one that was
    passed on, must not come by it into a role that was granted by hand.
    """
    is_by_hand = sa.exists().where(
        Membership.account_id == Account.id, Membership.phone_hash.is_(None), _stands(at)
    )
    return sa.and_(
        Account.password_hash.is_(None),
        Account.phone_hash.is_(None),
        sa.not_(is_by_hand.correlate(Account)),
    )


def match_roster(account_id: int, phone_hash: bytes, *, at: datetime) -> Changes:
    """Bring the account's memberships in line with what the registers say of its number.

    Of those that a number vouches for, what is not supported now ends at `at`, also what another
    number vouched for; what is missing begins. A place that was granted by hand is not given twice.
    """
    claims = claims_of(phone_hash)
    query = sa.select(Membership).where(Membership.account_id == account_id, _stands(at))
    kept, ended = set(), []
    for one in db.session.scalars(query.order_by(Membership.id)):
        if one.phone_hash is None or (one.phone_hash == phone_hash and _claim(one) in claims):
            kept.add(_place(one))
        else:
            one.valid_until = at
            ended.append(one.id)
    begun = [
        Membership(account_id=account_id, phone_hash=phone_hash, valid_from=at, **claim._asdict())
        for claim in claims
        if claim.place not in kept
    ]
    db.session.add_all(begun)
    db.session.flush()
    return Changes([one.id for one in begun], ended)


def end_unsupported(*, at: datetime) -> int:
    """End every membership that no register supports any more, whoever holds it; how many.

    A contact who was replaced is told of nothing further, whether or not that person comes back.
    """
    is_contact = sa.exists().where(
        Enterprise.id == Membership.enterprise_id,
        Enterprise.contact_phone_hash == Membership.phone_hash,
        Enterprise.operating_state != CLOSED_DOWN,
    )
    is_deputy = Membership.role == Role.DEPUTY_HOUSEKEEPER
    is_housekeeper = sa.exists().where(
        Housekeeper.id == Membership.housekeeper_id,
        Housekeeper.phone_hash == Membership.phone_hash,
        Housekeeper.duty_state.not_in(GONE_FOR_GOOD),
        sa.or_(sa.not_(is_deputy), _has_pairing("deputy")),
    )
    ending = (
        sa.update(Membership)
        .where(Membership.phone_hash.is_not(None), _stands(at), ~is_contact, ~is_housekeeper)
        .values(valid_until=at)
    )
    return len(db.session.execute(ending.returning(Membership.id)).all())


def withdraw(phone_hash: bytes, *conditions: sa.ColumnElement[bool], at: datetime) -> None:
    """End what the number vouched for, where `conditions` on memberships hold."""
    db.session.execute(
        sa.update(Membership)
        .where(Membership.phone_hash == phone_hash, _stands(at), *conditions)
        .values(valid_until=at)
    )


def _stands(at: datetime) -> sa.ColumnElement[bool]:
    return sa.or_(Membership.valid_until.is_(None), Membership.valid_until > at)


def _place(membership: Membership) -> Place:
    return membership.role, membership.enterprise_id, membership.housekeeper_id


def _claim(membership: Membership) -> Claim:
    return Claim(*_place(membership), membership.organisation_id)
