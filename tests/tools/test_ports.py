"""A taken port is noticed before the web server would share it silently."""

import os
import re
import socket

import pytest

from tools.faults import Fault
from tools.ports import HOST, free_port, require_free


def test_a_free_port_is_free():
    require_free(free_port())
    assert free_port() > 1023


@pytest.mark.parametrize("address", [HOST, "0.0.0.0"])  # noqa: S104 - that is the case to notice
@pytest.mark.parametrize("option", [socket.SO_REUSEPORT, socket.SO_REUSEADDR])
def test_a_taken_port_names_its_owner_and_another_port(address, option):
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, option, 1)
        listener.bind((address, 0))
        listener.listen()
        port = listener.getsockname()[1]
        with pytest.raises(Fault) as caught:
            require_free(port)
    assert f"端口 {port} 已被占用：进程 {os.getpid()}" in str(caught.value)
    assert re.search(r"PORT=\d+ make run", str(caught.value))
