"""Cells of the register sheets, as people really type them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import register


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("13812345678", "13812345678"),
        ("１３８１２３４５６７８", "13812345678"),
        ("138 1234 5678", "13812345678"),
        ("+86 138-1234-5678", "13812345678"),
        ("0086 13812345678", "13812345678"),
        ("8613812345678", "13812345678"),
        ("(+86)13812345678", "13812345678"),
        ("1381234", None),
        ("138123456789", None),
        ("12812345678", None),
        ("0412-5551234", None),
        ("13812345678/13912345678", None),
        ("", None),
    ],
)
def test_mobile_numbers(typed, stored):
    assert register.mobile(typed) == stored


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_every_way_of_writing_a_number_is_one_number(number):
    ways = [number, f"+86{number}", f"86 {number}", f"{number[:3]}-{number[3:7]}-{number[7:]}"]
    assert {register.mobile(way) for way in ways} == {number}


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("其他", ("其他",)),
        ("规上工业、重点项目", ("重点项目", "规上工业")),
        ("其他，限上商贸", ("限上商贸", "其他")),
        (" 限上商贸 / 规上工业 ", ("规上工业", "限上商贸")),
        ("重点项目；重点项目", ("重点项目",)),
        ("规模以上", None),
        ("重点项目、规模以上", None),
        ("、", None),
        ("", None),
    ],
)
def test_categories_come_with_the_primary_one_first(typed, stored):
    assert register.categories(typed) == stored


@pytest.mark.parametrize(
    ("name", "may_lack"),
    [
        ("鞍山市铁东兴腾菱镁耐火材料经营部", True),
        ("鞍山市岫岩满族自治岳创医疗器械店", True),
        ("王记豆腐坊", True),
        ("鞍山市立山建材商行", True),
        ("鞍山市台安星康新能源有限公司", False),
        ("鞍山市海城种植养殖专业合作社", False),
        ("", False),
    ],
)
def test_only_traders_may_lack_a_code(name, may_lack):
    assert register.may_lack_code(name) == may_lack


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("\u3000鞍山市海城和瑞钢结构店\n", "鞍山市海城和瑞钢结构店"),
        ("李　鹏", "李鹏"),
        ("鞍钢(集团) 有限公司", "鞍钢（集团）有限公司"),
        ("鞍钢（集团）有限公司", "鞍钢（集团）有限公司"),
        ("Ａｃｍｅ  Steel\u200b Ltd.", "Acme Steel Ltd."),
        ("鞍山\x07市", "鞍山市"),
    ],
)
def test_names_are_compared_in_one_form(typed, stored):
    assert register.chinese_name(typed) == stored


@given(st.text())
def test_cleaning_twice_changes_nothing(text):
    once = register.clean(text)
    assert register.clean(once) == once


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("157802", Decimal("157802.00")),
        ("1,578.126", Decimal("1578.13")),
        ("１２", Decimal("12.00")),
        ("-5", None),
        ("约3亿", None),
        ("NaN", None),
        ("1e99", None),
        ("", None),
    ],
)
def test_amounts(typed, stored):
    assert register.amount(typed) == stored
