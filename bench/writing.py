"""Jobs that write: a ticket comes in, a ticket is accepted. Afterwards what is there is counted."""

from collections.abc import Mapping
from itertools import count, cycle

from app import clock
from bench.driving import Check, WrongAnswer
from bench.errands import API, Place, Rows, read, require_equal
from bench.tokens import bearer, log_in
from bench.wire import Answer, Request


class Create:
    """An enterprise submits a request; the housekeeper is told."""

    _COUNTS: Mapping[str, str] = {
        "tickets": "SELECT count(*) FROM tickets",
        "events": "SELECT count(*) FROM ticket_events WHERE action = 'submit'",
        "messages": "SELECT count(*) FROM notifications WHERE event_seq = 1",
        "audit": "SELECT count(*) FROM audit_entries WHERE action = 'submit'",
    }

    def __init__(self, place: Place) -> None:
        self._place = place
        applicants = [values["applicant"] for values in place.city.enterprises]
        log_in(place.connection, "phone", applicants)
        self._turns, self._tries = cycle(applicants), count()
        self._run = f"{clock.real().timestamp():.0f}"
        self._created: set[str] = set()
        self._begun: dict[str, int] = {}

    def ask(self) -> tuple[Request, Check]:
        number = next(self._tries)
        headers = bearer(next(self._turns)) | {"Idempotency-Key": f"bench-{self._run}-{number}"}
        body = {
            "title": f"厂区用电增容办理缓慢（{number}）",
            "body": "新生产线投产需要增加用电容量，供电部门尚未答复，请协调。" * 5,
            "category_code": "utilities",
            "contact_name": "王建国",
            "contact_phone": "13800001234",
        }

        def check(answer: Answer) -> None:
            ticket = read(answer, 201)
            require_equal((ticket["title"], ticket["status"]), (body["title"], "submitted"))
            if ticket["number"] in self._created:
                raise WrongAnswer(f"{ticket['number']} twice")
            self._created.add(ticket["number"])

        return Request("POST", f"{API}/tickets", headers, body), check

    def before(self, _: int) -> None:
        """Count what is there."""
        self._created.clear()
        self._begun = self._counted()

    def after(self) -> None:
        """Exactly what was answered is there, with all that belongs to it."""
        made = {name: number - self._begun[name] for name, number in self._counted().items()}
        require_equal(made, dict.fromkeys(self._COUNTS, len(self._created)))

    def _counted(self) -> dict[str, int]:
        return {name: self._place.number(query) for name, query in self._COUNTS.items()}


class Accept:
    """A housekeeper accepts a ticket with a note; the promise begins, the enterprise is told."""

    def __init__(self, place: Place) -> None:
        self._place = place
        log_in(place.connection, "staff", {values["keeper"] for values in place.city.enterprises})
        self._waiting: Rows = []
        self._taken: list[str] = []

    def ask(self) -> tuple[Request, Check] | None:
        if not self._waiting:
            return None
        row = self._waiting.pop()
        body = {"ticket_class": "normal", "category_code": "utilities", "note": "情况属实，受理。"}

        def check(answer: Answer) -> None:
            ticket = read(answer, 200)
            found = (ticket["number"], ticket["status"], ticket["version"])
            require_equal(found, (row["number"], "accepted", 2))
            self._taken.append(row["number"])

        headers = bearer(row["keeper"]) | {"If-Match": '"1"'}
        return Request("POST", f"{API}/tickets/{row['number']}/acceptance", headers, body), check

    def before(self, jobs: int) -> None:
        """Let `jobs` tickets come in."""
        self._taken.clear()
        self._waiting = self._place.rows(
            "SELECT t.number, k.id AS keeper FROM tickets t"
            " JOIN accounts k ON k.login = 'housekeeper-' || t.housekeeper_id"
            " WHERE t.number = ANY (%(numbers)s)",
            numbers=self._place.fresh(jobs),
        )

    def after(self) -> None:
        """Each of them is accepted, once, and nothing else is."""
        accepted = self._place.number(
            "SELECT count(*) FROM tickets t JOIN ticket_events e ON e.ticket_id = t.id"
            " WHERE t.number = ANY (%(numbers)s) AND t.status = 'accepted'"
            " AND e.seq = t.event_seq AND e.action = 'accept'",
            numbers=self._taken,
        )
        require_equal(accepted, len(self._taken))
