"""The indicators: rates that know when they are unknown, and what they are made of."""

import pytest

from app.domain.indicators import (
    COUNTS,
    INDICATORS,
    PARTS,
    Count,
    Indicator,
    counts_of,
    figure_names,
    indicators_of,
    measure,
)


def test_a_rate_without_a_denominator_is_unknown_not_perfect():
    assert measure(0, 0, 5)["rate"] is None
    assert measure(0, 3, 0)["rate"] == 0
    assert measure(3, 3, 0)["rate"] == 1


def test_a_rate_is_never_rounded_up_to_all():
    assert measure(86_983, 86_984, 0)["rate"] != 1


@pytest.mark.parametrize(("cases", "is_small"), [(0, True), (9, True), (10, False)])
def test_under_ten_cases_nobody_is_ranked(cases, is_small):
    assert measure(cases, cases, 0)["is_small"] is is_small


def test_a_measure_shows_what_it_is_made_of():
    shown = measure(3, 4, 2)
    assert [shown[name] for name in PARTS] == [3, 4, 2]


def test_every_figure_has_a_name_of_its_own_and_a_meaning():
    everything: list[Count | Indicator] = [*COUNTS, *INDICATORS]
    assert len({each.key for each in everything}) == len(everything)
    assert len({each.name for each in everything}) == len(everything)
    assert all(each.definition for each in everything)


def test_a_cohort_is_of_what_was_accepted_so_acceptance_is_no_question_of_it():
    everything: list[Count | Indicator] = [*COUNTS, *INDICATORS]
    left_out = {each.key for each in everything if not each.is_in_cohort}
    assert left_out == {"submitted", "refused", "acceptance_rate", "timely_acceptance_rate"}
    shown = {count.key for count in counts_of(is_cohort=True)}
    shown |= {rate.key for rate in indicators_of(is_cohort=True)}
    assert not left_out & shown
    assert figure_names(is_cohort=True) < figure_names(is_cohort=False)
