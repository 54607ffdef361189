"""行政区划代码: the level decides where a code is cut."""

import pytest

from app.domain import areas
from app.seed.areas import shipped_areas


@pytest.mark.parametrize(
    ("code", "level", "prefix"),
    [
        ("210000000000", "province", "21"),
        ("210300000000", "city", "2103"),
        ("210381000000", "county", "210381"),
        ("210381100000", "town", "210381100"),  # zeros that mean something
        ("441900003000", "town", "441900003"),  # 东莞: a town right under a city
        ("210302001001", "village", "210302001001"),
    ],
)
def test_the_prefix_follows_the_level(code, level, prefix):
    assert areas.prefix(code, level) == prefix


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("21", "210000000000"),
        ("2103", "210300000000"),
        ("210381", "210381000000"),
        ("210381100", "210381100000"),
        ("210302001001", "210302001001"),
        ("2103K1000000", "2103K1000000"),
        ("21038", None),
        ("2103811000000", None),
        ("海城市", None),
        ("", None),
    ],
)
def test_codes_are_filled_to_twelve(written, code):
    assert areas.full_code(written) == code


def test_scope_is_a_prefix_and_nothing_is_everywhere():
    assert areas.is_within("210381100000", "210381")
    assert not areas.is_within("210381100000", "210382")
    assert areas.is_within("110000000000", "")


def test_every_shipped_area_lies_in_its_parent():
    shipped = list(shipped_areas())
    levels = {area.code: area.level for area in shipped}
    strays = [
        area.code
        for area in shipped
        if (parent := area.parent_code)
        and not areas.is_within(area.code, areas.prefix(parent, levels[parent]))
    ]
    assert len(levels) == 44_699 + 1_193
    assert not strays
