"""导出的内容: the rows of a list, as its reader would page through them, and what stands where."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, TypeAlias

import sqlalchemy as sa

from app.db import db
from app.domain import labels
from app.domain.actor import Actor
from app.domain.export_rules import ExportKind
from app.domain.keyset import Page
from app.models.ticket import Ticket
from app.sealing import unseal
from services.directory.contacts import enterprise_contacts, housekeeper_phones
from services.directory.find_enterprises import EnterpriseFilter, list_enterprises
from services.directory.find_housekeepers import HousekeeperFilter, list_housekeepers
from services.tickets.find import find_tickets

PAGE = 500
SORT = "-submitted_at"

Row: TypeAlias = dict[str, Any]
Entries: TypeAlias = tuple[list[Row], str | None]


@dataclass(frozen=True, slots=True)
class Source:
    """Which list, narrowed by which of its filters (as JSON: days are text)."""

    kind: ExportKind
    filters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A heading, and what of an entry stands under it. Lists know nothing of `is_revealed` ones."""

    heading: str
    of: Callable[[Row], Any]
    is_revealed: bool = False


def pages(actor: Actor, source: Source, *, limit: int = PAGE, at: datetime) -> Iterator[list[Row]]:
    """The entries that `actor` may see at `at`, a page at a time. Raises `InvalidInput`."""
    cursor = None
    while True:
        entries, cursor = _LISTS[source.kind](actor, source.filters, Page(limit, cursor), at)
        yield entries
        if cursor is None:
            return


def columns_of(kind: ExportKind, *, with_personal: bool) -> Sequence[Column]:
    """What stands in the workbook, from left to right."""
    return [column for column in _COLUMNS[kind] if with_personal or not column.is_revealed]


def reveal(kind: ExportKind, entries: list[Row]) -> list[Row]:
    """The entries with contact data in clear, for an export that somebody has agreed to."""
    return _REVEALED[kind](entries)


def _tickets(actor: Actor, filters: Mapping[str, Any], page: Page, at: datetime) -> Entries:
    typed = {
        name: date.fromisoformat(value) if name.endswith(("_from", "_to")) else value
        for name, value in filters.items()
    }
    return find_tickets(actor, typed, SORT, page, at=at)


def _enterprises(actor: Actor, filters: Mapping[str, Any], page: Page, _at: datetime) -> Entries:
    found, cursor = list_enterprises(actor, EnterpriseFilter(**filters), page)
    return [asdict(one) for one in found], cursor


def _housekeepers(actor: Actor, filters: Mapping[str, Any], page: Page, _at: datetime) -> Entries:
    found, cursor = list_housekeepers(actor, HousekeeperFilter(**filters), page)
    return [asdict(one) for one in found], cursor


def _revealed_tickets(entries: list[Row]) -> list[Row]:
    """The contact of each ticket, else that of its enterprise."""
    numbers = [entry["number"] for entry in entries]
    query = sa.select(Ticket.number, Ticket.contact_name, Ticket.contact_phone)
    own = {row.number: row for row in db.session.execute(query.where(Ticket.number.in_(numbers)))}
    known = {entry["enterprise"]["id"] for entry in entries} - {None}
    others = enterprise_contacts(known)
    return [
        entry
        | (
            _caller(own[entry["number"]], others[entry["enterprise"]["id"]])
            if entry["enterprise"]["id"]
            else NOBODY
        )
        for entry in entries
    ]


NOBODY: Row = {"contact_name": None, "contact_phone": None}
"""Whom to call about a ticket that is anonymous to the reader."""


def _caller(own: Any, other: Any) -> Row:
    if own.contact_phone is None:
        return {"contact_name": other.contact_name, "contact_phone": other.contact_phone}
    name = own.contact_name
    return {
        "contact_name": unseal(name, "tickets.contact_name") if name else None,
        "contact_phone": unseal(own.contact_phone, "tickets.contact_phone"),
    }


def _revealed_enterprises(entries: list[Row]) -> list[Row]:
    contacts = enterprise_contacts({entry["id"] for entry in entries})
    return [entry | asdict(contacts[entry["id"]]) for entry in entries]


def _revealed_housekeepers(entries: list[Row]) -> list[Row]:
    phones = housekeeper_phones({entry["id"] for entry in entries})
    return [entry | {"phone": phones[entry["id"]]} for entry in entries]


def _plain(**headings: str) -> tuple[Column, ...]:
    return tuple(Column(heading, _member(name)) for name, heading in headings.items())


def _member(name: str) -> Callable[[Row], Any]:
    return lambda entry: entry.get(name)


def _name_of(name: str) -> Callable[[Row], Any]:
    return lambda entry: (entry[name] or {}).get("name")


_LISTS: Mapping[ExportKind, Callable[[Actor, Mapping[str, Any], Page, datetime], Entries]] = {
    ExportKind.TICKETS: _tickets,
    ExportKind.ENTERPRISES: _enterprises,
    ExportKind.HOUSEKEEPERS: _housekeepers,
}
_REVEALED: Mapping[ExportKind, Callable[[list[Row]], list[Row]]] = {
    ExportKind.TICKETS: _revealed_tickets,
    ExportKind.ENTERPRISES: _revealed_enterprises,
    ExportKind.HOUSEKEEPERS: _revealed_housekeepers,
}
_COLUMNS: Mapping[ExportKind, Sequence[Column]] = {
    ExportKind.TICKETS: (
        *_plain(number="编号", title="标题"),
        Column("企业", _name_of("enterprise")),
        Column("类别", _name_of("category")),
        Column("性质", lambda entry: labels.KIND[entry["kind"]]),
        Column("来源", lambda entry: labels.CHANNEL[entry["channel"]]),
        *_plain(area_code="区划代码", status_label="状态", step_label="步骤", round="轮次"),
        Column("管家", _name_of("housekeeper")),
        *_plain(submitted_at="提交时间", due_at="时限", changed_at="最近变化"),
        Column("联系人", _member("contact_name"), is_revealed=True),
        Column("联系电话", _member("contact_phone"), is_revealed=True),
    ),
    ExportKind.ENTERPRISES: (
        *_plain(id="编号", name="名称", uscc="统一社会信用代码", primary_category="主要类别"),
        *_plain(operating_state="经营状态", area_code="区划代码", area_name="区划"),
        *_plain(contact_name="联系人", contact_phone="联系电话"),
        Column("法定代表人", _member("legal_person"), is_revealed=True),
    ),
    ExportKind.HOUSEKEEPERS: (
        *_plain(id="编号", name="姓名", phone="手机", office_phone="办公电话"),
        *_plain(organisation_name="工作单位", department="科室", job_title="职务"),
        *_plain(area_code="区划代码", area_name="区划", grade="层级", duty_state="在岗状态"),
    ),
}
