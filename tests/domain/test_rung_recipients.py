"""Who hears of a rung: the narrowest row holds, and none may leave a red card unanswered."""

import pytest

from app.domain.audience import Audience, Channel
from app.domain.errors import InvalidInput
from app.domain.message_kinds import MessageKind
from app.domain.phone_forms import FORMS
from app.domain.rung_recipient_rules import ANSWERING, TURNING_RED, check_recipients
from app.domain.rung_recipients import (
    Key,
    MissingRecipients,
    Recipient,
    heard_by,
    kind_of,
    shipped,
)
from app.domain.sla_clock import CARDS, CLIMBING, REMINDING, ClockKind, Rung
from app.domain.vocabulary import TicketClass

A, C = Audience, ClockKind
PHONE, TEXT, INBOX = Channel.PHONE, Channel.TEXT, Channel.INBOX
HOUSEKEEPER = Recipient(A.HOUSEKEEPER, PHONE)
RED = tuple(
    Recipient(one, PHONE)
    for one in (A.HOUSEKEEPER, A.COORDINATORS, A.CLOCK_UNIT, A.CLOCK_REVISITORS)
)


def places(key: Key, *recipients: Recipient) -> dict[str, str]:
    """Pointer → code of what is refused."""
    try:
        check_recipients(key, recipients)
    except InvalidInput as refusal:
        return {error.pointer: error.code for error in refusal.errors}
    return {}


@pytest.mark.parametrize("ticket_class", [None, *TicketClass])
@pytest.mark.parametrize("clock", ClockKind)
def test_what_is_shipped_tells_every_rung_of_every_clock(clock, ticket_class):
    rungs = set(CARDS[clock]) | ({Rung.REMINDER} if clock in REMINDING else set())
    if clock in CLIMBING:
        rungs |= {Rung.NUDGE, Rung.ORDER, Rung.BULLETIN, Rung.ESCALATION}
    for rung in rungs:
        assert heard_by(shipped(), rung, clock, ticket_class)


@pytest.mark.parametrize("row", shipped().items(), ids=str)
def test_what_is_shipped_may_be_set(row):
    key, recipients = row
    assert places(key, *recipients) == {}


def channels(rung: Rung, clock: ClockKind, ticket_class=None) -> dict[Audience, Channel]:
    heard = heard_by(shipped(), rung, clock, ticket_class)
    return {one.audience: one.channel for one in heard if one.channel}


def test_the_shipped_channels_are_those_of_the_published_table():
    """The domain, section 8."""
    assert channels(Rung.NUDGE, C.ASSIGNMENT) == {A.CLOCK_UNIT: INBOX}
    assert channels(Rung.REMINDER, C.ASSIGNMENT) == {A.CLOCK_UNIT: PHONE}
    assert channels(Rung.YELLOW, C.ASSIGNMENT)[A.CLOCK_APPROVERS] is PHONE
    for rung in (Rung.RED, Rung.ORDER):
        told = channels(rung, C.ASSIGNMENT)
        assert {who for who, how in told.items() if how is TEXT} == {
            A.CLOCK_APPROVERS,
            A.SUPERVISORS,
        }
    urgent = channels(Rung.RED, C.ASSIGNMENT, TicketClass.URGENT)
    assert {urgent[A.HOUSEKEEPER], urgent[A.CLOCK_UNIT]} == {TEXT}
    assert channels(Rung.REMINDER, C.SUPPLEMENT) == {A.ENTERPRISE: PHONE}


def test_the_narrowest_row_holds():
    rows = {
        Key(Rung.RED): (Recipient(A.SUPERVISORS, PHONE),),
        Key(Rung.RED, None, TicketClass.HARD): (Recipient(A.COORDINATORS, PHONE),),
        Key(Rung.RED, C.FINISH): (Recipient(A.HOUSEKEEPER, PHONE),),
        Key(Rung.RED, C.FINISH, TicketClass.HARD): (Recipient(A.LEAD_HANDLERS, PHONE),),
    }

    def heard(clock, ticket_class):
        [one] = heard_by(rows, Rung.RED, clock, ticket_class)
        return one.audience

    assert heard(C.FINISH, TicketClass.HARD) is A.LEAD_HANDLERS
    assert heard(C.FINISH, None) is A.HOUSEKEEPER
    assert heard(C.ACCEPT, TicketClass.HARD) is A.COORDINATORS
    assert heard(C.ACCEPT, TicketClass.NORMAL) is A.SUPERVISORS
    with pytest.raises(MissingRecipients):
        heard_by({}, Rung.RED, C.ACCEPT, None)


def test_a_kind_says_what_it_is_about():
    assert kind_of(Rung.REMINDER, C.REVISIT) is MessageKind.REVISIT_DUE
    assert kind_of(Rung.YELLOW, C.REVISIT) is MessageKind.DUE_SOON
    assert kind_of(Rung.ESCALATION, None) is MessageKind.SUPERVISION


def test_everybody_who_answers_for_a_red_card_is_known():
    assert ANSWERING.keys() == TURNING_RED


def test_a_red_card_rings_for_somebody_who_answers_for_it():
    unanswered = {"/recipients": "unanswered"}
    assert places(Key(Rung.RED), *RED) == {}
    for place in range(len(RED)):
        assert places(Key(Rung.RED), *RED[:place], *RED[place + 1 :]) in ({}, unanswered)
    assert places(Key(Rung.RED), HOUSEKEEPER) == unanswered
    assert places(Key(Rung.RED, C.ACCEPT), HOUSEKEEPER) == {}
    assert places(Key(Rung.RED, C.OPINION), HOUSEKEEPER) == unanswered
    assert places(Key(Rung.RED, C.ACCEPT), Recipient(A.HOUSEKEEPER, INBOX)) == unanswered
    assert places(Key(Rung.YELLOW), Recipient(A.SUPERVISORS, INBOX)) == {}


@pytest.mark.parametrize("who", [A.ENTERPRISE, A.CONVENED, A.OWNER_UNIT, A.TRACKING_OWNER])
def test_only_who_knows_of_the_ticket_hears_of_its_cards(who):
    assert places(Key(Rung.YELLOW), Recipient(who, INBOX)) == {
        "/recipients/0/audience": "unknowing"
    }


@pytest.mark.parametrize("clock", [C.EVALUATION, C.SUPPLEMENT, C.DEFERRAL])
def test_of_its_own_time_the_enterprise_alone_is_reminded(clock):
    assert places(Key(Rung.REMINDER, clock), Recipient(A.ENTERPRISE, INBOX)) == {}
    found = places(Key(Rung.REMINDER, clock), Recipient(A.CLOCK_UNIT, INBOX))
    assert found == {"/recipients/0/audience": "unknowing"}


def test_no_rung_is_told_that_a_clock_has_not():
    gone = {"/clock": "no-such-rung"}
    assert places(Key(Rung.YELLOW, C.SUPPLEMENT), Recipient(A.ENTERPRISE, INBOX)) == gone
    assert places(Key(Rung.ORDER, C.ACCEPT), HOUSEKEEPER) == gone
    assert places(Key(Rung.NUDGE), HOUSEKEEPER) == {"/clock": "required"}


def test_a_channel_needs_a_template_and_words():
    revisitors = Recipient(A.REVISITORS, PHONE)
    assert places(Key(Rung.REMINDER, C.REVISIT), revisitors) == {
        "/recipients/0/channel": "no-template"
    }
    assert MessageKind.REVISIT_DUE not in FORMS
    text = Recipient(A.HOUSEKEEPER, TEXT)
    assert places(Key(Rung.YELLOW), text) == {"/recipients/0/channel": "no-text"}
    assert places(Key(Rung.ESCALATION), text) == {}


def test_nobody_is_named_twice():
    found = places(Key(Rung.YELLOW), HOUSEKEEPER, Recipient(A.HOUSEKEEPER, INBOX))
    assert found == {"/recipients/1/audience": "twice"}
