"""What is judged, in which parts, and what follows from what the platform says. Tables."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.actor import ENTERPRISE_ROLES
from app.domain.content_checks import (
    ALERTED,
    CAUSE_LABELS,
    DOWNLOADS,
    LONGEST,
    NOTICE,
    OVERLAP,
    REPEATING,
    REST,
    SHOWN,
    STATE_LABELS,
    TEXTS,
    UNDECIDED,
    VEILED,
    WAITS,
    Cause,
    CheckState,
    Following,
    Judgement,
    Scene,
    after_failure,
    after_judgement,
    after_push,
    parts_of,
    said_in,
    scene_of,
    worst,
)
from app.domain.disclosure import PUBLIC_FACTS
from app.domain.permissions import GRANTS
from app.domain.permissions import Permission as Act
from app.domain.retry import Circuit, Failure
from app.domain.veil import Veil, veiled_facts

NO_WORDS = frozenset(
    {"channel", "resubmitted_from", "was_contacted", "attempt", "level", "files", "contacted_at"}
)
"""What of the public facts of such acts nobody writes in words."""


def test_all_that_enterprises_write_and_others_of_them_read_is_judged():
    by_enterprises = {act for act in PUBLIC_FACTS if ENTERPRISE_ROLES & GRANTS[act].keys()}
    told = {act: PUBLIC_FACTS[act] - NO_WORDS for act in by_enterprises}
    judged = {act: {*names} - {"body"} for act, names in TEXTS.items()}
    assert judged == {act: names for act, names in told.items() if names}


def test_what_repeats_words_names_them_alike():
    for act, first in REPEATING.items():
        assert {*TEXTS[first]} <= PUBLIC_FACTS[act]


def test_what_is_not_decided_or_held_back_is_veiled():
    assert set(CheckState) == SHOWN | VEILED
    assert {CheckState.HELD_BACK} == VEILED - UNDECIDED
    assert set(STATE_LABELS) == set(CheckState)
    assert set(CAUSE_LABELS) == set(Cause)


def test_a_ticket_is_an_entry_and_all_else_a_comment():
    assert [act for act in TEXTS if scene_of(act) is Scene.FORUM] == [Act.SUBMIT]


def test_only_words_are_said():
    assert said_in(Act.SUBMIT, {"title": "积水", "body": " ", "level": 3}) == ["积水"]
    assert said_in(Act.EVALUATE, {"reasons": ["拖延", ""], "comment": None}) == ["拖延"]
    assert said_in(Act.RECEIVE_FEEDBACK, {"note": "收到"}) == []


@given(st.text(max_size=40).flatmap(lambda some: st.integers(0, 300).map(lambda n: some * n)))
def test_parts_fit_and_nothing_falls_between_them(text):
    parts = [*parts_of(text)]
    assert all(0 < len(part.encode("utf-16-le", "surrogatepass")) // 2 <= LONGEST for part in parts)
    whole = "".join(part if not place else part[OVERLAP:] for place, part in enumerate(parts))
    assert whole == text
    for place, part in enumerate(parts[1:]):
        assert parts[place].endswith(part[:OVERLAP])


def test_what_fits_is_one_part():
    assert [*parts_of("厂" * LONGEST)] == ["厂" * LONGEST]
    assert len([*parts_of("厂" * (LONGEST + 1))]) == 2
    assert len([*parts_of("😀" * LONGEST)]) > 1


@pytest.mark.parametrize(
    ("suggest", "following"),
    [
        ("pass", Following(CheckState.PASSED)),
        ("review", Following(CheckState.REFERRED, Cause.REVIEW)),
        ("risky", Following(CheckState.REFERRED, Cause.RISKY)),
        ("something-new", Following(CheckState.REFERRED, Cause.REVIEW)),
        ("", Following(CheckState.REFERRED, Cause.REVIEW)),
    ],
)
def test_only_a_pass_is_a_pass(suggest, following):
    assert after_judgement(Judgement(suggest, 100)) == following
    assert after_push(0, Judgement(suggest, 100), 1) == following


@pytest.mark.parametrize(
    ("suggests", "found"),
    [
        (["pass", "pass"], "pass"),
        (["pass", "review", "pass"], "review"),
        (["review", "risky"], "risky"),
        (["new", "pass"], "new"),
    ],
)
def test_the_worst_part_decides(suggests, found):
    assert worst([Judgement(one) for one in suggests]).suggest == found


WAITING, REFERRED = CheckState.WAITING, CheckState.REFERRED
CIRCUIT = Circuit.TEXT_CHECKS


@pytest.mark.parametrize(
    ("failure", "following"),
    [
        (Failure("retry"), Following(WAITING, delay=WAITS[0])),
        (Failure("unknown"), Following(WAITING, delay=WAITS[0])),
        (Failure("backoff", 44991), Following(WAITING, delay=REST, halts=CIRCUIT)),
        (Failure("alert", 48001), Following(WAITING, delay=ALERTED, halts=CIRCUIT)),
        (
            Failure("refresh_token", 40001, is_of_token=True),
            Following(WAITING, delay=ALERTED, halts=Circuit.TOKEN),
        ),
        (Failure("drop", 61010), Following(REFERRED, Cause.INACTIVE)),
        (Failure("drop", 40003), Following(REFERRED, Cause.REFUSED)),
        (Failure("pause_user"), Following(REFERRED, Cause.REFUSED)),
        (Failure("something-new"), Following(REFERRED, Cause.REFUSED)),
    ],
)
def test_what_follows_a_failure(failure, following):
    assert after_failure(failure, 1, CIRCUIT) == following


def test_tries_become_rarer():
    delays = [after_failure(Failure("retry"), tries, CIRCUIT).delay for tries in range(1, 9)]
    assert delays == sorted(delays)
    assert delays[-1] == WAITS[-1] > timedelta(0)


def test_a_file_that_cannot_be_fetched_is_offered_again_and_then_left_to_people():
    nothing = Judgement("")
    found = [after_push(-1008, nothing, tries) for tries in range(1, DOWNLOADS + 1)]
    assert [one.state for one in found] == [WAITING] * (DOWNLOADS - 1) + [REFERRED]
    assert found[-1].cause is Cause.UNREADABLE


def veil(*events):
    return Veil.of({"seq": seq, "action": act, "attempt": attempt} for seq, act, attempt in events)


def test_without_a_veil_all_is_as_it_was():
    bare = veil()
    assert bare.submission({"title": "积水"}) == {"is_withheld": False}
    supplements = [{"attempt": 1, "answer": "附后"}]
    assert bare.supplements(supplements) == supplements
    assert bare.evaluations([{"comment": "慢"}]) == [{"comment": "慢"}]


def test_a_veil_covers_the_words_of_its_event_and_no_others():
    hidden = veil((1, "submit", None), (5, "supply", 2))
    assert hidden.submission({"title": "积水", "body": "…", "kind": "request"}) == {
        "is_withheld": True,
        "title": NOTICE,
        "body": NOTICE,
    }
    supplements = [{"attempt": 1, "answer": "甲"}, {"attempt": 2, "answer": "乙"}]
    assert [one["answer"] for one in hidden.supplements(supplements)] == ["甲", NOTICE]
    assert hidden.evaluations([{"comment": "慢"}]) == [{"comment": "慢"}]


def test_words_that_went_into_matters_and_ratings_are_veiled_there():
    purge = {"kind": "purge", "details": {"reason": "泄露配方", "files": []}, "note": "同意"}
    deferral = {"kind": "deferral", "details": {"items": ["图纸"]}, "note": "已补"}
    hidden = veil((3, "request_purge", None), (4, "supply_deferred", None), (9, "evaluate", None))
    [shown, late] = hidden.matters([purge, deferral])
    assert (shown["details"]["reason"], shown["note"], late["note"]) == (NOTICE, "同意", NOTICE)
    assert veil((4, "supply", 1)).matters([purge, deferral]) == [purge, deferral]
    [rating] = hidden.evaluations([{"level": 1, "comment": "慢", "reasons": ("拖延",)}])
    assert rating == {"level": 1, "comment": NOTICE, "reasons": [NOTICE]}


def test_facts_keep_their_form_under_a_veil():
    assert veiled_facts(Act.SUBMIT, {"title": "积水", "channel": "mini_program"}) == {
        "title": NOTICE,
        "channel": "mini_program",
    }
    assert veiled_facts(Act.RULE_PURGE, {"reason": "泄露", "granted": True})["reason"] == NOTICE
    assert veiled_facts(Act.URGE, {"reason": None}) == {"reason": None}
