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
    assert chosen["sign_for"] == []
