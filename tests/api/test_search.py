"""`q` of the three lists: what is found by which words, and only within what the caller may see."""

from collections.abc import Iterable

import pytest
import sqlalchemy as sa

from app import clock
from app.db import db
from app.domain.actor import Actor, Role
from app.domain.facts.intake import Submission
from app.models.enterprise import ENTERPRISE_TERMS, Enterprise
from app.models.housekeeper import HOUSEKEEPER_TERMS
from app.models.ticket_words import TicketWords
from app.sealing import fingerprint
from services.search import shares
from services.search.fill import fill_enterprises, fill_tickets
from services.search.question import Question
from services.search.renamed import follow_names
from services.tickets.search import asked_within
from tests.callers import Caller
from tests.factories import (
    COUNTY,
    MONDAY,
    OTHER_COUNTY,
    make_account,
    make_cast,
    make_enterprise,
    make_housekeeper,
    make_ticket,
)
from tests.problems import places

ELSEWHERE = "210303002000"
SECRET = Submission("厂区电梯故障", "电梯停了三天，请不要告诉管家。", is_confidential=True)
NAME = "鞍山市恒嘉電子有限公司"


@pytest.fixture
def cast(database):
    shares.counted.cache_clear()
    with clock.frozen(MONDAY):
        named = make_enterprise(
            "鞍山市恒嘉電子有限公司", contact_name="赵小联", contact_phone="13998765432"
        )
        yield make_cast(named)
    shares.counted.cache_clear()


@pytest.fixture
def coordinator(client, cast) -> Caller:
    return Caller(client, cast.coordinator)


@pytest.fixture
def ticket(cast):
    return make_ticket("handling", cast).ticket


def found(caller: Caller, q: str, path: str = "/tickets", **more: str) -> list[str]:
    answer = caller.get(path, query_string={"q": q} | more)
    assert answer.status_code == 200, answer.text
    return [str(item.get("number", item.get("id"))) for item in answer.json["items"]]


@pytest.mark.parametrize(
    "ask",
    [
        lambda it: it.number,
        lambda it: it.number.lower(),
        lambda it: it.number[-6:],
        lambda it: it.title[:2],
        lambda it: it.body[:2],
        lambda _: "电子",
        lambda _: "恒嘉电子",
        lambda _: "電子",
        lambda _: "5432",
        lambda _: "赵小联",
        lambda _: code_of(NAME),
    ],
    ids=[
        *("number", "small letters", "its tail", "title", "body", "name", "long", "traditional"),
        *("tail of the phone", "contact", "credit code"),
    ],
)
def test_a_ticket_is_found_by(coordinator, ticket, ask):
    assert found(coordinator, ask(ticket)) == [ticket.number]


def code_of(name: str) -> str:
    query = sa.select(Enterprise.uscc).where(Enterprise.name == name)
    return db.session.scalars(query).one() or ""


@pytest.mark.parametrize("q", ["小联", "9876", "没有", "%%", "恒电"])
def test_nothing_else_finds_it(coordinator, ticket, q):
    assert found(coordinator, q) == []


def test_a_foreign_area_finds_nothing(client, ticket):
    elsewhere = Caller(client, make_account(Role.COORDINATOR, area_prefix="210303"))
    for q in (ticket.number, "电子", "5432"):
        assert found(elsewhere, q) == []
        assert found(elsewhere, q, "/enterprises") == []


def test_the_area_narrows(client, ticket):
    city = Caller(client, make_account(Role.SUPERVISOR, area_prefix="2103"))
    assert found(city, "电子", area=COUNTY) == [ticket.number]
    assert found(city, "电子", area=OTHER_COUNTY) == []


def test_the_housekeeper_does_not_find_what_is_confidential(client, cast):
    hidden = make_ticket(cast=cast, submit=SECRET).number
    assert found(Caller(client, cast.housekeeper), hidden) == []
    assert found(Caller(client, cast.coordinator), hidden) == [hidden]


@pytest.mark.parametrize("most", [-1.0, 1.0], ids=["no area is looked up", "every area is"])
def test_areas_keep_their_tickets_whether_looked_up_or_not(client, ticket, monkeypatch, most):
    monkeypatch.setattr(shares, "WALKED_PER_FOUND", 1e9)
    monkeypatch.setattr(shares, "MOST", most)
    city = make_account(Role.SUPERVISOR, area_prefix="2103")
    assert found(Caller(client, city), "电子", area=COUNTY) == [ticket.number]
    assert found(Caller(client, city), "电子", area=OTHER_COUNTY) == []
    elsewhere = make_account(Role.COORDINATOR, area_prefix="210303")
    assert found(Caller(client, elsewhere), "电子") == []


def test_only_an_area_that_most_tickets_are_in_is_not_looked_up(cast):
    """Two counties share the city's tickets."""
    other = make_cast(make_enterprise(area_code=ELSEWHERE))
    for each in (cast, other, cast, other):
        make_ticket(cast=each)
    db.session.execute(sa.text("ANALYZE ticket_words"))
    asker = Actor(role=Role.SUPERVISOR, name="督导", area_prefix="2103")
    assert asked_within(asker, "电子", "210302").areas == {"a:210302"}
    assert asked_within(asker, "电子", "210303").areas == {"a:210303"}
    assert asked_within(asker, "电子", None).areas == set()


@pytest.mark.parametrize("cost", [-1.0, 1e9], ids=["walked", "looked up"])
@pytest.mark.parametrize("sort", ["due_at", "-submitted_at", "-changed_at"])
def test_both_ways_lead_through_the_same_pages(coordinator, cast, monkeypatch, sort, cost):
    numbers = {make_ticket(status, cast).number for status in ("submitted", "handling") * 3}
    monkeypatch.setattr(shares, "WALKED_PER_FOUND", cost)
    plain = [item["number"] for item in coordinator.get(f"/tickets?sort={sort}").json["items"]]
    seen: list[str] = []
    asked = {"q": "电子", "sort": sort, "limit": "2"}
    while len(seen) < len(plain):
        page = coordinator.get("/tickets", query_string=asked).json
        seen += [item["number"] for item in page["items"]]
        asked["cursor"] = page["next_cursor"] or "end"
    assert seen == plain
    assert set(seen) == numbers


def test_a_frequent_word_walks_and_a_rare_one_is_looked_up():
    counted = shares.Shares(1_000_000, {"公司": 0.9, "电梯": 0.003, "a:210302": 0.2})

    def ask(*words: str, areas: Iterable[str] = ()) -> Question:
        return Question(frozenset(words), None, frozenset(areas))

    assert counted.is_walked(ask("公司"), 25)
    assert counted.is_walked(ask("公司", areas=["a:210302"]), 25)
    assert not counted.is_walked(ask("电梯"), 25)
    assert not counted.is_walked(ask("公司", "罕见"), 25)


def test_a_new_name_finds_old_tickets_and_the_old_one_still_does(coordinator, cast, ticket):
    cast.enterprise.name = "鞍山市明远电子有限公司"
    db.session.flush()
    follow_names([cast.enterprise.id])
    assert found(coordinator, "明远") == found(coordinator, "恒嘉") == [ticket.number]
    assert found(coordinator, "明远", "/enterprises") == [str(cast.enterprise.id)]
    assert found(coordinator, "恒嘉", "/enterprises") == []


def test_no_name_changes_without_its_words(cast):
    renamed = sa.update(Enterprise).values(name="别名")
    with pytest.raises(sa.exc.IntegrityError, match="words_of_name"), db.session.begin_nested():
        db.session.execute(renamed.execution_options(synchronize_session=False))


def test_what_lacks_words_is_filled(coordinator, cast, ticket):
    ticket_id, before = ticket.id, db.session.scalars(sa.select(TicketWords.words)).one()
    db.session.execute(sa.delete(TicketWords))
    db.session.execute(sa.update(Enterprise).values(name_words=[]))
    assert found(coordinator, "电子") == found(coordinator, "电子", "/enterprises") == []
    assert fill_enterprises(0) == cast.enterprise.id
    assert fill_tickets(0) == ticket_id
    assert fill_enterprises(0) is fill_tickets(0) is None
    assert sorted(db.session.scalars(sa.select(TicketWords.words)).one()) == sorted(before)
    assert found(coordinator, "电子", "/enterprises") == [str(cast.enterprise.id)]


@pytest.mark.parametrize("path", ["/tickets", "/enterprises", "/housekeepers"])
@pytest.mark.parametrize(
    "q", ["13998765432", "139 9876 5432", "+8613998765432", "电子 13998765432"]
)
def test_a_whole_number_is_refused_and_its_tail_named_instead(coordinator, path, q):
    answer = coordinator.get(path, query_string={"q": q})
    assert places(answer) == {"/q": "phone-in-address"}
    assert "后四位" in answer.text
    assert "13998765432" not in answer.text


def test_no_term_holds_a_whole_number(ticket, cast):
    prints = {f"{kind}:{fingerprint('13998765432')[:8].hex()}" for kind in "ptn"}
    assert not prints & set(db.session.scalars(sa.select(TicketWords.words)).one())
    for table, terms in (("enterprises", ENTERPRISE_TERMS), ("housekeepers", HOUSEKEEPER_TERMS)):
        for found_by in db.session.scalars(sa.select(terms).select_from(sa.table(table))):
            assert not prints & set(found_by)


def test_a_housekeeper_is_found_by_family_name_and_tail_of_the_phone(coordinator):
    made = make_housekeeper("歐陽建国", phone="13812345678")
    for q in ("欧阳", "欧", "建国", "5678"):
        assert str(made.id) in found(coordinator, q, "/housekeepers")
    foreign = make_housekeeper("欧阳远方", area_code=ELSEWHERE)
    assert str(foreign.id) not in found(coordinator, "欧阳", "/housekeepers")


@pytest.mark.usefixtures("database")
def test_no_question_waits_for_parallel_workers_to_start():
    shown = db.session.scalar(sa.text("SHOW max_parallel_workers_per_gather"))
    assert shown == "0"
