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


def test_picture_shows_the_way_round_and_the_list_what_leaves_it():
    drawn, listed = ticket_flow_page.diagram(), ticket_flow_page.aside()
    assert "    accepted --> handling: 派单、会商结论、联席会议结论\n" in drawn
    assert "    supplementing --> withdrawn: 逾期未补正\n" in drawn
    assert "并案" not in drawn
    assert "- 恢复办理: 已挂起 → 已受理、协调中、办理中\n" in listed


def test_action_stays_where_one_of_its_outcomes_does():
    staying = {row.action.value for row in TRANSITIONS if ticket_flow_page.may_stay(row)}
    assert {"rule_return", "record_revisit", "rule_reply", "sign_for"} <= staying
    assert not {"accept", "object", "resume", "merge", "unmerge"} & staying
