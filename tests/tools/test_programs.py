"""How the product's processes are started."""

from tests.applications import settings
from tools.programs import web_server


def test_a_stop_waits_for_requests_as_long_as_is_set(tmp_path):
    known = settings("postgresql:///guanjia", tmp_path, web_stop_seconds=17)
    argv = web_server(known, {}).argv
    assert argv[argv.index("--workers-kill-timeout") + 1] == "17"
