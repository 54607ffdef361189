"""检索词: what is found by which words."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import bigrams
from app.domain.bigrams import LONGEST_TEXT, LONGEST_WORD, asked, fold, words_of_name, words_of_text

CHINESE = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2)
ANYTHING = st.text(max_size=80)
NAME = "鞍山市铁东（恒嘉）电子ABB有限公司"


@pytest.mark.parametrize(
    "q",
    [
        *("恒嘉", "电子", "鞍山市铁东", "有限公司", "恒嘉 公司", "恒"),
        *("ABB", "abb", "ab", "ＡＢＢ", "恒嘉abb"),
        *("恆嘉", "電子", "鐵東", "（恒嘉）", "铁东恒嘉", "恒嘉电子"),
    ],
)
def test_a_name_is_found_by(q):
    assert asked(q) <= words_of_name(NAME)


@pytest.mark.parametrize("q", ["恒电", "嘉恒", "电力", "bb", "abbc", "恒嘉 上海", "海"])
def test_a_name_is_not_found_by(q):
    assert not asked(q) <= words_of_name(NAME)


def test_a_traditional_text_is_found_by_simplified_words():
    assert asked("鞍钢贸易") <= words_of_name("鞍鋼貿易")
    assert asked("用电增容") <= words_of_text("廠區用電增容")


@pytest.mark.parametrize("q", ["", " ", "%", "_", "（）", "，。"])
def test_there_is_nothing_to_look_for_in(q):
    assert asked(q) == frozenset()


def test_a_single_character_narrows_only_alone():
    assert asked("3万吨") == {"3", "万吨"}
    assert asked("年产3万") == {"年产", "3"}
    assert asked("万") == {"万"}


def test_a_long_text_is_indexed_by_its_beginning_and_without_single_characters():
    text = "道路" + "甲" * LONGEST_TEXT + "积水"
    assert words_of_text(text) == {"道路", "路甲", "甲甲"}


def test_a_word_without_end_is_cut_the_same_way_on_both_sides():
    word = "x" * (LONGEST_WORD + 5)
    assert asked(word) == {"x" * LONGEST_WORD} <= words_of_text(word)
    assert max(map(len, words_of_name(word))) == LONGEST_WORD


@given(ANYTHING)
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(ANYTHING, CHINESE, ANYTHING)
def test_every_chinese_part_finds_its_text(before, part, after):
    text = before + part + after
    assert asked(part) <= words_of_name(text)
    if len(text) <= LONGEST_TEXT:
        assert asked(part) <= words_of_text(text)


@given(ANYTHING)
def test_every_text_finds_itself(text):
    assert asked(text) <= words_of_text(text) | words_of_name(text)


@given(st.text(string.ascii_letters + string.digits, min_size=2, max_size=60))
def test_every_beginning_finds_a_name(word):
    for length in range(2, len(word) + 1):
        assert asked(word[:length]) <= words_of_name(word)


@given(ANYTHING)
def test_no_word_can_be_taken_for_a_mark_of_another_kind(text):
    """Areas and fingerprints stand in the same array, behind a colon."""
    assert not any(":" in word for word in words_of_name(text) | words_of_text(text))


def test_the_table_has_each_character_on_one_side_only():
    table = bigrams._SIMPLIFIED
    assert len(table) > 2500
    assert not table.keys() & set(table.values())
