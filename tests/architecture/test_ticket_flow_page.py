"""`docs/ticket-flow.md` is drawn from the transition table and never stale."""

from app.domain.transitions import TRANSITIONS
from tools import ticket_flow_page


def test_page_shows_the_table_as_it_is():
    written = ticket_flow_page.PAGE.read_text(encoding="utf-8")
    assert written == ticket_flow_page.page(), "draw it: python -m tools.ticket_flow_page"


def test_targets_that_a_decision_chooses_are_seen():
    chosen = {row.action.value: ticket_flow_page.targets(row) for row in TRANSITIONS}
    assert [status.value for status in chosen["record_revisit"]] == ["coordinating", "evaluating"]
    assert [status.value for status in chosen["rule_reply"]] == ["feedback"]
    assert [status.value for status in chosen["rule_return"]] == ["coordinating"]
    assert [status.value for status in chosen["resume"]] == ["accepted", "coordinating", "handling"]
    assert chosen["sign_for"] == []


def test_action_stays_where_one_of_its_outcomes_does():
    staying = {row.action.value for row in TRANSITIONS if ticket_flow_page.may_stay(row)}
    assert {"rule_return", "record_revisit", "rule_reply", "sign_for"} <= staying
    assert not {"accept", "object", "resume", "merge", "unmerge"} & staying
