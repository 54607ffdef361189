"""Addresses stand in logs and histories: nothing by which a person can be known belongs there."""

import re

import pytest

from app.api.schemas.fields import Query
from tests.api.inputs import input_schemas, load_errors

PERSONAL = re.compile("phone|mobile|contact|openid|legal|mail|identity")
QUERIES = [schema for schema in input_schemas() if issubclass(schema, Query)]
SEARCHES = [schema for schema in QUERIES if "q" in schema().fields]
NUMBERS = ("13812345678", "138 1234 5678", "138-1234-5678", "+8613812345678", "王芳 13812345678")


def test_no_query_asks_for_a_personal_field():
    asked = {f"{schema.__name__}.{name}" for schema in QUERIES for name in schema().fields}
    assert len(asked) > 20
    assert not {name for name in asked if PERSONAL.search(name)}


@pytest.mark.parametrize("schema", SEARCHES, ids=lambda schema: schema.__name__)
@pytest.mark.parametrize("number", NUMBERS)
def test_a_whole_number_is_no_word_to_search_by(schema, number):
    [refusal] = load_errors(schema, {"q": number})["q"]
    assert refusal.code == "phone-in-address"


@pytest.mark.parametrize("schema", SEARCHES, ids=lambda schema: schema.__name__)
@pytest.mark.parametrize("words", ["5678", "王芳", "91210302MA0000804E", "AS20261123-000123"])
def test_other_words_are_taken(schema, words):
    assert "q" not in load_errors(schema, {"q": words})
