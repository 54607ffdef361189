"""What the product's processes get to see: `.env`, defaults, keys that are made once."""

import pytest

from config.settings import KEYS, variable
from tools.environment import launch_environment, read_dotenv, with_keys, write_private
from tools.faults import Fault


def test_dotenv_knows_comments_quotes_and_empty_values(tmp_path):
    file = tmp_path / ".env"
    file.write_text(
        "# 说明\n\nPORT=9000\nexport LOG_LEVEL='DEBUG'\nDATA_KEY=YWI=\nDEMO=\n", "utf-8"
    )
    assert read_dotenv(file) == {"PORT": "9000", "LOG_LEVEL": "DEBUG", "DATA_KEY": "YWI="}


def test_a_line_that_says_nothing_is_named(tmp_path):
    (tmp_path / ".env").write_text("PORT 9000\n", "utf-8")
    with pytest.raises(Fault, match="第 1 行"):
        read_dotenv(tmp_path / ".env")


def test_the_real_environment_wins_over_dotenv(tmp_path):
    (tmp_path / ".env").write_text("PORT=9000\nLOG_LEVEL=DEBUG\n", "utf-8")
    environ = launch_environment(tmp_path, {"PORT": "9001", "LOG_LEVEL": ""})
    assert (environ["PORT"], environ["LOG_LEVEL"]) == ("9001", "DEBUG")


def test_the_data_folder_lies_in_the_checkout_unless_given(tmp_path):
    assert launch_environment(tmp_path, {})["GUANJIA_HOME"] == str(tmp_path / "var")
    elsewhere = launch_environment(tmp_path, {"GUANJIA_HOME": "/srv/guanjia"})
    assert elsewhere["GUANJIA_HOME"] == "/srv/guanjia"


@pytest.mark.parametrize(
    ("given", "demo"),
    [({}, "1"), ({"DEMO": "0"}, "0"), ({"APP_ENV": "production"}, None)],
)
def test_the_demo_is_on_outside_production_only(tmp_path, given, demo):
    assert launch_environment(tmp_path, given).get("DEMO") == demo


def test_keys_are_made_once_and_kept_private(tmp_path):
    first = with_keys({}, tmp_path)
    assert with_keys({}, tmp_path) == first
    assert len({first[variable(name)] for name in KEYS}) == len(KEYS) == 4
    assert (tmp_path / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_a_key_that_came_later_is_made_beside_the_others(tmp_path):
    first = with_keys({}, tmp_path)
    former = {name: text for name, text in first.items() if name != "CASE_FILE_KEY"}
    write_private(tmp_path / "secrets.json", former)
    again = with_keys({}, tmp_path)
    assert again.items() > former.items()
    assert with_keys({}, tmp_path) == again


def test_given_keys_win(tmp_path):
    kept = with_keys({}, tmp_path)
    given = with_keys({"LINK_KEY": "given"}, tmp_path)
    assert given == kept | {"LINK_KEY": "given"}


def test_a_private_file_is_replaced_whole(tmp_path):
    path = tmp_path / "run.json"
    (tmp_path / "run.json.partial").write_text("left by a killed writer", "utf-8")
    write_private(path, {"名": 1})
    assert path.read_text("utf-8") == '{\n  "名": 1\n}\n'
    assert [each.name for each in tmp_path.iterdir()] == ["run.json"]
