"""Which pairings end, start and open when a register names housekeepers."""

from hypothesis import given
from hypothesis import strategies as st

from app.models.pairing import STANDING
from services.pairing.assign import OpenPairing, Wish, plan_moves

OPEN_STATES = ("proposed", "confirmed", "active", "handing_over")


def wish(housekeeper=1, *, is_active=True):
    return Wish(10, housekeeper, "lead", is_active=is_active)


def standing(pairing_id, housekeeper, state="active", role="lead"):
    return OpenPairing(pairing_id, 10, housekeeper, role, state)


def test_a_first_housekeeper_is_opened():
    assert plan_moves([wish()], []).opened == [wish()]


def test_the_same_housekeeper_again_moves_nothing():
    for state in STANDING:
        moves = plan_moves([wish()], [standing(5, 1, state)])
        assert (moves.ended, moves.started, moves.opened) == ([], [], [])


def test_another_housekeeper_ends_the_old_pairing():
    moves = plan_moves([wish(2)], [standing(5, 1)])
    assert (moves.ended, moves.opened) == ([5], [wish(2)])


def test_a_proposal_is_started_by_a_confirmed_authority():
    moves = plan_moves([wish(1)], [standing(5, 1, "proposed"), standing(6, 2)])
    assert (moves.ended, moves.started, moves.opened) == ([6], [5], [])


def test_a_proposal_leaves_whoever_is_at_work():
    proposal = wish(2, is_active=False)
    moves = plan_moves([proposal], [standing(5, 1), standing(6, 3, "proposed")])
    assert (moves.ended, moves.opened) == ([6], [proposal])


def test_roles_do_not_touch_each_other():
    moves = plan_moves([wish(2)], [standing(5, 1, role="deputy")])
    assert (moves.ended, moves.opened) == ([], [wish(2)])


people = st.integers(1, 4)


@st.composite
def open_pairings(draw):
    """What the indexes allow: each person once, at most one of them standing."""
    states = draw(st.dictionaries(people, st.sampled_from(OPEN_STATES[:2]), max_size=4))
    if states and draw(st.booleans()):
        states[draw(st.sampled_from(sorted(states)))] = draw(st.sampled_from(STANDING))
    return [standing(100 + person, person, state) for person, state in states.items()]


@given(open_pairings(), people, st.booleans())
def test_no_report_ever_leaves_two_at_work(present, person, is_active):
    moves = plan_moves([wish(person, is_active=is_active)], present)
    at_work = {
        pairing.housekeeper_id
        for pairing in present
        if pairing.id not in moves.ended
        and (pairing.state in STANDING or pairing.id in moves.started)
    } | {opened.housekeeper_id for opened in moves.opened if opened.is_active}
    assert len(at_work) <= 1
    assert not is_active or at_work == {person}
    assert not set(moves.ended) & set(moves.started)
