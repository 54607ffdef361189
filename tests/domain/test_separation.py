"""三员分立: three administrators are three people, and none of them works on tickets."""

from itertools import permutations

import pytest

from app.domain.actor import Role
from app.domain.separation import ADMINISTRATORS, clash

BUSINESS = [role for role in Role if role not in ADMINISTRATORS | {Role.SYSTEM}]


@pytest.mark.parametrize(("role", "held"), [*permutations(sorted(ADMINISTRATORS), 2)])
def test_two_administrators_are_two_people(role, held):
    assert "三个人" in (clash(role, {held}) or "")


@pytest.mark.parametrize("administrator", sorted(ADMINISTRATORS))
@pytest.mark.parametrize("business", BUSINESS)
def test_an_administrator_holds_nothing_else(administrator, business):
    assert "兼任" in (clash(business, {administrator}) or "")
    assert "兼任" in (clash(administrator, {business}) or "")


@pytest.mark.parametrize("administrator", sorted(ADMINISTRATORS))
def test_the_same_role_elsewhere_is_no_clash(administrator):
    assert clash(administrator, {administrator}) is None
    assert clash(administrator, set()) is None


def test_business_roles_go_together():
    assert all(clash(role, set(BUSINESS)) is None for role in BUSINESS)
