"""客户端: what is told of a device, and how little."""

import pytest

from app.domain.clients import client_of
from app.domain.masking import mask_ip


@pytest.mark.parametrize(
    ("user_agent", "told"),
    [
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) AppleWebKit/605 MicroMessenger/8.0.50",
            "微信 · iPhone",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge · Windows",
        ),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit Chrome/140 Safari", "Chrome · 安卓"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14) Version/18 Safari/605", "Safari · macOS"),
        ("curl/8.9", None),
        ("", None),
    ],
)
def test_kind_of_browser_and_system_and_no_more(user_agent, told):
    assert client_of(user_agent) == told


@pytest.mark.parametrize(
    ("address", "shown"),
    [("10.1.2.3", "10.1.*.*"), ("2001:db8:85a3::8a2e:370:7334", "2001:db8:*")],
)
def test_of_an_address_the_network_is_shown(address, shown):
    assert mask_ip(address) == shown
