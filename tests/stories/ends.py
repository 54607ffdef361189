"""How a story ends: every row and all that people see, but for what is by chance."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from app.db import Model, db
from app.models.ticket import Ticket
from tests.stories.persons import Somebody
from tests.stories.town import Town
from tests.stories.wires import PerfectWire

REFERENCE = {"areas", "categories", "sla_policies", "work_calendars"}
"""What every database begins with."""

BY_CHANCE = {
    "attachments.storage_key",
    "deliveries.provider_id",
    "deliveries.worker",
    "idempotency_keys.headers",
    "idempotency_keys.path",
}
"""Random by themselves, or told in full by the answers that the witness compares."""


def everything(town: Town) -> dict[str, Any]:
    """All that can be compared with the same story told over another network."""
    return rows_of_every_table() | seen(town) | shown_on_phones(town)


def rows_of_every_table() -> dict[str, Counter[str]]:
    """How often each row stands in each table, as if no row had an id by chance."""
    tables = [table for table in Model.metadata.sorted_tables if table.name not in REFERENCE]
    ranks = {table.name: _ranks(table) for table in tables if "id" in table.c}
    return {
        table.name: Counter(
            str(_plain(table, row._mapping, ranks)) for row in db.session.execute(sa.select(table))
        )
        for table in tables
    }


def _ranks(table: sa.Table) -> dict[int, int]:
    """The place of each row among those of its table."""
    ids = db.session.scalars(sa.select(table.c.id).order_by(table.c.id))
    return {own: place for place, own in enumerate(ids, start=1)}


def _plain(
    table: sa.Table, row: Mapping[Any, Any], ranks: Mapping[str, Mapping[int, int]]
) -> dict[str, Any]:
    plain = {}
    for column in table.c:
        if column.name == "id" or _is_by_chance(column):
            continue
        named = [key.column.table.name for key in column.foreign_keys]
        known = ranks.get(named[0]) if named else None
        plain[column.name] = known[row[column]] if known and row[column] else row[column]
    return plain


def _is_by_chance(column: sa.Column[Any]) -> bool:
    """The server's own time of writing, hashes and sealed values, and what is listed."""
    is_written = column.server_default is not None and "now()" in str(
        getattr(column.server_default, "arg", "")
    )
    is_binary = isinstance(column.type, sa.LargeBinary)
    return is_written or is_binary or str(column) in BY_CHANCE


def seen(town: Town) -> dict[str, Any]:
    """Tickets, histories, messages and the report, as those who may see them do."""
    numbers = list(db.session.scalars(sa.select(Ticket.number).order_by(Ticket.id)))
    looked: dict[str, Any] = {}
    for name in ("applicant", "coordinator"):
        somebody = on_a_good_network(town, name)
        for number in numbers:
            for path in (f"/tickets/{number}", f"/tickets/{number}/events?limit=100"):
                looked[f"{path} as the {name} sees it"] = without_ids(somebody.read(path))
        looked[f"messages of the {name}"] = without_ids(somebody.read("/me/messages"))
    june = "from=2026-06-01&to=2026-07-01"
    for group_by in ("area", "organisation", "category", "month"):
        path = f"/reports/closure?{june}&group_by={group_by}"
        looked[path] = on_a_good_network(town, "supervisor").read(path)
    return looked


def on_a_good_network(town: Town, name: str) -> Somebody:
    """The same person, to whom nothing happens on the way."""
    return Somebody(name, town.people[name].token, PerfectWire(town.app))


def without_ids(shown: Any) -> Any:
    """What was shown, but for the ids, which any other request may have used up."""
    if isinstance(shown, dict):
        return {name: without_ids(part) for name, part in shown.items() if name != "id"}
    return [without_ids(part) for part in shown] if isinstance(shown, list) else shown


def shown_on_phones(town: Town) -> dict[str, Any]:
    """The messages that lie on each phone."""
    return {
        f"phone of {name}": Counter(message["text"] for message in phone.shown())
        for name, phone in town.phones.items()
    }
