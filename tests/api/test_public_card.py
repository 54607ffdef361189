"""GET /enterprises/{id}/card: what an enterprise is told of who looks after it."""

import pytest

from app.domain.actor import Role
from tests.callers import Caller
from tests.factories import (
    OTHER_COUNTY,
    make_account,
    make_enterprise,
    make_housekeeper,
    make_organisation,
    make_pairing,
)

MOBILE = "13812345678"


@pytest.fixture
def enterprise(client):
    return make_enterprise("鞍山宏发铸造厂")


@pytest.fixture
def member(client, enterprise) -> Caller:
    return Caller(client, make_account(Role.ENTERPRISE_STAFF, enterprise_id=enterprise.id))


def paired(enterprise, role="lead", **changes):
    unit = make_organisation("解放街道办事处", kind="township", office_phone="0412-5550100")
    housekeeper = make_housekeeper("李鹏", phone=MOBILE, organisation=unit, **changes)
    make_pairing(enterprise, housekeeper, role=role)
    return housekeeper


def test_it_tells_name_post_unit_office_phone_and_since_when(enterprise, member):
    paired(enterprise, job_title="副主任", office_phone="0412-5550101")
    assert member.get(f"/enterprises/{enterprise.id}/card").json == {
        "enterprise_id": enterprise.id,
        "enterprise_name": "鞍山宏发铸造厂",
        "lead": {
            "name": "李鹏",
            "job_title": "副主任",
            "organisation_name": "解放街道办事处",
            "office_phone": "0412-5550101",
            "since": "2026-01-05T09:00:00+08:00",
        },
        "deputy": None,
    }


def test_the_deputy_stands_apart_and_the_unit_answers_where_no_own_phone_is(enterprise, member):
    paired(enterprise, "deputy")
    card = member.get(f"/enterprises/{enterprise.id}/card")
    assert card.json["lead"] is None
    assert card.json["deputy"]["office_phone"] == "0412-5550100"
    assert MOBILE not in card.text
    assert MOBILE[-4:] not in card.text


def test_an_enterprise_without_anybody_has_an_empty_card(enterprise, member):
    make_pairing(enterprise, make_housekeeper(), is_active=False)
    card = member.get(f"/enterprises/{enterprise.id}/card").json
    assert (card["lead"], card["deputy"]) == (None, None)


def test_it_shows_who_stands_now_and_nobody_of_before(enterprise, member):
    paired(enterprise)
    make_pairing(enterprise, make_housekeeper("王华"))
    card = member.get(f"/enterprises/{enterprise.id}/card")
    assert card.json["lead"]["name"] == "王华"
    assert "李鹏" not in card.text


def test_members_housekeepers_and_officials_of_the_area_read_it(client, enterprise):
    housekeeper, path = paired(enterprise), f"/enterprises/{enterprise.id}/card"
    seats = {
        Role.HOUSEKEEPER: {"housekeeper_id": housekeeper.id},
        Role.COORDINATOR: {"area_prefix": "210302"},
        Role.SUPERVISOR: {"area_prefix": "2103"},
    }
    for role, seat in seats.items():
        assert Caller(client, make_account(role, **seat)).get(path).status_code == 200
    foreign = make_account(Role.ENTERPRISE_ADMIN, enterprise_id=make_enterprise().id)
    elsewhere = make_account(Role.COORDINATOR, area_prefix=OTHER_COUNTY[:6])
    unpaired = make_account(Role.HOUSEKEEPER, housekeeper_id=make_housekeeper().id)
    for person in (foreign, elsewhere, unpaired):
        assert Caller(client, person).get(path).status_code == 404
    handler = Caller(client, make_account(Role.HANDLER))
    assert handler.get(path).status_code == 403
