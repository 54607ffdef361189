"""No role begins at a unit that closed, nor in an area that ended."""

import pytest

from app.db import db
from app.domain.actor import Role
from app.domain.errors import InvalidInput
from services.accounts.seats import Seat, columns_of
from tests.factories import MONDAY, make_area, make_organisation

pytestmark = pytest.mark.usefixtures("database")


def test_not_at_a_unit_that_closed():
    unit = make_organisation()
    assert columns_of(Role.HANDLER, Seat(organisation_id=unit.id))["organisation_id"] == unit.id
    unit.closed_on = MONDAY.date()
    db.session.flush()
    with pytest.raises(InvalidInput):
        columns_of(Role.HANDLER, Seat(organisation_id=unit.id))


def test_not_in_an_area_that_ended():
    unit, zone = make_organisation(area_code=None), make_area()
    seat = Seat(organisation_id=unit.id, area_code=zone.code)
    assert columns_of(Role.SUPERVISOR, seat)["area_prefix"] == zone.prefix
    zone.ended_on = MONDAY.date()
    db.session.flush()
    with pytest.raises(InvalidInput):
        columns_of(Role.SUPERVISOR, seat)
