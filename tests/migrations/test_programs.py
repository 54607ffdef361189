"""0043: what was of the one mini-program is of that to which people are bound."""

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import downgrade, upgrade

from app.db import db
from tests.applications import application
from tests.servers import EMPTY

BEFORE, AFTER = "0042", "0043"
OURS, PAST, OTHER = "wx1111111111111111", "wx0000000000000000", "wx2222222222222222"
PEOPLE = """
    WITH people AS (
        INSERT INTO accounts (login, name)
        SELECT 'p' || n, '某人' FROM generate_series(1, 5) n RETURNING id
    ), numbered AS (SELECT id, row_number() OVER (ORDER BY id) AS n FROM people)
    INSERT INTO wechat_bindings
        (account_id, appid, openid, openid_hash, phone_hash, bound_at, ended_at)
    SELECT id, CASE WHEN n <= 2 THEN :ours WHEN n = 3 THEN :other ELSE :past END, 'o',
        decode(md5(CAST(n AS text)), 'hex'), 'p', now(), CASE WHEN n > 3 THEN now() END
    FROM numbered
"""
TOKEN = "INSERT INTO wechat_tokens VALUES (:ours, 't', now(), now())"
KEPT = """
    INSERT INTO wechat_templates (template, template_id, state, synced_at)
    VALUES ('受理通知', 'id-1', 'stopped', now());
    INSERT INTO wechat_circuits (name, reason, opened_at, open_until)
    VALUES ('token', 'frozen', now(), now())
"""
ANOTHER = f"""
    INSERT INTO wechat_templates (appid, template, template_id, state, synced_at)
    VALUES ('{OTHER}', '受理通知', 'id-1', 'usable', now());
    INSERT INTO wechat_circuits (appid, name, reason, opened_at, open_until)
    VALUES ('{OTHER}', 'token', 'frozen', now(), now())
"""


@pytest.fixture
def empty_app(server, tmp_path):
    with server.clone(EMPTY) as url, application(url, tmp_path) as app:
        yield app


def do(text: str, **values: str) -> None:
    for statement in text.split(";"):
        db.session.execute(sa.text(statement), values)
    db.session.commit()


def rows(column: str) -> list[str]:
    tables = ("wechat_templates", "wechat_circuits")
    found = [list(db.session.scalars(sa.text(f"SELECT {column} FROM {one}"))) for one in tables]
    db.session.remove()
    return [*found[0], *found[1]]


@pytest.mark.parametrize(
    ("known", "owners"),
    [(PEOPLE, [OURS, OURS]), (TOKEN, [OURS, OURS]), (None, [])],
    ids=["most people", "the token", "nobody"],
)
def test_what_was_stored_is_of_the_one_there_was(empty_app: Flask, known, owners):
    with empty_app.app_context():
        upgrade(revision=BEFORE)
        do(KEPT)
        if known:
            names = {"ours": OURS, "other": OTHER, "past": PAST}
            used = {name: appid for name, appid in names.items() if f":{name}" in known}
            do(known, **used)
        upgrade(revision=AFTER)
        assert rows("appid") == owners
        do(ANOTHER)
        downgrade(revision=BEFORE)
        assert rows("reason")[-1:] == (["frozen"] if owners else [])
        assert len(rows("reason")) == len(owners)
