"""/metrics: every measure, read from the database, in the words of Prometheus."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from prometheus_client.parser import text_string_to_metric_families

from app import clock
from app.db import db
from app.domain.phone_forms import Template
from app.models.audit_entry import AuditChain, AuditEntry
from app.models.delivery import WechatCircuit, WechatSendCount
from app.models.operation import JobRun
from app.models.sla import WorkCalendarVersion
from services import business_clock, metrics, workers
from services.audit_chain import seal_next
from services.wechat_credentials import StoredCredentials
from tests.applications import application
from tests.factories import MONDAY, make_template
from tests.phoned import make_delivery
from tests.problems import refused
from tests.wechat import APPID

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
NOWHERE = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"


@pytest.fixture
def scraped(client):
    """What a scrape finds: the readings of a metric by their labels, in the order of the text."""

    def scrape(name: str) -> dict[tuple[str, ...], float]:
        with clock.frozen(MONDAY):
            answer = client.get("/metrics")
        assert answer.status_code == 200
        [family] = [one for one in text_string_to_metric_families(answer.text) if one.name == name]
        return {tuple(sample.labels.values()): sample.value for sample in family.samples}

    return scrape


def put(row: Any) -> None:
    db.session.add(row)
    db.session.flush()


def test_it_is_the_text_of_prometheus_and_kept_by_nobody(client):
    answer = client.get("/metrics")
    assert answer.content_type.startswith("text/plain; version=")
    assert answer.headers["Cache-Control"] == "no-store"
    found = {family.name for family in text_string_to_metric_families(answer.text)}
    assert found == {measure.name for measure in metrics.MEASURES}
    assert all(name.startswith("guanjia_") for name in found)


def test_one_statement_reads_it_all(app, client, monkeypatch):
    monkeypatch.setitem(app.config, "BUSINESS_CLOCK_MOVES", False)
    asked: list[str] = []
    connection = db.session.connection()
    sa.event.listen(connection, "before_cursor_execute", lambda *told: asked.append(told[2]))
    assert client.get("/metrics").status_code == 200
    assert len([statement for statement in asked if "SAVEPOINT" not in statement]) == 1


def test_deliveries_by_state_and_how_long_the_oldest_has_waited(scraped):
    make_template(Template.ACCEPTED)
    assert scraped("guanjia_deliveries_oldest_due_seconds") == {(): 0}
    make_delivery(send_at=MONDAY - HOUR)
    make_delivery(send_at=MONDAY + HOUR)
    for state in ("sending", "unknown", "sent", "failed"):
        make_delivery(state, send_at=MONDAY - 9 * HOUR)
    counts = {("pending",): 2, ("sending",): 1, ("unknown",): 1}
    assert scraped("guanjia_deliveries") == counts
    assert scraped("guanjia_deliveries_oldest_due_seconds") == {(): 3600}
    business_clock.advance(60)
    assert scraped("guanjia_deliveries_oldest_due_seconds") == {(): 3660}


def test_nothing_waits_before_it_is_due(scraped):
    make_delivery(send_at=MONDAY + SECOND)
    assert scraped("guanjia_deliveries_without_template") == {}
    make_template(Template.ACCEPTED)
    assert scraped("guanjia_deliveries_oldest_due_seconds") == {(): 0}


@pytest.mark.parametrize("state", [None, "stopped", "missing", "mismatched"])
def test_what_waits_for_its_template_is_counted_by_itself(scraped, state):
    for _ in range(2):
        make_delivery(send_at=MONDAY)
    make_delivery("sent", send_at=MONDAY)
    if state:
        make_template(Template.ACCEPTED).state = state
        db.session.flush()
    assert scraped("guanjia_deliveries_oldest_due_seconds") == {(): 0}
    assert scraped("guanjia_deliveries_without_template") == {(APPID, Template.ACCEPTED.value): 2}


def test_what_has_its_template_does_not_wait_for_it(scraped):
    make_template(Template.ACCEPTED)
    make_delivery(send_at=MONDAY)
    assert scraped("guanjia_deliveries_without_template") == {}


def test_sends_of_all_hosts_by_result(scraped):
    for host, result, count in [("a", "sent", 3), ("b", "sent", 4), ("a", "unknown", 1)]:
        put(WechatSendCount(host=host, result=result, count=count))
    assert scraped("guanjia_wechat_sends") == {("sent",): 7, ("unknown",): 1}


def test_workers_by_name_and_kind(scraped):
    for ago in (30, 5):
        workers.beat("here:1", "scheduler", at=MONDAY - ago * SECOND)
    assert scraped("guanjia_worker_heartbeat_age_seconds") == {("scheduler", "here:1"): 5}


def test_the_last_run_of_each_job(scraped):
    for job, ago in [("watch", 60), ("watch", 10), ("audit", 3600)]:
        at = MONDAY - ago * SECOND
        put(JobRun(job=job, slot=at, host="here", started_at=at))
    assert scraped("guanjia_job_last_run_age_seconds") == {("watch",): 10, ("audit",): 3600}


def test_runs_that_were_lost(scraped):
    for seconds, state in ((3, "lost"), (2, "lost"), (1, "done")):
        at = MONDAY - seconds * SECOND
        put(JobRun(job="watch", slot=at, host="here", started_at=at, state=state))
    assert scraped("guanjia_job_runs_lost") == {("watch",): 2}


def test_the_token_of_the_mini_program_and_no_other(scraped):
    age, remaining = "guanjia_wechat_token_age_seconds", "guanjia_wechat_token_remaining_seconds"
    with clock.frozen(MONDAY - 100 * SECOND):
        StoredCredentials("wxffffffffffffffff").keep("of-another", 7200)
        assert (scraped(age), scraped(remaining)) == ({}, {})
        StoredCredentials(APPID).keep("of-ours", 7200)
    assert (scraped(age), scraped(remaining)) == ({(APPID,): 100}, {(APPID,): 7200 - 300 - 100})


def test_circuits_that_are_open_and_that_were(scraped):
    circuit = {"appid": APPID}
    for name, until in [("token", MONDAY + SECOND), ("subscribe/send", MONDAY)]:
        put(
            WechatCircuit(
                **circuit, name=name, reason="alert", opened_at=MONDAY - HOUR, open_until=until
            )
        )
    assert scraped("guanjia_wechat_circuit_open") == {
        (APPID, "token"): 1,
        (APPID, "subscribe/send"): 0,
    }


def test_templates_that_may_be_used(scraped):
    make_template(Template.TODO)
    make_template(Template.OVERDUE).state = "stopped"
    db.session.flush()
    usable = {(APPID, Template.TODO.value): 1, (APPID, Template.OVERDUE.value): 0}
    assert scraped("guanjia_wechat_template_usable") == usable


def test_nobody_can_be_known_by_it(client, database):
    openid = f"oNobody{7:021d}"
    delivery = make_delivery("unknown", send_at=MONDAY, openid=openid)
    workers.beat("here:1", "scheduler", at=MONDAY)
    text = client.get("/metrics").text
    assert openid not in text
    assert str(delivery.template_id) not in text


def test_without_a_database_there_is_nothing_to_read(tmp_path):
    with application(NOWHERE, tmp_path) as app:
        refused(app.test_client().get("/metrics"), 503, "unavailable")


def test_how_long_the_audit_waits_for_its_seal(scraped):
    name = "guanjia_audit_oldest_unsealed_seconds"
    assert scraped(name) == {(): 0}
    for ago in (HOUR, SECOND):
        put(AuditEntry(at=MONDAY - ago, role="account", action="log_in", subject="a:1", facts={}))
    assert scraped(name) == {(): 3600}
    seal_next(at=MONDAY)
    assert scraped(name) == {(): 0}


def test_a_broken_chain_of_the_audit_shows(scraped):
    assert scraped("guanjia_audit_chain_broken") == {(): 0}
    db.session.execute(sa.update(AuditChain).values(broken_seq=7))
    assert scraped("guanjia_audit_chain_broken") == {(): 1}


def test_drift_of_deadlines_is_that_of_the_last_audit(scraped):
    assert scraped("guanjia_deadlines_drifted") == {}
    for day, failures in ((1, 3), (0, 2)):
        slot = MONDAY - timedelta(days=day)
        ended = {"started_at": slot, "finished_at": slot, "state": "done", "items": 9}
        put(JobRun(job="audit_deadlines", slot=slot, host="h", failures=failures, **ended))
    assert scraped("guanjia_deadlines_drifted") == {(): 2}


@pytest.mark.parametrize(
    ("month", "status", "missing"),
    [(11, "provisional", 0), (12, "provisional", 1), (12, "official", 0)],
)
def test_the_year_that_is_missing(database, month, status, missing):
    years = {"2026": {"status": "official"}, "2027": {"status": status}}
    put(WorkCalendarVersion(version=2, document={"years": years}))
    at = MONDAY.replace(month=month)
    found = metrics.read([], now=at, at=at)
    [readings] = [
        rows for one, rows in found.items() if one.name == "guanjia_calendar_year_missing"
    ]
    assert readings == [([], missing)]
