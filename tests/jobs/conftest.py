"""What the tests of sending share."""

import pytest

from tests.jobs.post_office import PostOffice


@pytest.fixture
def office(committed_app, wechat) -> PostOffice:
    """A post office on a database of its own and a WeChat on its first day."""
    return PostOffice(committed_app, wechat)
