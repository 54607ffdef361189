"""What a job of the benchmark is: how it is asked, and how its answer is known to be right."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import orjson
import psycopg
from psycopg.rows import dict_row

from bench.city import City
from bench.driving import Check, WrongAnswer
from bench.wire import Answer, Request

API = "/api/v1"

Rows = list[dict[str, Any]]


class Errand(Protocol):
    """A job: its next request, what has to be ready before a drive, what must be true after it."""

    def ask(self) -> tuple[Request, Check] | None: ...

    def before(self, jobs: int, /) -> None: ...

    def after(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Place:
    """What errands work on: the loaded database, the part of the city in it, fresh tickets."""

    connection: psycopg.Connection[Any]
    city: City
    fresh: Callable[[int], list[str]]

    def rows(self, query: str, **values: Any) -> Rows:
        """The rows of a query, by the names of their columns."""
        with self.connection.cursor(row_factory=dict_row) as cursor:
            return cursor.execute(query.encode(), values).fetchall()

    def number(self, query: str, **values: Any) -> int:
        """The one number that a query answers."""
        return int(next(iter(self.rows(query, **values)[0].values())))


def read(answer: Answer, status: int) -> Any:
    """The JSON of an answer that has the expected status. Raises `WrongAnswer`."""
    if answer.status != status:
        raise WrongAnswer(f"{answer.status} {answer.body[:300].decode('utf-8', 'replace')}")
    return orjson.loads(answer.body)


def require_equal(found: object, wanted: object) -> None:
    """Raises `WrongAnswer`."""
    if found != wanted:
        raise WrongAnswer(f"{str(found)[:300]} instead of {str(wanted)[:300]}")
