"""Asking WeChat for a code: no transaction is open, and of two at once one picture is kept."""

import time

import pytest
import sqlalchemy as sa

from app import clock
from app.db import db, transaction
from app.domain.actor import Role
from app.models.program_code import ProgramCode
from services.gateways.file_store import FileStore
from tests.callers import API, signed_in
from tests.factories import make_account, make_enterprise
from tests.threads import PATIENCE, all_at_once, beside

CALL = "getwxacodeunlimit"
OPEN_TRANSACTIONS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
"""


@pytest.fixture
def ask(committed_app, wechat):
    """Asks for the code of a card, with a key of its own."""
    with committed_app.app_context(), transaction():
        enterprise = make_enterprise()
        boss = make_account(Role.ENTERPRISE_ADMIN, enterprise_id=enterprise.id)
        path, token = f"{API}/enterprises/{enterprise.id}/card/program-code", signed_in(boss)

    def post():
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "once"}
        return committed_app.test_client().post(path, headers=headers)

    return post


def wait_for_the_fault(wechat, fault: str) -> None:
    until = time.monotonic() + PATIENCE
    while not any(rule["struck"] for rule in wechat.get("faults")["faults"] if rule["id"] == fault):
        assert time.monotonic() < until, "the platform was not asked"


def test_no_transaction_is_open_while_wechat_is_asked(committed_app, wechat, ask):
    fault = wechat.fault("latency", ms=60_000, match={"path": CALL})
    with beside(committed_app, ask, at=clock.real()) as asking:
        wait_for_the_fault(wechat, fault)
        with committed_app.app_context():
            open_ones = db.session.scalar(sa.text(OPEN_TRANSACTIONS))
        wechat.stop_waiting()
        assert asking.result().status_code == 200
    assert open_ones == 0


def test_of_two_who_ask_at_once_one_picture_is_kept(committed_app, wechat, ask):
    """Under one key, so that one of them may be told that the other one is at it."""
    answers = all_at_once(committed_app, ask, ask, at=clock.real())
    assert {answer.status_code for answer in answers} <= {200, 409}
    again = ask().json
    assert {a.json["id"] for a in answers if a.status_code == 200} == {again["id"]}
    with committed_app.app_context():
        [row] = db.session.query(ProgramCode)
        folder = FileStore(committed_app.config["SETTINGS"].file_store).root
    kept = [path for path in folder.rglob("*") if path.is_file()]
    assert [path.parent.name + path.name for path in kept] == [row.storage_key]
