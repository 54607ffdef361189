"""An event that comes while a sender records the answer to the same message. Real commits."""

import pytest
from flask import current_app

from app import clock
from app.db import db, transaction
from app.models.wechat import WechatBinding
from services.notifications.deliver import LEASE, Claim, release_lapsed, send
from services.notifications.settle import settle
from tests.factories import MONDAY, make_cast, make_ticket
from tests.services.notifications.phones import (
    ACCEPTED,
    WORKER,
    claim,
    deliveries,
    know_templates,
    make_phone,
)
from tests.services.notifications.told import told
from tests.threads import beside, wait_for_a_blocked_connection


@pytest.fixture
def office(committed_app, wechat):
    """A person with one message whose outcome is unknown and one that is being sent.

    (the person's phone, the claim of the latter)
    """
    with committed_app.app_context(), clock.frozen(MONDAY), transaction():
        know_templates()
        cast = make_cast()
        phone = make_phone(wechat, cast.applicant, ACCEPTED, times=2)
        lost = claim(WORKER, at=make_ticket("accepted", cast).at)
        assert lost
        release_lapsed(at=lost.leased_until)
        second = make_ticket("accepted", cast)
    return phone, second


def claimed_later(case) -> Claim:
    with clock.frozen(MONDAY + 2 * LEASE), transaction():
        claimed = claim(WORKER, at=case.at)
    assert claimed
    return claimed


@pytest.mark.parametrize("is_late", [False, True])
def test_an_event_waits_for_the_answer_that_is_being_recorded(committed_app, office, is_late):
    phone, case = office

    def tell() -> bool:
        with transaction():
            return told(phone, msgid)

    with committed_app.app_context(), clock.frozen(MONDAY + 2 * LEASE):
        claimed = claimed_later(case)
        result = send(current_app.config["WECHAT"], claimed)
        [message] = phone.shown()
        msgid = str(message["msgid"])
        if is_late:
            with transaction():
                lose_the_person(claimed)
        settle(claimed, result, at=case.at)
        with beside(committed_app, tell, at=MONDAY + 3 * LEASE) as telling:
            wait_for_a_blocked_connection(committed_app)
            db.session.commit()
            assert telling.result()
        rows = [(row.state, row.provider_id) for row in deliveries()]
    assert rows == [("unknown", None), ("sent", msgid)]


def lose_the_person(claimed: Claim) -> None:
    """The lease lapses, and somebody else has the person by now."""
    release_lapsed(at=claimed.leased_until)
    binding = db.session.get_one(WechatBinding, claimed.binding_id)
    binding.busy_until = claimed.leased_until + LEASE
