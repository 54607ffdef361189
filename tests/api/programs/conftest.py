"""The application with two mini-programs, on a platform that knows both."""

from dataclasses import replace

import pytest

from services.gateways.wechat_programs import Programs
from services.notifications.programs import list_programs
from tests.two_programs import OTHER, Place


@pytest.fixture
def programs(app, database, wechat, monkeypatch) -> Programs:
    """The first mini-program, of the enterprises, and the other one, of the officials."""
    wechat.post("apps", appid=OTHER.appid, secret=OTHER.secret)
    known = Place(wechat.base).programs()
    monkeypatch.setitem(app.config, "WECHAT", known)
    settings = replace(app.config["SETTINGS"], wechat_programs=(OTHER,))
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    list_programs(known)
    return known
