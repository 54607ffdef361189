"""再次验证身份 on a phone: by a fresh code of the WeChat user who came."""

import pytest

from app import clock
from app.db import db
from app.domain.actor import Role
from services.accounts.principals import FRESH
from tests.api.wechat.people import NUMBER, bound_to
from tests.callers import API
from tests.factories import MONDAY
from tests.handsets import Handset, bearing
from tests.problems import places, refused

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def token(handset) -> str:
    """Of a session that WeChat opened a while ago."""
    bound_to(handset)
    return handset.token()


def prove(handset: Handset, token: str, code: str):
    path, body = f"{API}/me/reauthentication", {"wechat_code": code}
    return handset.client.post(path, json=body, headers=bearing(token))


def begin(handset: Handset, token: str):
    return handset.client.post(f"{API}/me/second-factor", headers=bearing(token))


def test_a_fresh_code_of_the_same_user_is_proof(handset, token):
    with clock.frozen(MONDAY + FRESH):
        refused(begin(handset, token), 403, "reauthentication-required")
        code = handset.wechat.login_code(handset.openid)
        assert prove(handset, token, code).status_code == 204
        assert begin(handset, token).status_code == 200


def test_the_code_of_another_user_proves_nothing(handset, token):
    another = handset.wechat.make_user(NUMBER)
    with clock.frozen(MONDAY + FRESH):
        answer = prove(handset, token, handset.wechat.login_code(another))
        assert places(answer) == {"/wechat_code": "another-person"}
        refused(begin(handset, token), 403, "reauthentication-required")


def test_a_code_is_proof_once(handset, token):
    with clock.frozen(MONDAY + FRESH):
        code = handset.wechat.login_code(handset.openid)
        assert prove(handset, token, code).status_code == 204
    with clock.frozen(MONDAY + 2 * FRESH):
        refused(prove(handset, token, code), 401, "wechat-code-used")
        refused(begin(handset, token), 403, "reauthentication-required")


def test_a_password_that_somebody_else_set_is_no_matter_to_who_comes_by_wechat(handset):
    person = bound_to(handset, Role.COORDINATOR)
    person.account.must_change_password = True
    db.session.flush()
    answer = handset.client.get(f"{API}/tickets", headers=bearing(handset.token()))
    assert answer.status_code == 200
