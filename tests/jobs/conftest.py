"""What the tests of sending share."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from tests.jobs.post_office import PostOffice
from tests.jobs.text_office import TextOffice
from tests.leaks import leaks_in


@pytest.fixture
def office(committed_app, wechat) -> PostOffice:
    """A post office on a database of its own and a WeChat on its first day."""
    return PostOffice(committed_app, wechat)


@pytest.fixture
def text_office(committed_app, wechat) -> TextOffice:
    """The same for short messages."""
    return TextOffice(committed_app, wechat)


@pytest.fixture
def chance(request, round_) -> Random:
    """Chances of this round; the seed of the run is printed at its beginning."""
    return Random(f"{request.config.getoption('randomly_seed')}:{request.node.name}")


@pytest.fixture
def log(tmp_path) -> Iterator[Path]:
    """Where a process writes; nothing private, and no fault, may stand in any at the end."""
    yield tmp_path / "process.log"
    for path in tmp_path.glob("*.log"):
        lines = path.read_text(encoding="utf-8")
        assert leaks_in(lines) == []
        assert "Traceback" not in lines
