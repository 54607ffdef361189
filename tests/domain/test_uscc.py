"""统一社会信用代码: real companies' codes, their misprints, and the properties of the check."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import uscc

bodies = st.text(uscc.ALPHABET, min_size=17, max_size=17)


@pytest.mark.parametrize(
    "code",
    [
        "914403001922038216",
        "91330100799655058B",
        "9144030071526726XG",
        "91110000802100433B",
        "91110000600037341L",
        "N2440100MF1234567Q",  # a rural collective: letters are allowed in front
    ],
)
def test_real_codes_are_valid(code):
    assert uscc.is_valid(code)


@pytest.mark.parametrize(
    "code",
    [
        "91330100799655085B",  # two digits changed places
        "9133010079965505BB",
        "91330100799655058",  # one short
        "O1330100799655058B",  # the letter O for a nought
        "A1110000600037341L",
        "91330100799655058BB",
        "",
    ],
)
def test_misprints_are_not(code):
    assert not uscc.is_valid(code)


def test_full_width_spaces_hyphens_and_small_letters_are_normalised():
    assert uscc.normalise(" ９１３３０１００-799655058b\u3000") == "91330100799655058B"


@given(bodies)
def test_the_check_character_completes_a_code(body):
    assert uscc.is_valid(body + uscc.check_character(body))


@given(bodies, st.integers(0, 16), st.sampled_from(uscc.ALPHABET))
def test_one_wrong_character_is_always_found(body, place, wrong):
    code = body + uscc.check_character(body)
    misprint = code[:place] + wrong + code[place + 1 :]
    assert uscc.is_valid(misprint) == (misprint == code)
