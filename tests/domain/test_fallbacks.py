"""What nobody may miss goes on without WeChat, each way in its turn."""

import re
from datetime import timedelta

import pytest

from app.domain.audience import AUDIENCES, Audience
from app.domain.delivery import DeliveryState, Reason
from app.domain.fallbacks import (
    FALLBACKS,
    NEVER_CALLED,
    OF_NO_USE,
    URGENT,
    WORDS,
    Fate,
    Letter,
    Step,
    TextForm,
    fallback_for,
    letter,
    next_step,
)
from app.domain.message_kinds import MessageKind
from app.domain.phone_forms import FORMS
from app.domain.texts import WAITS, after_text
from app.domain.vocabulary import TicketClass

DOUBLED = FALLBACKS[MessageKind.SUPPLEMENT_NEEDED]
LEFT = FALLBACKS[MessageKind.FEEDBACK_READY]


@pytest.mark.parametrize("table", [FALLBACKS, URGENT])
def test_only_what_goes_to_phones_and_is_told_to_somebody_goes_on(table):
    told = {(one.kind, one.audience) for row in AUDIENCES.values() for one in row}
    for kind, plan in table.items():
        assert kind in FORMS
        assert (plan.patience > timedelta(0)) is not plan.goes_beside
        assert {(kind, audience) for audience in plan.audiences} <= told


def test_the_red_card_insists_with_who_answers_for_it_and_not_with_the_handler():
    insisted = [it for it in Audience if fallback_for(MessageKind.OVERDUE, it, None)]
    assert insisted == [Audience.SUPERVISORS, Audience.CLOCK_APPROVERS]


def test_urgent_tickets_insist_with_more_people():
    todo = (MessageKind.NEW_TODO, Audience.HOUSEKEEPER)
    assert fallback_for(*todo, TicketClass.URGENT)
    assert fallback_for(*todo, None) is None


@pytest.mark.parametrize(
    ("fate", "step"),
    [
        (Fate(None), Step.GO_ON),
        (Fate(DeliveryState.PENDING, is_patient=True), Step.WAIT),
        (Fate(DeliveryState.PENDING), Step.GO_ON),
        (Fate(DeliveryState.SENDING), Step.WAIT),
        (Fate(DeliveryState.SENT, is_final=False), Step.WAIT),
        (Fate(DeliveryState.SENT), Step.REACHED),
        (Fate(DeliveryState.UNKNOWN, Reason.NO_ANSWER, is_final=False), Step.WAIT),
        (Fate(DeliveryState.UNKNOWN, Reason.NO_ANSWER), Step.GO_ON),
        *(
            (Fate(DeliveryState.FAILED, it), Step.DROP if it in OF_NO_USE else Step.GO_ON)
            for it in Reason
        ),
    ],
)
def test_what_follows_from_how_it_fares_on_wechat(fate, step):
    assert next_step(fate, DOUBLED) is step


def test_what_may_have_arrived_is_left_where_two_are_no_better_than_none():
    assert next_step(Fate(DeliveryState.UNKNOWN, Reason.NO_ANSWER), LEFT) is Step.DROP


def test_a_short_message_says_the_number_and_fixed_words():
    assert set(WORDS) == set(TextForm)
    for words in WORDS.values():
        assert re.findall(r"\{.*?\}", words) in (["{1}"], ["{1}", "{2}"])
    for form in TextForm:
        text = letter(form, "AS20261123-000123", "Ab3dEf6hIj0").text
        assert "{" not in text
        assert len(text) + len("【企业管家】") <= 70  # one part


def test_without_a_link_it_goes_in_words_that_have_no_place_for_one():
    number, token = "AS20261123-000123", "Ab3dEf6hIj0"
    assert letter(TextForm.RATING, number, token) == Letter(TextForm.RATING, (number, token))
    assert letter(TextForm.RATING, number) == Letter(TextForm.RESULT, (number,))
    assert letter(TextForm.TODO, number, token) == Letter(TextForm.TODO, (number,))


def test_who_was_called_in_vain_is_written_to_whatever_wechat_does_and_not_called_again():
    plan = FALLBACKS[MessageKind.REVISIT_MISSED]
    assert next_step(Fate(DeliveryState.SENT), plan) is Step.GO_ON
    assert next_step(Fate(DeliveryState.PENDING, is_patient=True), plan) is Step.GO_ON
    assert {MessageKind.REVISIT_MISSED} == NEVER_CALLED


def test_a_short_message_is_repeated_a_few_times_only_where_nothing_was_done():
    for action in ("retry", "backoff"):
        waits = [after_text(action, attempt).delay for attempt in range(1, len(WAITS) + 1)]
        assert waits == list(WAITS)
        last = after_text(action, len(WAITS) + 1)
        assert (last.state, last.reason) == (DeliveryState.FAILED, Reason.GAVE_UP)
    for action in ("drop", "alert", "whatever"):
        assert after_text(action, 1).state is DeliveryState.FAILED
    assert after_text("unknown", 1).state is DeliveryState.UNKNOWN
    assert after_text("alert", 1).is_alarm
