"""Where reading ends: ended pairings, units that handled, assignments of others, inner words."""

from datetime import timedelta

import pytest

from app.domain.actor import Role
from app.domain.facts.coordination import Dispatch
from app.domain.facts.handling import Opinion
from app.domain.facts.intake import Submission
from app.domain.facts.warnings import CardIssue
from app.domain.permissions import Permission as Act
from app.domain.sla_clock import ClockKind, Rung
from tests.callers import Caller
from tests.factories import (
    Case,
    Cast,
    make_account,
    make_cast,
    make_housekeeper,
    make_organisation,
    make_pairing,
    make_ticket,
)
from tests.factories.files import make_attachment
from tests.problems import refused


@pytest.fixture
def cast(database) -> Cast:
    return make_cast()


def listed(caller: Caller, path: str = "/tickets") -> set[str]:
    return {item["number"] for item in caller.get(path).json["items"]}


def test_who_is_no_longer_paired_no_longer_reads(client, cast):
    number = make_ticket(cast=cast).number
    before = Caller(client, cast.housekeeper)
    assert listed(before) == {number}
    successor = make_housekeeper()
    make_pairing(cast.enterprise, successor)
    after = Caller(client, make_account(Role.HOUSEKEEPER, housekeeper_id=successor.id))
    assert (listed(before), listed(after)) == (set(), {number})
    refused(before.get(f"/tickets/{number}"), 404)


def test_nobody_of_a_handling_unit_revisits(client, cast):
    number = make_ticket("revisiting", cast).number
    for unit in (cast.lead_unit, cast.co_unit):
        colleague = Caller(client, make_account(Role.REVISITOR, organisation_id=unit.id))
        assert listed(colleague) == set()
        refused(colleague.get(f"/tickets/{number}"), 404)
    neutral = make_account(Role.REVISITOR, organisation_id=make_organisation().id)
    assert listed(Caller(client, neutral), "/tickets?queue=to_revisit") == {number}


def test_who_handled_a_ticket_does_not_revisit_it_in_another_role(client, cast):
    case = make_ticket("accepted", cast)
    account = make_account(Role.COORDINATOR, is_default=False)
    case.act(Act.DISPATCH, by=account.actor)
    answered = (Act.GIVE_OPINION, Act.REPLY, Act.COUNTERSIGN, Act.RULE_REPLY)
    for action in (*answered, Act.RECEIVE_FEEDBACK):
        case.act(action)
    caller = Caller(client, make_account(Role.REVISITOR, account.account, is_default=True))
    assert listed(caller, "/tickets?queue=to_revisit") == set()
    call = {"is_reached": True, "outcome": "solved"}
    version = case.ticket.version
    refused(caller.post(f"/tickets/{case.number}/revisit", call, version=version), 403)


def test_a_unit_reads_its_assignments_and_a_co_handler_only_those_of_co_units(client, cast):
    swapped = Dispatch(cast.co_unit.id, (cast.lead_unit.id,))
    leading = make_ticket("handling", cast).number
    helping = make_ticket("handling", cast, dispatch=swapped).number
    make_ticket("handling")

    def assigned(role: Role) -> set[tuple[str, str]]:
        caller = Caller(client, make_account(role, organisation_id=cast.lead_unit.id))
        items = caller.get("/assignments").json["items"]
        assert {item["organisation_id"] for item in items} == {cast.lead_unit.id}
        assert listed(caller) == {item["ticket"]["number"] for item in items}
        return {(item["ticket"]["number"], item["role"]) for item in items}

    both = {(leading, "lead"), (helping, "co")}
    assert assigned(Role.HANDLER) == both
    assert assigned(Role.UNIT_APPROVER) == both
    assert assigned(Role.CO_HANDLER) == {(helping, "co")}


def test_who_only_helps_reads_the_text_and_the_own_assignment(client, cast):
    by_phone = Submission("厂区用电增容", "请协调增容。", contact_phone="13912340001")
    case = make_ticket("handling", cast, submit=by_phone)
    helping = Caller(client, cast.co_handler).get(f"/tickets/{case.number}").json
    leading = Caller(client, cast.handler).get(f"/tickets/{case.number}").json
    assert (helping["body"], leading["body"]) == (by_phone.body, by_phone.body)
    assert (helping["contact"], leading["contact"]["phone"]) == (None, "139****0001")
    units = {one["organisation_id"] for one in leading["assignments"]}
    assert units == {cast.lead_unit.id, cast.co_unit.id}
    assert [one["organisation_id"] for one in helping["assignments"]] == [cast.co_unit.id]


def test_who_only_helps_reads_of_others_what_the_enterprise_reads(client, cast):
    """Of the own unit all of it, of what the others think and are told nothing."""
    third = make_organisation()
    both = Dispatch(cast.lead_unit.id, (cast.co_unit.id, third.id))
    case = make_ticket("handling", cast, dispatch=both)
    other = make_account(Role.CO_HANDLER, organisation_id=third.id)
    cards = {cast.lead_unit: ClockKind.ASSIGNMENT, cast.co_unit: ClockKind.OPINION}
    for unit, clock in cards.items():
        card = CardIssue(clock, Rung.RED, organisation_id=unit.id)
        case.act(Act.ISSUE_CARD, card, at=case.at + timedelta(days=14))
    case.act(Act.GIVE_OPINION, Opinion("本单位无意见，建议尽快增容。"))
    case.act(Act.GIVE_OPINION, Opinion("线路走廊尚有争议，暂不公开。"), by=other.actor)
    case.act(Act.REPLY)
    path = f"/tickets/{case.number}"
    events = Caller(client, cast.co_handler).get(f"{path}/events?limit=100")
    public = Caller(client, cast.applicant).get(f"{path}/events?limit=100").json["items"]
    inner = [one for one in events.json["items"] if one["actor_name"]]
    assert [one["action"] for one in inner] == ["issue_card", "give_opinion"]
    assert inner[0]["facts"]["organisation_id"] == cast.co_unit.id
    assert inner[1]["facts"]["opinion"] == "本单位无意见，建议尽快增容。"
    rest = [one for one in events.json["items"] if not one["actor_name"]]
    assert rest == public
    assert "线路走廊" not in events.text


def test_who_only_helps_reads_the_draft_to_sign_and_its_files_once_they_are_released(client, cast):
    case = make_ticket("handling", cast)
    case.act(Act.GIVE_OPINION)
    case.act(Act.REPLY)
    draft, own = file_of(case, case.ticket.event_seq), file_of(case, case.ticket.event_seq - 1)
    helping, path = Caller(client, cast.co_handler), f"/tickets/{case.number}"
    shown = helping.get(path).json
    assert shown["reply"]["answer"]
    assert "handling_note" not in shown["reply"]
    assert [one["id"] for one in shown["attachments"]] == [own]
    refused(helping.get(f"/attachments/{draft}"), 404)
    assert helping.get(f"/attachments/{own}").status_code == 200
    leading = Caller(client, cast.handler).get(path).json
    assert [one["id"] for one in leading["attachments"]] == [draft, own]
    case.act(Act.COUNTERSIGN)
    case.act(Act.RULE_REPLY)
    released = helping.get(path).json
    assert released["reply"]["answer"] == leading["reply"]["answer"]
    assert "handling_note" in leading["reply"]
    assert "handling_note" not in released["reply"]
    assert helping.get(f"/attachments/{draft}").status_code == 200


def file_of(case: Case, event_seq: int) -> int:
    """A file that somebody has handed in with an event."""
    return make_attachment(case, case.cast.handler, event_seq).id


def test_an_enterprise_reads_nothing_that_is_inner(client, cast):
    case = make_ticket("handling", cast)
    case.act(Act.GIVE_OPINION)
    case.act(Act.REPLY)
    shown = Caller(client, cast.applicant).get(f"/tickets/{case.number}").json
    inner = {"assignments", "refusal", "revisit", "intake_organisation_id"}
    assert not inner & shown.keys()
    assert shown["reply"] is None
    official = Caller(client, cast.coordinator).get(f"/tickets/{case.number}").json
    assert inner <= official.keys()
    assert official["reply"]["answer"]
