"""字段类型: what fits is left alone, what is too long is cut with meaning, the rest is refused."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.field_types import RULES, FieldType, UnfitText, fit, units
from tools.wechat_emulator.fields import is_allowed

T = FieldType
HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)


@pytest.mark.parametrize(
    ("field_type", "text"),
    [
        (T.THING, "诉求已受理，请留意办理进度"),
        (T.THING, "办" * 20),
        (T.NUMBER, "-12.5"),
        (T.NUMBER, "1" * 32),
        (T.LETTER, "AS"),
        (T.SYMBOL, "+-*/!"),
        (T.CHARACTER_STRING, "AS20260601-000001"),
        (T.CHARACTER_STRING, "A" * 32),
        (T.TIME, "09:30"),
        (T.TIME, "23:59:59"),
        (T.TIME, "2026-06-01 10:00"),
        (T.TIME, "2026年6月1日 10:00"),
        (T.TIME, "09:00~17:30"),
        (T.DATE, "2026-06-01"),
        (T.DATE, "2026年6月1日 10:00"),
        (T.DATE, "2026-06-01~2026-06-05"),
        (T.AMOUNT, "¥1234567890.55元"),
        (T.PHONE_NUMBER, "+86-13800000001"),
        (T.CAR_NUMBER, "辽C12345"),
        (T.NAME, "办" * 10),
        (T.NAME, "A" * 20),
        (T.PHRASE, "待重新派单"),
    ],
)
def test_what_fits_is_left_alone(field_type, text):
    assert fit(field_type, text) == text


@pytest.mark.parametrize(
    ("field_type", "text", "expected"),
    [
        (T.THING, "办" * 21, "办" * 19 + "…"),
        (T.THING, "办" * 18 + "，请尽快", "办" * 18 + "…"),
        (T.THING, "😀" * 11, "😀" * 9 + "…"),
        (T.CHARACTER_STRING, "A" * 33, "A" * 29 + "..."),
        (T.NAME, "办" * 11, "办" * 9 + "…"),
        (T.NAME, "A" * 21, "A" * 19 + "…"),
    ],
)
def test_what_is_too_long_is_cut_inside_its_limit(field_type, text, expected):
    assert fit(field_type, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("请尽快\n办理", "请尽快 办理"),
        ("请尽快\r\n\t\x00办理\x1b", "请尽快 办理"),
        ("请\u2028尽\u2029快\x85", "请 尽 快"),
        ("  请尽快 ", "请尽快"),
        ("请\u200b尽\u202e快\ufeff", "请尽快"),
        ("请\ud800尽快", "请 尽快"),
    ],
)
def test_what_has_no_place_in_a_line_is_replaced(text, expected):
    assert fit(T.THING, text) == expected


@pytest.mark.parametrize("field_type", T)
@pytest.mark.parametrize("text", ["", " ", "\n\t", "\u200b\u2060"])
def test_nothing_left_fits_nowhere(field_type, text):
    with pytest.raises(UnfitText):
        fit(field_type, text)


@pytest.mark.parametrize(
    ("field_type", "text"),
    [
        (T.CHARACTER_STRING, "诉求1"),
        (T.CHARACTER_STRING, "AS１２"),
        (T.NUMBER, "12a"),
        (T.NUMBER, "1" * 33),
        (T.NUMBER, "１２"),
        (T.LETTER, "A1"),
        (T.LETTER, "A" * 33),
        (T.SYMBOL, "a"),
        (T.SYMBOL, "++++++"),
        (T.TIME, "24:00"),
        (T.TIME, "9点半"),
        (T.TIME, "2026-06-01"),
        (T.TIME, "2026-13-01 10:00"),
        (T.TIME, "2026-06-01T10:00"),
        (T.DATE, "10:00"),
        (T.DATE, "2026-06-32"),
        (T.AMOUNT, "12345678901"),
        (T.AMOUNT, "很多"),
        (T.PHONE_NUMBER, "1" * 18),
        (T.CAR_NUMBER, "辽C1234567"),
        (T.CAR_NUMBER, "辽C12辽45"),
        (T.NAME, "张3"),
        (T.PHRASE, "待重新派单了"),
        (T.PHRASE, "todo"),
        (T.PHRASE, "待，办"),
    ],
)
def test_what_no_cut_can_help_is_refused(field_type, text):
    with pytest.raises(UnfitText):
        fit(field_type, text)


def test_a_refusal_does_not_repeat_the_text():
    with pytest.raises(UnfitText) as refusal:
        fit(T.PHONE_NUMBER, "电话13800000001")
    assert "13800000001" not in str(refusal.value)


def test_every_type_has_its_rule():
    assert set(RULES) == set(FieldType)


@given(
    st.sampled_from(FieldType), st.one_of(st.text(), st.text(HAN), st.from_regex(r"[ -~]{0,40}"))
)
def test_whatever_comes_out_is_one_line_within_the_limit(field_type, text):
    try:
        fitted = fit(field_type, text)
    except UnfitText:
        return
    assert 0 < units(fitted) <= RULES[field_type].length
    assert not any(unicodedata.category(sign) in {"Cc", "Zl", "Zp"} for sign in fitted)
    assert fit(field_type, fitted) == fitted


@given(st.text(min_size=1, max_size=60))
def test_a_thing_that_has_something_to_show_always_fits(text):
    if any(unicodedata.category(sign)[0] not in "CZ" for sign in text):
        assert units(fit(T.THING, text)) <= RULES[T.THING].length


@given(st.sampled_from([T.THING, T.CHARACTER_STRING, T.PHRASE, T.NUMBER, T.LETTER]), st.text())
def test_the_emulated_platform_takes_what_fits(field_type, text):
    try:
        fitted = fit(field_type, text)
    except UnfitText:
        return
    assert is_allowed(field_type.value, fitted)
