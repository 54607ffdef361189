"""A digest in the inbox: exactly the messages that it stands for, to their reader alone."""

import pytest

from app.domain.keyset import Page
from services.notifications.inbox import list_messages, read_message
from tests.callers import Caller
from tests.factories import MONDAY, make_account
from tests.services.notifications.phones import make_phone
from tests.services.notifications.ringing import (
    DIGEST,
    EVENING,
    HOUR,
    MORNING,
    OVERDUE,
    TODO,
    at_most,
    digest,
    merged,
    ring,
    tickets,
)


@pytest.fixture
def phone(wechat, templates, cast):
    """The housekeeper's phone, with consents to all that comes."""
    return make_phone(wechat, cast.housekeeper, TODO, DIGEST, OVERDUE, times=20)


def test_the_inbox_lists_exactly_what_a_digest_stands_for(phone, cast):
    tickets(cast, 3, EVENING)
    other = tickets(cast, 1)
    ring(at_most(6), MONDAY + HOUR)
    ring(at_most(6), MORNING)
    housekeeper = cast.housekeeper.actor
    page, _ = list_messages(housekeeper, Page(25), is_unread_only=False)
    stands = {each.id: each.stands_for for each in page if each.kind == "digest"}
    [(digest_id, ids)] = stands.items()
    assert sorted(ids) == sorted(merged(digest()))
    assert all(not each.stands_for for each in page if each.kind != "digest")
    inside, _ = list_messages(housekeeper, Page(25), is_unread_only=False, digest_id=digest_id)
    assert sorted(each.id for each in inside) == sorted(ids)
    assert other[0].number not in {each.ticket_number for each in inside}
    assert read_message(housekeeper, digest_id, at=MORNING).stands_for == ids
    stranger = make_account("housekeeper").actor
    assert list_messages(stranger, Page(25), is_unread_only=False, digest_id=digest_id) == (
        [],
        None,
    )


def test_a_digest_is_unfolded_over_http(client, phone, cast):
    cases = tickets(cast, 2, EVENING)
    ring(at_most(6), MORNING)
    housekeeper = Caller(client, cast.housekeeper)
    [one] = [each for each in housekeeper.get("/me/messages").json["items"] if each["stands_for"]]
    assert (one["kind"], one["ticket_number"]) == ("digest", None)
    inside = housekeeper.get(f"/me/messages?digest={one['id']}").json["items"]
    assert {each["ticket_number"] for each in inside} == {case.number for case in cases}
    assert [each["id"] for each in inside] == sorted(one["stands_for"], reverse=True)
    others = Caller(client, cast.coordinator).get(f"/me/messages?digest={one['id']}")
    assert others.json["items"] == []
