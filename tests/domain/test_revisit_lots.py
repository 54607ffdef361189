"""抽签: the share that is drawn, whatever the month brings; the same for ever."""

from math import ceil

import pytest

from app.domain.revisit_lots import Lot, Share, is_drawn, seal_of, share_of, told
from app.domain.vocabulary import TicketClass
from tests.domain.stage import RULES, ruled_by

SEEDS = [bytes([number]) * 16 for number in range(40)]


def drawn(share: Share, seed: bytes, population: int) -> list[int]:
    return [number for number in range(1, population + 1) if is_drawn(number, share, seed)]


@pytest.mark.parametrize("seed", SEEDS[:8])
@pytest.mark.parametrize("population", [1, 4, 5, 6, 24, 25, 26, 99, 500])
def test_a_fifth_is_drawn_and_five_at_least_and_all_if_fewer(seed, population):
    share = share_of(TicketClass.NORMAL, RULES)
    found = len(drawn(share, seed, population))
    assert found >= max(min(5, population), ceil(population / 5))
    assert found <= 5 + ceil((population - 5) / 5 if population > 5 else 0)


@pytest.mark.parametrize("seed", SEEDS[:8])
def test_of_every_twenty_consultations_one_is_drawn(seed):
    share = share_of(TicketClass.CONSULT, RULES)
    found = drawn(share, seed, 400)
    assert [(number - 1) // 20 for number in found] == list(range(20))


def test_the_shares_are_those_of_the_rules():
    rules = ruled_by(revisit_consult_percent=8, revisit_percent=50, revisit_at_least=7).rules
    assert share_of(TicketClass.HARD, rules) == Share(50, 7)
    assert share_of(TicketClass.CONSULT, rules) == Share(8, 0)


@pytest.mark.parametrize("percent", [1, 3, 7, 30, 33, 51, 99, 100])
def test_any_share_is_kept_at_every_moment(percent):
    share = Share(percent, 0)
    for population in range(1, 300):
        found = len(drawn(share, SEEDS[1], population))
        assert population * percent // 100 <= found <= ceil(population * percent / 100)


def test_a_share_of_nothing_draws_the_first_alone():
    assert drawn(Share(0, 2), SEEDS[0], 50) == [1, 2]


def test_every_place_of_a_slot_has_its_chance():
    places = {drawn(Share(20, 0), seed, 5)[0] for seed in SEEDS}
    assert places == {1, 2, 3, 4, 5}


def test_the_seed_decides_and_nothing_else():
    share = Share(20, 5)
    assert drawn(share, SEEDS[2], 200) == drawn(share, SEEDS[2], 200)
    assert len({tuple(drawn(share, seed, 200)) for seed in SEEDS}) == len(SEEDS)
    assert drawn(share, SEEDS[0], 30) == [1, 2, 3, 4, 5, 6, 15, 17, 23, 28]


def test_what_is_told_seals_the_seed_without_giving_it_away():
    lot = Lot(7, 6, Share(20, 5), SEEDS[3])
    assert told(lot)["seed_sha256"] == seal_of(SEEDS[3])
    assert SEEDS[3].hex() not in str(told(lot))
