"""How frequent a term is: by what the database counts for its planner, asked for now and then.

A page of a frequent word is found by walking the list in its order until it is full; of a rare word
by looking all of its rows up and sorting them. The planner cannot be left to choose: a plan that is
kept knows no words, and one made anew multiplies the shares of pairs that always come together.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import sqlalchemy as sa

from app import clock
from app.db import db
from services.search.question import Question

KEPT_SECONDS = 600
MOST = 0.5
WALKED_PER_FOUND = 1.0
"""What a row costs that is walked past, in rows that are looked up."""

_COUNTED = sa.text(
    "SELECT c.reltuples AS rows, s.most_common_elems::text::text[] AS terms,"
    " s.most_common_elem_freqs AS shares"
    " FROM pg_class c LEFT JOIN pg_stats s ON s.schemaname = current_schema()"
    " AND s.tablename = 'ix_' || c.relname || '_terms'"
    " WHERE c.oid = to_regclass(:table)"
)


@dataclass(frozen=True, slots=True)
class Shares:
    """Of a table: how many rows it has, and which part of them each frequent term is in."""

    rows: float
    of: Mapping[str, float]

    def is_walked(self, asked: Question, limit: int) -> bool:
        """Whether a page of `limit` rows is found faster in the order of the list.

        Words of one question come together, areas and words do not: the rarest word in the
        smallest area says how many rows there are.
        """
        share = self._least(asked.words) * self._least(asked.areas) if asked.words else 0.0
        return limit * WALKED_PER_FOUND < share * share * self.rows

    def is_in_most(self, term: str) -> bool:
        """Whether most rows have the term: to look it up then costs more than it narrows."""
        return self.of.get(term, 0.0) > MOST

    def _least(self, terms: Iterable[str]) -> float:
        return min((self.of.get(term, 0.0) for term in terms), default=1.0)


def shares(table: str) -> Shares:
    """The shares in a table with an index `ix_…_terms`, as they were within ten minutes."""
    return counted(table, int(clock.real().timestamp()) // KEPT_SECONDS)


@lru_cache(maxsize=8)
def counted(table: str, _: int) -> Shares:
    """The shares as the database has them now, remembered for the period of that number."""
    row = db.session.execute(_COUNTED, {"table": table}).one()
    return Shares(max(row.rows, 0.0), dict(zip(row.terms or (), row.shares or (), strict=False)))
