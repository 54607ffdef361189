"""Slow statements are logged: their text without any value, and whose they were."""

from collections.abc import Callable

import orjson
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from app import clock, statements
from config.logging import JsonLines
from tests.applications import application, rolled_back
from tests.callers import API, Caller
from tests.factories import MONDAY, PASSWORD, make_cast, make_enterprise

PLACE = {"request_id": "trace-me", "route": "/somewhere"}
SECRET = "13800001234"
TITLE, BODY = "海边的灯塔不亮了", "夜里船只进港看不见航道，请协调修理灯塔。"

Lines = Callable[[], list[dict]]


@pytest.fixture
def lines(caplog) -> Lines:
    """What has been logged of slow statements."""

    def read() -> list[dict]:
        told = [one for one in caplog.records if one.name == "guanjia.statements"]
        return [orjson.loads(JsonLines().format(one)) for one in told]

    return read


@pytest.fixture
def connection(server):
    """A connection on which a statement is slow from its tenth of a second on."""
    engine = sa.create_engine(server.address)
    statements.watch([engine], slow_ms=100)
    with engine.connect() as connection:
        statements.begin(lambda: PLACE)
        yield connection
    engine.dispose()


def test_a_slow_statement_is_logged_without_its_values(connection, lines):
    slow = sa.text("SELECT pg_sleep(0.1),\n       :secret\n")
    connection.execute(slow, {"secret": SECRET})
    [line] = lines()
    assert (line["level"], line["message"]) == ("WARNING", "slow statement")
    assert line["statement"].startswith("SELECT pg_sleep(0.1), %(secret)s")
    assert line["ms"] >= 100
    assert line.items() >= PLACE.items()


def test_a_quick_one_is_only_counted(connection, lines):
    connection.execute(sa.text("SELECT 1"))
    connection.execute(sa.text("CREATE TEMP TABLE kept (number int)"))
    connection.execute(sa.text("INSERT INTO kept VALUES (:n)"), [{"n": 1}, {"n": 2}])
    assert statements.present().statements == 3
    assert statements.present().sql_seconds > 0
    assert not lines()


def test_a_long_text_is_cut(connection, lines):
    connection.execute(sa.text(f"SELECT pg_sleep(0.1){', 1' * 500}"))
    assert len(lines()[0]["statement"]) == statements.LONGEST_TEXT


def test_a_statement_that_was_cut_off_is_among_the_slow_ones(connection, lines):
    connection.execute(sa.text("SET LOCAL statement_timeout = 100"))
    with pytest.raises(OperationalError):
        connection.execute(sa.text("SELECT pg_sleep(9)"))
    assert [line["statement"] for line in lines()] == ["SELECT pg_sleep(9)"]


@pytest.fixture(scope="module")
def slow_app(server, tmp_path_factory):
    """An application to which every statement is slow."""
    home = tmp_path_factory.mktemp("home")
    with server.clone() as url, application(url, home, slow_query_ms=0) as app:
        yield app


def test_no_statement_of_ours_tells_a_value(slow_app, lines, caplog):
    with rolled_back(slow_app), clock.frozen(MONDAY):
        enterprise = make_enterprise("海边灯塔有限公司", contact_name="钱守塔")
        cast = make_cast(enterprise)
        caplog.clear()
        applicant = Caller(slow_app.test_client(), cast.applicant)
        housekeeper = Caller(slow_app.test_client(), cast.housekeeper)
        number = applicant.submit({"title": TITLE, "body": BODY}).json["number"]
        given = {"ticket_class": "normal", "category_code": "utilities"}
        housekeeper.act(number, "acceptance", given)
        assert housekeeper.get(f"/tickets/{number}/events").status_code == 200
        for path in ("/tickets", "/enterprises"):
            assert housekeeper.get(path, query_string={"q": "灯塔"}).status_code == 200
        credentials = {"login": cast.applicant.account.login, "password": PASSWORD}
        slow_app.test_client().post(f"{API}/auth/password", json=credentials)
    told = lines()
    assert len(told) > 20
    assert {line.get("route") for line in told} >= {
        "/api/v1/tickets",
        "/api/v1/tickets/<number:number>/acceptance",
        "/api/v1/auth/password",
    }
    private = (TITLE, BODY, "灯塔", "钱守塔", number, PASSWORD, cast.applicant.account.login)
    written = "\n".join(line["statement"] for line in told)
    assert [each for each in private if each in written] == []
