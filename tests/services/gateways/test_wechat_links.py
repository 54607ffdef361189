"""Links: an address or an error by the table, in both forms."""

from datetime import timedelta

import pytest

from app import clock
from app.domain.program_links import LinkForm, card_target
from services.gateways.wechat_errors import Call, Limited, Misconfigured, Rejected, WeChatError
from tests.services.gateways.wechat_parts import fault, gateway, hasty_gateway

PATHS = {LinkForm.URL_LINK: "generate_urllink", LinkForm.SCHEME: "generatescheme"}
CARD = card_target(7)


def ends():
    return clock.real() + timedelta(days=7)


@pytest.mark.parametrize(
    ("form", "start"),
    [(LinkForm.URL_LINK, "https://wxaurl.cn/"), (LinkForm.SCHEME, "weixin://dl/business/?t=")],
)
def test_a_link_opens_its_page_in_the_release_that_is_set(wechat, form, start):
    wanted = ends()
    link = gateway(wechat.base, state="formal").link(CARD, form, wanted)
    assert link.startswith(start)
    opened = wechat.opened_by(link)
    assert (opened["path"], opened["query"]) == ("pages/card/index", "enterprise=7")
    assert (opened["env_version"], opened["expires_at"]) == ("release", int(wanted.timestamp()))


def test_more_than_thirty_days_are_refused(wechat):
    with pytest.raises(Rejected) as caught:
        gateway(wechat.base).link(CARD, LinkForm.URL_LINK, clock.real() + timedelta(days=31))
    assert caught.value.errcode == 85401


@pytest.mark.parametrize("form", LinkForm)
@pytest.mark.parametrize(
    ("errcode", "kind"),
    [
        (40002, Misconfigured),
        (40165, Misconfigured),
        (40212, Rejected),
        (44990, Limited),
        (44993, Limited),
        (85406, Limited),
        (85407, Misconfigured),
    ],
)
def test_an_error_is_what_its_row_says(wechat, form, errcode, kind):
    wechat.fault("errcode", match={"path": PATHS[form]}, errcode=errcode)
    with pytest.raises(kind) as caught:
        gateway(wechat.base).link(CARD, form, ends())
    assert (caught.value.call, caught.value.errcode) == (Call.LINK, errcode)


@pytest.mark.parametrize("effect", ["html200", "empty200", "truncate", "http", "reset_before"])
def test_what_is_no_whole_answer_is_no_link(wechat, effect):
    fault(wechat, effect, PATHS[LinkForm.URL_LINK])
    with pytest.raises(WeChatError) as caught:
        hasty_gateway(wechat.base).link(CARD, LinkForm.URL_LINK, ends())
    assert caught.value.call is Call.LINK
