"""The data folder belongs to one launcher at a time, and tells where the product is."""

import os

import pytest

from tools.faults import Fault
from tools.home import hold, make_home, run_file, sign


def test_who_comes_second_hears_process_and_address(tmp_path):
    with hold(tmp_path) as lock:
        sign(lock, "http://127.0.0.1:8000/api/v1")
        with pytest.raises(Fault) as caught, hold(tmp_path):
            pass
    assert f"进程 {os.getpid()}" in str(caught.value)
    assert "http://127.0.0.1:8000/api/v1" in str(caught.value)


def test_who_comes_while_it_starts_hears_so(tmp_path):
    with hold(tmp_path), pytest.raises(Fault, match="正在启动或停止"), hold(tmp_path):
        pass


def test_nothing_is_left_after_the_hold(tmp_path):
    with hold(tmp_path):
        assert (tmp_path / "lock").exists()
    assert not list(tmp_path.iterdir())


def test_the_lock_of_a_killed_launcher_is_no_hindrance(tmp_path):
    (tmp_path / "lock").write_text('{"pid": 1, "api": "gone"}', "utf-8")
    with hold(tmp_path) as lock:
        assert lock.readable()


def test_run_json_is_private_and_goes_with_the_product(tmp_path):
    with run_file(tmp_path, {"pid": 1}):
        assert (tmp_path / "run.json").stat().st_mode & 0o777 == 0o600
    assert not (tmp_path / "run.json").exists()


def test_the_folder_is_closed_to_others(tmp_path):
    make_home(tmp_path / "deep" / "home")
    assert (tmp_path / "deep" / "home").stat().st_mode & 0o066 == 0


def test_a_file_in_the_place_of_the_folder_is_named(tmp_path):
    (tmp_path / "home").write_text("a file", "utf-8")
    with pytest.raises(Fault, match="GUANJIA_HOME"):
        make_home(tmp_path / "home")
