"""Jobs that read: a queue, a ticket, its history, the report."""

import random
from datetime import timedelta
from itertools import cycle

from app import clock
from bench.driving import Check, WrongAnswer
from bench.errands import API, Place, Rows, read, require_equal
from bench.tokens import bearer, log_in
from bench.wire import Answer, Request
from jobs.count_figures import count_figures

PAGE = 25
SAMPLE = 500
REPORT_DAYS = 90


class _Reading:
    """Changes nothing, so there is nothing to prepare or to count."""

    def before(self, _: int) -> None:
        """Nothing: what is read has been there since the loading."""

    def after(self) -> None:
        """Nothing: every answer was compared with what is stored."""


class ListQueue(_Reading):
    """A housekeeper looks at what waits: 25 tickets, those due first in front."""

    _QUEUE = """
        SELECT number FROM tickets WHERE housekeeper_id = %(housekeeper)s AND NOT is_confidential
        AND (status IN ('accepted', 'coordinating')
            OR status = 'submitted' AND refusal_proposed_by IS NULL)
        ORDER BY due_at, id LIMIT 25
    """

    def __init__(self, place: Place) -> None:
        keepers = {values["keeper"]: values["housekeeper"] for values in place.city.enterprises}
        log_in(place.connection, "staff", keepers)
        queues = {
            keeper: [row["number"] for row in place.rows(self._QUEUE, housekeeper=housekeeper)]
            for keeper, housekeeper in keepers.items()
        }
        full = {keeper: numbers for keeper, numbers in queues.items() if len(numbers) == PAGE}
        if not full:
            raise WrongAnswer("nobody has a queue of a whole page")
        self._turns = cycle(full.items())

    def ask(self) -> tuple[Request, Check]:
        keeper, numbers = next(self._turns)

        def check(answer: Answer) -> None:
            require_equal([item["number"] for item in read(answer, 200)["items"]], numbers)

        return Request("GET", f"{API}/tickets?queue=todo", bearer(keeper)), check


_SHOWN = """
    SELECT t.number, t.status, t.event_seq, k.id AS keeper,
        (SELECT count(*) FROM assignments a WHERE a.ticket_id = t.id) AS assignments,
        EXISTS (SELECT FROM replies r WHERE r.ticket_id = t.id AND r.round = t.round) AS has_reply
    FROM tickets t JOIN accounts k ON k.login = 'housekeeper-' || t.housekeeper_id
    WHERE NOT t.is_confidential AND t.id %% %(every)s = 0 ORDER BY t.id LIMIT %(sample)s
"""


def _sample(place: Place) -> Rows:
    every = max(1, place.number("SELECT max(id) FROM tickets") // SAMPLE)
    rows = place.rows(_SHOWN, every=every, sample=SAMPLE)
    log_in(place.connection, "staff", {row["keeper"] for row in rows})
    random.Random(3).shuffle(rows)
    return rows


class ShowTicket(_Reading):
    """A housekeeper opens a ticket: its state, units, answer, revisit, what may be done now."""

    def __init__(self, place: Place) -> None:
        self._turns = cycle(_sample(place))

    def ask(self) -> tuple[Request, Check]:
        row = next(self._turns)

        def check(answer: Answer) -> None:
            ticket = read(answer, 200)
            found = {
                "number": ticket["number"],
                "status": ticket["status"],
                "assignments": len(ticket["assignments"]),
                "has_reply": ticket["reply"] is not None,
            }
            require_equal(found, {name: row[name] for name in found})

        return Request("GET", f"{API}/tickets/{row['number']}", bearer(row["keeper"])), check


class ShowEvents(_Reading):
    """A housekeeper reads the history of a ticket from its beginning."""

    def __init__(self, place: Place) -> None:
        self._turns = cycle(_sample(place))

    def ask(self) -> tuple[Request, Check]:
        row = next(self._turns)
        wanted = list(range(1, min(PAGE, row["event_seq"]) + 1))

        def check(answer: Answer) -> None:
            require_equal([event["seq"] for event in read(answer, 200)["items"]], wanted)

        path = f"{API}/tickets/{row['number']}/events"
        return Request("GET", path, bearer(row["keeper"])), check


class Report:
    """A supervisor of the city asks for the closure of 90 days, by counties."""

    _ACCEPTED = """
        SELECT count(*) FROM tickets WHERE area_code LIKE '2103%%'
        AND status <> 'merged'
        AND accepted_at >= %(first)s AND accepted_at < %(end)s
    """

    def __init__(self, place: Place) -> None:
        self._asks = place.city.enterprises[0]["supervisor"]
        log_in(place.connection, "staff", [self._asks])
        end = clock.now().replace(hour=0, minute=0, second=0)
        first = end - timedelta(days=REPORT_DAYS)
        self._accepted = place.number(self._ACCEPTED, first=first, end=end)
        self._query = f"group_by=area&from={first:%Y-%m-%d}&to={end:%Y-%m-%d}"

    def ask(self) -> tuple[Request, Check]:
        path = f"{API}/reports/closure?{self._query}"
        return Request("GET", path, bearer(self._asks)), self._check

    def before(self, _: int) -> None:
        """Count what has changed, as the job does every minute."""
        count_figures()

    def after(self) -> None:
        """Nothing: every answer was compared with a count of our own."""

    def _check(self, answer: Answer) -> None:
        report = read(answer, 200)
        totals = report["totals"]["counts"]
        require_equal(totals["accepted"], self._accepted)
        for name, total in totals.items():
            require_equal(sum(group["counts"][name] for group in report["groups"]), total)
