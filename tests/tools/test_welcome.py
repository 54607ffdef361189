"""The table of accounts lines up, Chinese or not."""

from pathlib import Path

from tools.wechat import StandIn
from tools.welcome import Tour, table, welcome, width

API = "http://127.0.0.1:8000/api/v1"

ACCOUNTS: list[dict[str, object]] = [
    {"role": "operator", "name": "张三", "login": "op", "password": "demo-1", "area": None},
    {"role": "housekeeper", "name": "欧阳小红", "login": "butler", "password": "demo-22"},
]


def test_columns_line_up():
    rows = table(ACCOUNTS).splitlines()
    columns = [
        width(row[: row.index(word)])
        for row, word in zip(rows, ["登录名", "op ", "butler"], strict=True)
    ]
    assert len(set(columns)) == 1


def test_it_tells_where_and_how_to_stop():
    stand_in = StandIn("http://127.0.0.1:9000/", "admin-key")
    text = welcome(Tour(API, ACCOUNTS, Path("/srv/guanjia"), stand_in), 2.34)
    for part in ("2.3 秒", "http://127.0.0.1:8000/api/docs", "/srv/guanjia", "Ctrl-C", "demo-22"):
        assert part in text
    assert "http://127.0.0.1:9000/__emu/?key=admin-key" in text


def test_without_demo_there_is_no_table():
    assert "演示" not in welcome(Tour(API, [], Path("/srv")), 1)


def test_without_a_stand_in_there_is_none_to_look_at():
    assert "微信替身" not in welcome(Tour(API, [], Path("/srv")), 1)
