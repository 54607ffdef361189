"""Stories are judged as strictly as can be."""

import pytest

from tests.documented import DocumentedClient


@pytest.fixture(autouse=True)
def each_answer_is_held_against_the_document(monkeypatch) -> None:
    """By openapi-core itself, each of them."""
    monkeypatch.setattr(DocumentedClient, "is_of_a_story", True)
