"""Rows for tests, made through the product's own ways, so that no impossible row exists.

Every argument has a default; name what the test is about. Nothing commits: tests on `database` are
rolled back, tests on `committed_app` wrap the calls in `transaction()`.
"""

from tests.domain.story import MONDAY
from tests.factories.cast import Cast, make_cast
from tests.factories.numbers import set_number
from tests.factories.people import PASSWORD, Person, actor_of, make_account
from tests.factories.register import (
    CITY,
    COUNTY,
    OTHER_COUNTY,
    TOWN,
    make_area,
    make_enterprise,
    make_housekeeper,
    make_organisation,
    make_pairing,
)
from tests.factories.tickets import Case, make_ticket
from tests.factories.wechat import APPID, make_binding, make_quota, make_template

__all__ = [
    "APPID",
    "CITY",
    "COUNTY",
    "MONDAY",
    "OTHER_COUNTY",
    "PASSWORD",
    "TOWN",
    "Case",
    "Cast",
    "Person",
    "actor_of",
    "make_account",
    "make_area",
    "make_binding",
    "make_cast",
    "make_enterprise",
    "make_housekeeper",
    "make_organisation",
    "make_pairing",
    "make_quota",
    "make_template",
    "make_ticket",
    "set_number",
]
