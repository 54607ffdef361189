"""`docs/coordinators.zh-CN.md` is drawn from the code, never stale, and leaves no rule unsaid."""

import pytest

from app.api.ticket_actions.routes import ACTIONS
from app.domain.actor import Actor
from app.domain.audience import AUDIENCES
from app.domain.disclosure import PUBLIC_FACTS
from app.domain.guards.ticket import always, every
from app.domain.permissions import GRANTS
from app.domain.permissions import Permission as Act
from app.domain.ticket_state import Situation
from app.domain.transitions import BY_ACTION, TRANSITIONS
from app.domain.vocabulary import Status
from tools import coordinators_page
from tools.manual import conditions, forms, sections, words
from tools.manual.refusals import refusals

TAKEN = (Act.SUBMIT, *BY_ACTION)

NAMED_IN = "tools/manual/words.py {} is to have these names, and no others"


def test_page_shows_the_code_as_it_is():
    written = coordinators_page.PAGE.read_text(encoding="utf-8")
    assert written == coordinators_page.page(), "draw it: python -m tools.coordinators_page"


def test_every_condition_has_its_sentence():
    used = {
        conditions.source(part): f"{conditions.name(part)} (on {row.action})"
        for row in TRANSITIONS
        for guard in (row.entitled, row.ready)
        for part in conditions.parts(guard)
    }
    unsaid = [name for guard, name in used.items() if guard not in conditions.SENTENCES]
    assert not unsaid, f"say in tools/manual/conditions.py what these ask for: {unsaid}"
    idle = [guard.__qualname__ for guard in conditions.SENTENCES if guard not in used]
    assert not idle, f"no action asks for these any more: {idle}"


def is_monday(_: Situation, __: Actor) -> bool:
    """A condition of which nothing is said."""
    return True


def test_condition_without_a_sentence_is_named():
    with pytest.raises(LookupError, match=r"page\.is_monday has no sentence in tools/manual"):
        conditions.sentences(every(always, is_monday))


def test_every_action_says_what_it_is_for():
    silent = [action.value for action in TAKEN if action not in forms.FORMS]
    assert not silent, f"describe in tools/manual/forms.py, or make a route for: {silent}"
    by_hand = {*forms.BESIDE, *forms.BY_ITSELF}
    assert by_hand <= set(TAKEN)
    assert not by_hand & {one.permission for one in ACTIONS}, "described twice"
    people = [action for action in forms.BY_ITSELF if not sections.is_of_jobs(action)]
    assert not people, f"people take these, so say what they fill in: {people}"


def test_names_are_those_that_the_page_needs():
    heard = {one.audience for addresses in AUDIENCES.values() for one in addresses}
    assert heard == set(words.AUDIENCE), NAMED_IN.format("AUDIENCE")
    reaches = {scope for action in TAKEN for scope in GRANTS[action].values()}
    assert reaches <= set(words.SCOPE), NAMED_IN.format("SCOPE")
    told = {fact for action in TAKEN for fact in nameless(action)}
    assert told == set(words.FACT), NAMED_IN.format("FACT")


def nameless(action: Act) -> set[str]:
    """The facts that the enterprise reads of an action and that are none of its fields."""
    body = forms.FORMS[action].body
    return set(PUBLIC_FACTS.get(action, ())) - set(body().fields if body else ())


def test_outcomes_are_those_of_the_messages_and_of_what_stays_inside():
    known = {outcome for _, outcome in AUDIENCES} | {
        outcome for row in TRANSITIONS for outcome in row.private_outcomes
    }
    assert set(words.OUTCOME) <= known, NAMED_IN.format("OUTCOME")
    kept = {outcome for row in TRANSITIONS for outcome in row.private_outcomes}
    assert kept <= set(words.OUTCOME), NAMED_IN.format("OUTCOME")


def test_refusals_are_read_from_the_decision_and_what_it_calls():
    said = refusals(BY_ACTION[Act.REQUEST_EXTENSION].decision)
    assert "同一轮办理最多延期 2 次，请抓紧办理。" in said
    assert "本件的办结时限不能延期。" in said
    assert "被投诉的单位不得承办。" in refusals(BY_ACTION[Act.DISPATCH].decision)
    assert "按现行标准和工作日历，时限没有变化。" in refusals(BY_ACTION[Act.RETARGET].decision)
    assert not refusals(BY_ACTION[Act.CONVENE].decision)


def test_section_says_who_and_what_follows():
    text = sections.section(BY_ACTION[Act.RULE_EXTENSION])
    assert "协调员、督导（本地区的诉求）" in text
    assert "同意的，企业、管家、承办单位收到“办结时限延长”" in text
    assert "| 是否同意 | 必填 | 是或否 |" in text
    assert "不同意的，看不到" in text
    assert "诉求转为“已撤回”" in sections.section(BY_ACTION[Act.WITHDRAW])
    assert "“待评价”，或状态不变" in sections.section(BY_ACTION[Act.RECORD_REVISIT])


def test_coordinator_is_offered_what_the_status_allows():
    offered = list(coordinators_page.of_coordinators(Status.SUBMITTED))
    assert Act.ACCEPT in offered
    assert Act.RETARGET not in offered
    assert Act.RETARGET in list(coordinators_page.of_coordinators(Status.SUSPENDED))
    assert list(coordinators_page.of_coordinators(Status.ARCHIVED)) == [Act.REQUEST_PURGE]


def test_every_action_stands_on_the_page_once():
    text = coordinators_page.page()
    assert not [one.value for one in TAKEN if text.count(f'<a id="{one.value}"></a>') != 1]
