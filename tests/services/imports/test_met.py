"""Which enterprises a batch has reached: those it was told, and no others."""

from hypothesis import given
from hypothesis import strategies as st

from services.imports.met import Met

IDENTITIES = st.integers(0, 5_000)


@given(st.lists(IDENTITIES), IDENTITIES, IDENTITIES)
def test_what_was_noted_is_known_and_nothing_else(noted, one, other):
    met = Met()
    met.update(noted)
    met.add(one)
    assert all(identity in met for identity in noted)
    assert one in met
    assert (other in met) == (other in {*noted, one})
