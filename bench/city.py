"""The loaded city: who lives and works there, read once, as values for the stand-ins of `cast`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import psycopg
from psycopg.rows import dict_row

from bench.cast import SLOTS

Values = Mapping[str, Any]

_PARTS = """
SELECT e.id AS enterprise, e.name AS enterprise_name, e.uscc, e.contact_name_hash,
    e.contact_phone_tail_hash,
    coalesce(e.managing_area_code, e.area_code) AS area,
    h.id AS housekeeper, h.organisation_id AS keeper_unit, {parts},
    centre.id AS service_centre, bureau.id AS bureau
FROM enterprises e
JOIN pairings p ON p.enterprise_id = e.id AND p.role = 'lead' AND p.state = 'active'
JOIN housekeepers h ON h.id = p.housekeeper_id
JOIN organisations centre ON centre.name = '鞍山市企业服务中心'
JOIN organisations bureau ON bureau.name = '鞍山市营商环境建设局'
{joins}
WHERE e.operating_state <> '注销'
ORDER BY h.id, e.id
"""
_COUNTY = "left(coalesce(e.managing_area_code, e.area_code), 6)"
_LOGINS = {
    "applicant": "'enterprise_admin-' || e.id",
    "keeper": "'housekeeper-' || h.id",
    "coordinator": f"'coordinator-' || {_COUNTY}",
    "revisitor": f"'revisitor-' || {_COUNTY}",
    "supervisor": "'supervisor-city'",
}
_UNITS = """
SELECT o.id AS unit, ha.id AS handler, hm.id AS handler_seat, ha.name AS handler_name,
    aa.id AS approver, am.id AS approver_seat, aa.name AS approver_name
FROM organisations o
JOIN accounts ha ON ha.login = 'handler-' || o.id
JOIN memberships hm ON hm.account_id = ha.id
JOIN accounts aa ON aa.login = 'unit_approver-' || o.id
JOIN memberships am ON am.account_id = aa.id
WHERE o.name LIKE '市%%' AND NOT EXISTS (SELECT FROM housekeepers h WHERE h.organisation_id = o.id)
ORDER BY o.id
"""
FORBIDDEN = frozenset('"\\%\t\n')
"""What a value may not hold, because it is put into JSON and into lines as it is."""


@dataclass(frozen=True, slots=True)
class City:
    """Enterprises with all who stand around them, housekeeper by housekeeper; units; categories."""

    enterprises: Sequence[Values]
    leads: Sequence[Values]
    others: Sequence[Values]
    categories: Sequence[str]

    def of_housekeepers(self, number: int) -> "City":
        """The part of the city that so many housekeepers look after."""
        known = sorted({values["housekeeper"] for values in self.enterprises})[:number]
        kept = [values for values in self.enterprises if values["housekeeper"] in known]
        return City(kept, self.leads, self.others, self.categories)


def people(connection: psycopg.Connection[Any]) -> None:
    """Give everybody of the register an account; those who are there stay as they are."""
    connection.execute(files("bench").joinpath("people.sql").read_bytes())


def read_city(connection: psycopg.Connection[Any]) -> City:
    """The city as it stands. Raises ValueError for a name that cannot be told of safely."""
    with connection.cursor(row_factory=dict_row) as cursor:
        enterprises = cursor.execute(_enterprises().encode()).fetchall()
        units = cursor.execute(_UNITS.encode()).fetchall()
        codes = cursor.execute("SELECT code FROM categories WHERE is_active ORDER BY code")
        categories = [row["code"] for row in codes.fetchall()]
    half = len(units) // 2
    leads = [_unit("lead", unit) for unit in units[:half]]
    others = [_unit("co", unit) for unit in units[half:]]
    for values in (*enterprises, *leads, *others):
        _require_plain(values)
    return City(enterprises, leads, others, categories)


def _enterprises() -> str:
    parts = [f"{p}.id AS {p}, {p}_m.id AS {p}_seat, {p}.name AS {p}_name" for p in _LOGINS]
    joins = [
        f"JOIN accounts {part} ON {part}.login = {login}"
        f" JOIN memberships {part}_m ON {part}_m.account_id = {part}.id"
        for part, login in _LOGINS.items()
    ]
    return _PARTS.format(parts=", ".join(parts), joins="\n".join(joins))


def _unit(role: str, unit: Values) -> Values:
    named = {f"{role}_{name}": value for name, value in unit.items() if name != "unit"}
    return {role: unit["unit"]} | {k: v for k, v in named.items() if k in SLOTS}


def _require_plain(values: Values) -> None:
    for value in values.values():
        if isinstance(value, str) and FORBIDDEN & set(value):
            raise ValueError(f"not a plain text: {value!r}")
