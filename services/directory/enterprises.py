"""企业登记: finding what is registered already, and storing rows in bulk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.domain.bigrams import name_words
from app.domain.errors import NotFound
from app.domain.register import OPERATING_STATES
from app.models.enterprise import Enterprise
from app.models.organisation import Organisation
from app.models.staging import copy_rows, stage_rows
from app.sealing import fingerprint, seal
from services.search.renamed import follow_names

SETTLED_BY_ROW = (
    "name",
    "primary_category",
    "categories",
    "operating_state",
    "area_code",
    "contact_name_hash",
    "contact_phone_hash",
    "contact_phone_tail_hash",
    "reporting_organisation_id",
)
KEPT_WHEN_SILENT = (
    "uscc",
    "industry",
    "scale",
    "project_name",
    "project_code",
    "project_stage",
    "total_investment",
    "managing_area_code",
    "registered_address",
    "operating_address",
    "legal_person_hash",
    "contact_title",
    "remark",
)


@dataclass(frozen=True, slots=True)
class EnterpriseEntry:
    """What a register row says of an enterprise, read and checked. None = the row is silent.

    `categories` begins with the primary one; `total_investment` is in 万元.
    """

    name: str
    uscc: str | None
    categories: tuple[str, ...]
    area_code: str
    contact_name: str
    contact_phone: str
    reporting_organisation: str
    managing_area_code: str | None = None
    operating_state: str | None = None
    industry: str | None = None
    scale: str | None = None
    project_name: str | None = None
    project_code: str | None = None
    project_stage: str | None = None
    total_investment: Decimal | None = None
    registered_address: str | None = None
    operating_address: str | None = None
    legal_person: str | None = None
    contact_title: str | None = None
    remark: str | None = None


@dataclass(frozen=True, slots=True)
class Registered:
    """An enterprise that is stored already, and the authority that reported it."""

    id: int
    uscc: str | None
    name: str
    area_code: str
    operating_state: str
    reported_by: str


@dataclass(frozen=True, slots=True)
class Filing:
    """An entry on its way into the table: its row (new or known), the authority that reports it."""

    entry: EnterpriseEntry
    enterprise_id: int
    organisation_id: int
    known: Registered | None = None


def find_registered(entries: Sequence[EnterpriseEntry]) -> list[Registered | None]:
    """What is stored for each entry, in their order; locked until the transaction ends.

    By credit code; an entry with a new code takes over the row of its name and area whose code was
    to follow, an entry without a code finds any row of its name and area.
    """
    texts = sa.ARRAY(sa.Text)
    places = (
        sa.func.unnest(
            sa.cast([entry.name for entry in entries], texts),
            sa.cast([entry.area_code for entry in entries], texts),
        )
        .table_valued("name", "area_code")
        .render_derived()
    )
    codes = [entry.uscc for entry in entries if entry.uscc]
    by_code = _registered().where(Enterprise.uscc == sa.any_(sa.cast(codes, texts)))
    by_place = _registered().where(
        sa.tuple_(Enterprise.name, Enterprise.area_code).in_(sa.select(*places.c))
    )
    coded = {row.uscc: Registered(*row) for row in db.session.execute(by_code)}
    placed: dict[tuple[str, str], list[Registered]] = {}
    for row in db.session.execute(by_place.order_by(Enterprise.uscc.nulls_first(), Enterprise.id)):
        placed.setdefault((row.name, row.area_code), []).append(Registered(*row))
    return [
        _match(entry, coded, placed.get((entry.name, entry.area_code), [])) for entry in entries
    ]


def get_registered(enterprise_id: int) -> Registered:
    """One stored enterprise, locked until the transaction ends. Raises `NotFound`."""
    row = db.session.execute(_registered().where(Enterprise.id == enterprise_id)).one_or_none()
    if row is None:
        raise NotFound
    return Registered(*row)


def new_enterprise_ids(count: int) -> list[int]:
    """Identities for rows that are about to be inserted."""
    sequence = sa.select(sa.func.pg_get_serial_sequence("enterprises", "id")).scalar_subquery()
    numbers = sa.select(sa.func.nextval(sequence)).select_from(sa.func.generate_series(1, count))
    return list(db.session.scalars(numbers))


def store_enterprises(filings: Sequence[Filing], batch_id: int | None) -> set[int]:
    """Insert or update by identity; answers the rows that were added or changed.

    What an entry is silent about stays as it was; entries that say nothing new change nothing.
    """
    fresh = [each for each in filings if each.known is None]
    known = [each for each in filings if each.known is not None]
    copy_rows(db.session.connection(), Enterprise, [_row(each, batch_id) for each in fresh])
    return {each.enterprise_id for each in fresh} | _update(known, batch_id)


def _update(filings: Sequence[Filing], batch_id: int | None) -> set[int]:
    if not filings:
        return set()
    rows = [_row(filing, batch_id) for filing in filings]
    statement = stage_rows(db.session.connection(), Enterprise, rows)
    stored, given = Enterprise.__table__.c, statement.excluded
    values: dict[str, Any] = {name: given[name] for name in SETTLED_BY_ROW} | {
        name: sa.func.coalesce(given[name], stored[name]) for name in KEPT_WHEN_SILENT
    }
    present = sa.tuple_(*(stored[name] for name in values))
    statement = statement.on_conflict_do_update(
        index_elements=[Enterprise.id],
        set_=values | _resealed(stored, given) | {"updated_at": sa.func.now()},
        where=present.is_distinct_from(sa.tuple_(*values.values())),
    )
    stored_ids = set(db.session.scalars(statement.returning(Enterprise.id)))
    follow_names([each.enterprise_id for each in filings if _is_renamed(each)])
    return stored_ids


def _is_renamed(filing: Filing) -> bool:
    return filing.known is not None and filing.known.name != filing.entry.name


def _registered() -> sa.Select[int, str | None, str, str, str, str]:
    return (
        sa.select(
            Enterprise.id,
            Enterprise.uscc,
            Enterprise.name,
            Enterprise.area_code,
            Enterprise.operating_state,
            Organisation.name,
        )
        .join(Organisation, Organisation.id == Enterprise.reporting_organisation_id)
        .with_for_update(of=Enterprise)
    )


def _match(
    entry: EnterpriseEntry, coded: Mapping[str, Registered], placed: list[Registered]
) -> Registered | None:
    if entry.uscc is None:
        return placed[0] if placed else None
    if entry.uscc in coded:
        return coded[entry.uscc]
    # Taken out, so that a second code of the same name and area becomes a row of its own.
    return placed.pop(0) if placed and placed[0].uscc is None else None


def _resealed(stored: Any, given: Any) -> dict[str, Any]:
    """What follows from the rest of the row, and so proves no difference.

    Two sealings of one text differ, so that they are made anew on every change.
    """
    return {
        "uscc_state": sa.case(
            (sa.func.coalesce(given.uscc, stored.uscc).is_(None), "pending"), else_="valid"
        ),
        "name_words": given.name_words,
        "contact_name": given.contact_name,
        "contact_phone": given.contact_phone,
        "legal_person": sa.func.coalesce(given.legal_person, stored.legal_person),
        "import_batch_id": given.import_batch_id,
    }


def _row(filing: Filing, batch_id: int | None) -> dict[str, Any]:
    entry, known = filing.entry, filing.known
    standing = known.operating_state if known else OPERATING_STATES[0]
    return _plain(entry) | {
        "id": filing.enterprise_id,
        "operating_state": entry.operating_state or standing,
        "reporting_organisation_id": filing.organisation_id,
        "import_batch_id": batch_id,
        "contact_name": seal(entry.contact_name, "enterprises.contact_name"),
        "contact_name_hash": fingerprint(entry.contact_name),
        "contact_phone": seal(entry.contact_phone, "enterprises.contact_phone"),
        "contact_phone_hash": fingerprint(entry.contact_phone),
        "contact_phone_tail_hash": fingerprint(entry.contact_phone[-4:]),
        "legal_person": _sealed(entry.legal_person, "enterprises.legal_person"),
        "legal_person_hash": fingerprint(entry.legal_person) if entry.legal_person else None,
    }


def _plain(entry: EnterpriseEntry) -> dict[str, Any]:
    return {
        "name": entry.name,
        "name_words": name_words(entry.name),
        "uscc": entry.uscc,
        "uscc_state": "valid" if entry.uscc else "pending",
        "primary_category": entry.categories[0],
        "categories": list(entry.categories),
        "industry": entry.industry,
        "scale": entry.scale,
        "project_name": entry.project_name,
        "project_code": entry.project_code,
        "project_stage": entry.project_stage,
        "total_investment": entry.total_investment,
        "area_code": entry.area_code,
        "managing_area_code": entry.managing_area_code,
        "registered_address": entry.registered_address,
        "operating_address": entry.operating_address,
        "contact_title": entry.contact_title,
        "remark": entry.remark,
    }


def _sealed(text: str | None, column: str) -> bytes | None:
    return seal(text, column) if text else None
