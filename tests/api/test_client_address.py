"""Whose address counts, for the log-in limit and the audit: the client's, by a trusted proxy."""

import pytest
import sqlalchemy as sa

from app.db import db
from app.models.login_session import LoginSession
from tests.applications import application, rolled_back
from tests.factories import PASSWORD, make_account


def address_seen(app, forwarded: str) -> str | None:
    """The address in the session of a log-in that came with X-Forwarded-For `forwarded`."""
    person = make_account("supervisor")
    body = {"login": person.account.login, "password": PASSWORD}
    headers = {"X-Forwarded-For": forwarded}
    answer = app.test_client().post("/api/v1/auth/password", json=body, headers=headers)
    assert answer.status_code == 200
    return db.session.scalar(
        sa.select(LoginSession.ip).where(LoginSession.account_id == person.account.id)
    )


def test_nobody_in_front_is_believed_unless_told_so(app, database):
    assert address_seen(app, "203.0.113.9") == "127.0.0.1"


@pytest.mark.parametrize("forwarded", ["203.0.113.9", "198.51.100.7, 203.0.113.9"])
def test_one_trusted_proxy_tells_the_last_address(server, tmp_path, forwarded):
    with (
        server.clone() as url,
        application(url, tmp_path, trusted_proxies=1) as app,
        rolled_back(app),
    ):
        assert address_seen(app, forwarded) == "203.0.113.9"
