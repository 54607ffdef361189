"""What enterprises write goes to the platform without its people, and comes back as a verdict.

Nothing of a ticket waits for it, and nothing is lost by it.
"""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import current_app

from app import clock
from app.db import db
from app.domain.actor import Role
from app.domain.content_checks import PATIENCE, Ruling
from app.domain.facts.intake import Submission
from app.domain.permissions import Permission as Act
from app.domain.retry import Circuit
from app.domain.vocabulary import Channel
from app.models.delivery import WechatCircuit
from app.models.notification import Notification
from app.models.wechat import WechatBinding
from jobs.check_contents import watch_content_checks
from services.content_checks.claim import LEASE, Worker, claim, next_check
from services.content_checks.queue import Decision, rule
from tests.factories import APPID, MONDAY, make_account, make_cast, make_ticket
from tests.factories.uploads import make_upload
from tests.jobs.judged import (
    BAD,
    CLEAN,
    DOUBTFUL,
    TEXT,
    known_author,
    newest,
    picture,
    run,
    say,
    states,
    told,
)
from tests.wechat import Phones

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def case(database, wechat: Phones):
    return known_author(wechat)


@pytest.mark.parametrize(
    ("text", "state", "cause"),
    [(CLEAN, "passed", None), (DOUBTFUL, "referred", "review"), (BAD, "referred", "risky")],
)
def test_words_pass_or_go_to_people(case, text, state, cause):
    say(case, text)
    assert newest().state == "waiting"
    assert run() == (1, 0)
    assert (newest().state, newest().cause) == (state, cause)
    assert run() == (0, 0)


def test_a_new_ticket_is_judged_with_its_title_and_the_names_of_its_files(database, wechat):
    case = known_author(wechat)
    file = picture(case.cast.applicant, "收费单.png")
    facts = Submission("厂区积水", "请协调疏通", attachment_ids=(file.id,))
    case = make_ticket(cast=case.cast, submit=facts)
    run()
    assert told(wechat)[0]["content"] == "厂区积水\n请协调疏通\n收费单.png"
    assert told(wechat)[0]["scene"] == 3
    say(case, CLEAN)
    run()
    assert told(wechat)[-1] | {"openid": ""} == {
        "version": 2,
        "openid": "",
        "scene": 2,
        "content": CLEAN,
    }


def test_nobody_can_be_known_by_what_leaves_the_house(case, wechat):
    cast = case.cast
    names = f"{cast.applicant.account.name}找{cast.housekeeper_row.name}，{cast.enterprise.name}"
    say(case, f"{names}，电话１３８ 1234-5678，身份证21030219900101123X，zhang@qq.com")
    run()
    content = told(wechat)[0]["content"]
    assert content.count("〔隐去〕") == 6
    for known in (cast.applicant.account.name, cast.housekeeper_row.name, cast.enterprise.name):
        assert known not in content
    assert not set("0123456789") & set(content)


def test_what_officials_write_is_not_judged(case):
    case.act(Act.COMMENT, by=case.cast.coordinator.actor)
    assert len(states()) == 1


def test_a_long_text_is_judged_to_its_end(case, wechat):
    say(case, f"{'慢' * 3_000}{BAD}")
    run()
    assert [len(one["content"]) for one in told(wechat)] == [2_500, 550 + len(BAD)]
    assert newest().cause == "risky"


def test_what_is_confidential_is_for_people_alone(database, wechat):
    submission = Submission("报价泄露", "竞争对手拿到了报价", is_confidential=True)
    case = known_author(wechat, submit=submission)
    say(case, CLEAN)
    assert run() == (0, 0)
    assert (newest().state, newest().cause) == ("referred", "confidential")
    assert told(wechat) == []


def test_without_an_openid_or_a_recent_visit_people_judge(case, wechat):
    wechat.advance(7_201)
    say(case, CLEAN)
    assert run() == (0, 1)
    assert (newest().state, newest().cause) == ("referred", "inactive")
    db.session.execute(sa.update(WechatBinding).values(ended_at=clock.real()))
    say(case, CLEAN)
    assert run() == (0, 0)
    assert (newest().state, newest().cause) == ("referred", "no_openid")


def test_without_a_mini_program_there_is_no_duty_to_it(case, monkeypatch):
    say(case, BAD)
    monkeypatch.setitem(current_app.config, "WECHAT", None)
    assert run() == (1, 0)
    assert newest().state == "exempt"


def test_an_outage_loses_nothing_and_people_judge_in_the_end(case, wechat):
    wechat.fault("http", match={"path": TEXT}, status=502)
    say(case, CLEAN)
    assert run() == (0, 1)
    assert newest().state == "waiting"
    assert run(PATIENCE - SECOND)[0] == 0
    assert newest().state == "waiting"
    run(PATIENCE + SECOND)
    assert (newest().state, newest().cause) == ("referred", "outage")
    assert case.ticket.event_seq == 2
    assert case.ticket.due_at is not None


def test_what_is_refused_whoever_asks_is_left_alone_meanwhile(case, wechat):
    wechat.fault("errcode", match={"path": TEXT}, errcode=44991, times=1)
    say(case, CLEAN)
    say(case, CLEAN)
    assert run() == (0, 1)
    circuit = db.session.get_one(WechatCircuit, (APPID, Circuit.TEXT_CHECKS))
    assert circuit.errcode == 44991
    assert run(30 * SECOND) == (0, 0)
    assert run(61 * SECOND) == (2, 0)


def test_what_a_lost_worker_was_asking_is_asked_again(case):
    say(case, CLEAN)
    at = clock.real()
    check = next_check(frozenset({APPID}), at=at)
    assert check is not None
    assert claim(Worker("host:1", frozenset({APPID}), is_reachable=True), check, at=at) is not None
    assert run(LEASE - SECOND) == (0, 0)
    assert run(LEASE + SECOND) == (1, 0)
    assert newest().state == "passed"


def test_documents_are_judged_by_their_names_alone(case):
    file = make_upload(case.cast.applicant.account.id, clock.now())
    file.filename = "代开发票.pdf"
    db.session.flush()
    say(case, CLEAN, file)
    run()
    assert states()[1:] == ["referred"]
    assert newest().attachment_id is None


def reminded(at) -> int:
    with clock.frozen(at):
        return watch_content_checks().items


def test_coordinators_are_told_once_of_what_they_left_lying(case):
    say(case, BAD)
    run()
    elsewhere = make_account(Role.COORDINATOR, area_prefix="9999")
    assert reminded(MONDAY + HOUR) == 0
    assert reminded(MONDAY + 2 * DAY) >= 2
    assert reminded(MONDAY + 3 * DAY) == 0
    told_of = sa.select(Notification).where(Notification.kind == "content_waiting")
    messages = db.session.scalars(told_of).all()
    assert {case.cast.coordinator.account.id} <= {one.account_id for one in messages}
    assert elsewhere.account.id not in {one.account_id for one in messages}
    assert all(case.number in one.body for one in messages)


def test_what_is_decided_is_left_lying_by_nobody(case):
    say(case, BAD)
    run()
    rule(case.cast.coordinator.actor, newest().id, Decision(Ruling.RELEASE, "无不当。"), at=case.at)
    assert reminded(MONDAY + 2 * DAY) == 0


def test_only_those_of_an_enterprise_are_authors(database, wechat):
    cast = make_cast()
    make_ticket(
        cast=cast,
        by=cast.operator.actor,
        submit=Submission(
            "来电反映积水", "请协调", enterprise_id=cast.enterprise.id, channel=Channel.HOTLINE
        ),
    )
    assert states() == []
