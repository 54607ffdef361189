"""What the tables of consents and templates refuse to hold."""

import pytest
from sqlalchemy.exc import IntegrityError

from app.db import db
from app.models.subscription import WechatQuota, WechatQuotaEntry, WechatTemplate
from tests.factories import MONDAY, make_account
from tests.factories.wechat import make_binding
from tests.services.notifications.ledger import make_deliveries

KEY = "template-accepted"


@pytest.fixture
def binding(database):
    return make_binding(make_account("enterprise_admin"))


def is_refused(row) -> bool:
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.add(row)
    return True


ENTRY = {"change": 1, "reason": "accepted", "delivery_id": None}


def told(columns):
    """A consent is told by somebody, and nothing else is."""
    teller = "client" if columns["reason"] == "accepted" else None
    return {"told_by": teller} | columns


@pytest.mark.parametrize(
    "columns",
    [
        {"change": 0},
        {"change": -1},
        {"reason": "gift"},
        {"reason": "reserved", "change": -1},
        {"reason": "returned"},
        {"reason": "refused", "change": 1},
        {"told_by": None},
        {"told_by": "nobody"},
        {"reason": "refused", "change": -1, "told_by": "client"},
    ],
)
def test_no_impossible_entry_is_stored(binding, columns):
    columns = told(ENTRY | columns)
    assert is_refused(
        WechatQuotaEntry(binding_id=binding.id, template_id=KEY, at=MONDAY, **columns)
    )


@pytest.mark.parametrize("columns", [{"change": 1, "reason": "reserved"}, {"reason": "accepted"}])
def test_only_deliveries_spend(binding, columns):
    [delivery] = make_deliveries(binding)
    columns = told(ENTRY | {"delivery_id": delivery} | columns)
    assert is_refused(
        WechatQuotaEntry(binding_id=binding.id, template_id=KEY, at=MONDAY, **columns)
    )


@pytest.mark.parametrize("columns", [{"remaining": -1}, {"answer": "maybe"}])
def test_no_impossible_quota_is_stored(binding, columns):
    assert is_refused(WechatQuota(binding_id=binding.id, template_id=KEY, **columns))


@pytest.mark.parametrize(
    "columns",
    [
        {"template": "天气预报"},
        {"state": "lost"},
        {"state": "usable", "template_id": None},
    ],
)
def test_no_impossible_template_is_stored(database, columns):
    usual = {
        "appid": "wx",
        "template": "受理通知",
        "template_id": KEY,
        "state": "usable",
        "synced_at": MONDAY,
    }
    assert is_refused(WechatTemplate(**(usual | columns)))
