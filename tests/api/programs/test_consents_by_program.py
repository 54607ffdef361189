"""Consents are of one mini-program: what is agreed to in one says nothing in another."""

import pytest

from app import clock
from app.db import db
from app.domain.actor import Role
from services.notifications.templates import store_templates
from tests.api.wechat.people import NUMBER, bound_to, standing
from tests.callers import API
from tests.factories import make_binding, make_enterprise
from tests.handsets import Handset, bearing
from tests.problems import places
from tests.services.notifications.ledger import remaining
from tests.two_programs import OTHER
from tests.wechat import APPID, TEMPLATES

ACCEPTED = "受理通知"
MINE = f"{API}/me/subscriptions"


@pytest.fixture
def member(client, wechat, programs) -> dict[str, str]:
    """Somebody of an enterprise, bound in both mini-programs: a session of each."""
    for one in programs:
        store_templates(one.appid, one.templates(), at=clock.real())
    first, other = (Handset(client, wechat, NUMBER, appid) for appid in (APPID, OTHER.appid))
    enterprise = make_enterprise()
    person = bound_to(first, Role.ENTERPRISE_ADMIN, enterprise_id=enterprise.id)
    # Asked by hand, so that no register's number decides.
    make_binding(person, OTHER.appid, other.openid, NUMBER)
    person.membership.phone_hash = None
    db.session.flush()
    return {APPID: first.token(), OTHER.appid: other.token()}


def answer(client, token: str, key: str, program: str = "", title: str = ACCEPTED):
    told = {"template_id": TEMPLATES.get(title, title), "result": "accept"}
    headers = bearing(token) | {"Idempotency-Key": f"key-{key}"}
    named = {"X-Program": program} if program else {}
    return client.post(MINE, json={"answers": [told]}, headers=headers | named)


def left() -> dict[str, int]:
    """What may still be sent through each."""
    return {one.appid: remaining(one.id, TEMPLATES[ACCEPTED]) or 0 for one in standing()}


def shown(client, token: str, **named: str) -> int:
    items = client.get(MINE, headers=bearing(token) | named).json["items"]
    return next(item["remaining"] for item in items if item["template"] == ACCEPTED)


def test_a_session_reports_for_the_mini_program_that_opened_it(client, member):
    assert answer(client, member[OTHER.appid], "1").status_code == 200
    assert left() == {APPID: 0, OTHER.appid: 1}
    assert shown(client, member[OTHER.appid]) == 1
    assert shown(client, member[APPID]) == 0


def test_whoever_names_one_reports_for_that(client, member):
    answer(client, member[OTHER.appid], "1", APPID)
    assert left() == {APPID: 1, OTHER.appid: 0}
    assert shown(client, member[OTHER.appid], **{"X-Program": APPID}) == 1


def test_one_key_for_two_mini_programs_is_two_requests(client, member):
    token = member[APPID]
    answer(client, token, "1", APPID)
    assert places(answer(client, token, "1", OTHER.appid)) == {"": "idempotency-key-reused"}


def test_a_template_of_another_account_is_unknown(client, member, programs, wechat):
    rows = wechat.get("templates", app=OTHER.appid)["templates"]
    for row in rows:
        row["id"] = f"other-{row['id']}"
    wechat.put("templates", app=OTHER.appid, templates=rows)
    other = programs[OTHER.appid]
    store_templates(other.appid, other.templates(), at=clock.real())
    refused = answer(client, member[APPID], "1", title=f"other-{TEMPLATES[ACCEPTED]}")
    assert places(refused) == {"/answers/0/template_id": "unknown-template"}
    taken = answer(client, member[OTHER.appid], "2", title=f"other-{TEMPLATES[ACCEPTED]}")
    assert taken.status_code == 200
