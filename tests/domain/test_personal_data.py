"""What tells of a person is taken out of a text before it leaves the house."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.personal_data import TAKEN_OUT, without_personal_data

DIGITS = "0123456789"
FULL_WIDTH, CHINESE = "０１２３４５６７８９", "〇一二三四五六七八九"
ORDINARY = st.text(st.sampled_from("厂区门前道路积水请协调，。！\n电 话abcXYZ"), max_size=40)
GAPS = st.sampled_from(["", " ", "-", "－", " - ", "\u200b", ".", "·", "\n"])


def letters(text: str) -> str:
    return "".join(text.split())


@st.composite
def phones(draw: st.DrawFn) -> str:
    """Numbers that people are called by, as people write them."""
    kind = draw(st.sampled_from(["1[3-9][0-9]{9}", "0[0-9]{2,3}[2-8][0-9]{6,7}", "[2-8][0-9]{6}"]))
    number = draw(st.from_regex(kind, fullmatch=True).filter(str.isascii))
    shapes = draw(st.lists(st.sampled_from([DIGITS, FULL_WIDTH, CHINESE]), min_size=len(number)))
    gaps = draw(st.lists(GAPS, min_size=len(number)))
    return "".join(
        shape[int(digit)] + gap for digit, shape, gap in zip(number, shapes, gaps, strict=False)
    )


@given(ORDINARY, phones(), ORDINARY)
def test_no_number_is_left_however_it_is_written(before, phone, after):
    told = without_personal_data(f"{before}。{phone}。{after}")
    assert not set(told) & set(DIGITS + CHINESE)
    assert TAKEN_OUT in told


@given(ORDINARY, st.text(st.sampled_from("王李赵敏欧阳"), min_size=2, max_size=4), ORDINARY)
def test_no_known_name_is_left(before, name, after):
    spaced = " ".join(name)
    for written in (name, spaced):
        told = without_personal_data(f"{before}{written}{after}", [name])
        assert name not in letters(told)


@given(ORDINARY)
def test_a_text_that_tells_of_nobody_is_what_it_was(text):
    assert without_personal_data(text) == text.replace("，", ",").replace("！", "!")


@given(st.text(max_size=80), st.lists(st.text(max_size=4), max_size=3))
def test_taking_out_twice_takes_out_no_more(text, names):
    once = without_personal_data(text, [one for one in names if one not in TAKEN_OUT])
    assert without_personal_data(once) == once


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("身份证21030219900101123X。", "身份证〔隐去〕。"),
        ("身份证 210302 19900101 123x 办理", "身份证 〔隐去〕 办理"),
        ("信用代码91210302MA0UQRB27Y欠税", "信用代码〔隐去〕欠税"),
        ("9121 0302 MA0U QRB2 7Y", "〔隐去〕"),
        ("电话123 91210302MA0UQRB27Y", "电话123 〔隐去〕"),
        ("发到zhang.san@qq.com谢谢", "发到〔隐去〕谢谢"),
        ("卡号6222 0210 0110 1234 567", "卡号〔隐去〕"),
        ("请加微信代开发票13812345678", "请加微信代开发票〔隐去〕"),
        ("2026年11月23日投产3条线", "2026年11月23日投产3条线"),
        ("please add our group to talk about it", "please add our group to talk about it"),
    ],
)
def test_what_is_taken_out_and_what_is_not(text, told):
    assert without_personal_data(text) == told


def test_a_name_of_one_character_is_none():
    assert without_personal_data("王府大街", ["王", "", " "]) == "王府大街"


def test_the_longer_of_two_names_goes_first():
    assert without_personal_data("欧阳娜娜来过", ["欧阳", "欧阳娜娜"]) == f"{TAKEN_OUT}来过"
