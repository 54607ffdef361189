"""The same request twice at the same time: one ticket. Real connections and commits."""

from functools import partial
from threading import Thread

import pytest
import sqlalchemy as sa

from app.db import db, transaction
from app.models.ticket import Ticket
from services import idempotency
from services.idempotency import InFlight, Stored
from tests.callers import API, Caller
from tests.factories import MONDAY, make_cast, make_ticket
from tests.problems import refused
from tests.threads import all_at_once

REQUEST = {"title": "厂区用电增容", "body": "新生产线投产需要增加用电容量，请协调。"}
PATH = f"{API}/tickets"
TIMES = 4


@pytest.fixture
def applicant(committed_app) -> Caller:
    with committed_app.app_context(), transaction():
        return Caller(committed_app.test_client(), make_cast().applicant)


@pytest.fixture
def place(committed_app, applicant):
    with committed_app.app_context():
        account = db.session.merge(applicant.person.account)
        return (account.id, "POST", PATH, "k1")


def submit(app, headers):
    return app.test_client().post(PATH, json=REQUEST, headers={**headers, "Idempotency-Key": "k1"})


def tickets(app) -> int:
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count()).select_from(Ticket)) or 0


def test_of_many_at_once_one_is_done(committed_app, applicant):
    send = partial(submit, committed_app, applicant.headers())
    answers = all_at_once(committed_app, *[send] * TIMES, at=MONDAY)
    done = [answer for answer in answers if answer.status_code == 201]
    for answer in answers:
        if answer not in done:
            refused(answer, 409, "idempotency-in-flight")
    assert len({answer.json["number"] for answer in done}) == 1
    assert [answer.headers.get("Idempotent-Replayed") for answer in done].count(None) == 1
    assert tickets(committed_app) == 1
    again = submit(committed_app, applicant.headers())
    assert (again.data, again.headers["Idempotent-Replayed"]) == (done[0].data, "true")


def test_while_the_first_is_at_work_the_second_is_told_so(committed_app, applicant, place):
    send = partial(submit, committed_app, applicant.headers())
    with committed_app.app_context(), transaction():
        assert idempotency.claim(place) is None
        refused(send(), 409, "idempotency-in-flight")
    assert tickets(committed_app) == 0
    assert send().status_code == 201


def test_a_first_try_that_broke_off_leaves_the_key_free(committed_app, applicant, place):
    def break_off() -> None:
        with committed_app.app_context(), transaction():
            idempotency.claim(place)
            raise ConnectionError

    with pytest.raises(ConnectionError):
        break_off()
    first = submit(committed_app, applicant.headers())
    assert (first.status_code, first.headers.get("Idempotent-Replayed")) == (201, None)


def test_an_answer_that_came_in_between_undoes_the_second(committed_app, applicant, place):
    """Our look may be older than our lock; the unique key of what is kept has the last word."""
    earlier = Stored(b"0" * 32, 201, {}, b"{}")

    def be_late() -> None:
        with committed_app.app_context(), transaction():
            assert idempotency.claim(place) is None
            perform_elsewhere(committed_app, place, earlier)
            make_ticket(cast=make_cast())
            idempotency.store(place, Stored(b"1" * 32, 201, {}, b"{}"))

    with pytest.raises(InFlight):
        be_late()
    assert tickets(committed_app) == 0
    with committed_app.app_context(), transaction():
        assert idempotency.claim(place) == earlier


def perform_elsewhere(app, place, answer) -> None:
    def store() -> None:
        with app.app_context(), transaction():
            idempotency.store(place, answer)

    thread = Thread(target=store)
    thread.start()
    thread.join()
