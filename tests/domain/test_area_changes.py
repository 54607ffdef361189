"""What a mapping file of area codes may say, and what follows from it."""

from datetime import date

import pytest

from app.domain.area_changes import (
    ChangeKind,
    Fault,
    Line,
    Place,
    completed,
    ended_by,
    faults_of,
    read_line,
)

DAY = date(2026, 1, 1)
PLACES = {
    "210000000000": Place("辽宁省", "province", None),
    "210300000000": Place("鞍山市", "city", "210000000000"),
    "210302000000": Place("铁东区", "county", "210300000000"),
    "210302002000": Place("解放街道", "town", "210302000000"),
    "210302002001": Place("一社区", "village", "210302002000"),
    "210303000000": Place("铁西区", "county", "210300000000"),
    "210304000000": Place("旧区", "county", "210300000000", is_over=True),
}


def line(kind: str, old: str = "", new: str = "", **changes) -> Line:
    cells = {"change": kind, "old_code": old, "new_code": new, "effective_on": "2026-01-01"}
    read = read_line(2, cells | changes)
    assert isinstance(read, Line), read
    return read


def reasons(*lines: Line, today: date = DAY) -> str:
    whole = completed(lines, PLACES)
    return "\n".join(fault.reason for fault in faults_of(whole, PLACES, today))


def test_a_line_is_read_as_people_write_it():
    read = line("rename", "210302", "210399", name=" 新 铁东区 ", parent="2103")
    assert read == Line(
        2,
        ChangeKind.RENAME,
        "210302000000",
        "210399000000",
        "新铁东区",
        "",
        "210300000000",
        DAY,
    )


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("change", "moved"),
        ("old_code", "21030"),
        ("new_code", "二一"),
        ("level", "district"),
        ("effective_on", "2026"),
    ],
)
def test_a_line_that_tells_no_change_says_why(column, text):
    cells = {
        "change": "rename",
        "old_code": "210302",
        "new_code": "210399",
        "effective_on": "2026-01-01",
    }
    read = read_line(7, cells | {column: text})
    assert isinstance(read, Fault)
    assert read.number == 7
    assert column in read.reason


def test_a_renamed_county_takes_its_towns_along():
    renamed = completed([line("rename", "210302", "210399", name="新区")], PLACES)
    assert [(one.old_code, one.new_code, one.parent) for one in renamed] == [
        ("210302000000", "210399000000", "210300000000"),
        ("210302002000", "210399002000", "210399000000"),
        ("210302002001", "210399002001", "210399002000"),
    ]
    assert [one.name for one in renamed] == ["新区", "解放街道", "一社区"]
    assert not list(faults_of(renamed, PLACES, DAY))


def test_a_town_with_a_line_of_its_own_goes_its_own_way():
    renamed = completed(
        [line("rename", "210302", "210399"), line("rename", "210302002", "210399077")], PLACES
    )
    assert [one.new_code for one in renamed][1:] == ["210399077000", "210399077001"]
    assert not list(faults_of(renamed, PLACES, DAY))


def test_a_new_name_alone_ends_nothing():
    same = line("rename", "210302", "210302", name="城东区")
    assert not reasons(same)
    assert ended_by(completed([same], PLACES)) == {}


def test_what_is_left_of_a_split_keeps_its_code():
    parts = [
        line("split", "210302", "210302"),
        line("split", "210302", "210398", name="新设区", level="county", parent="2103"),
    ]
    assert not reasons(*parts)
    assert ended_by(completed(parts, PLACES)) == {}


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([line("rename", "999999", "210399")], "没有这个区划"),
        ([line("rename", "210304", "210399")], "原区划已撤销"),
        ([line("rename", "210302", "210303")], "新代码已被使用"),
        ([line("new", "", "210303", name="甲", level="county", parent="2103")], "已被使用"),
        ([line("merge", "210303", "210304")], "新区划已撤销"),
        ([line("rename", "", "210399")], "新设不填原代码"),
        ([line("end", "210303", "210399")], "撤销不填新代码"),
        ([line("new", "", "210399")], "须有名称和层级"),
        ([line("new", "", "210399", name="甲", level="county")], "须有上级区划"),
        ([line("new", "", "210399", name="甲", level="county", parent="2199")], "上级区划不存在"),
        ([line("new", "", "210399", name="甲", level="county", parent="210304")], "上级区划不存在"),
        ([line("new", "", "210399", name="甲", level="county", parent="210302002")], "层级应更高"),
        ([line("new", "", "220399", name="甲", level="county", parent="2103")], "与上级区划不符"),
        ([line("merge", "210302", "210303")], "须说明其去向"),
        ([line("end", "210302")], "解放街道：上级 210302000000 将撤销"),
        (
            [line("end", "210303"), line("rename", "210303", "210399")],
            "同一原区划只能有一个去向",
        ),
        (
            [line("split", "210303", "210399", name="甲", level="county", parent="2103")],
            "拆分须有两个以上",
        ),
        (
            [
                line("rename", "210302", "210399", name="甲"),
                line("rename", "210303", "210399", name="甲"),
            ],
            "只能新设或改用一次",
        ),
        (
            [
                line("merge", "210302002", "210303077", name="甲街道", parent="210303"),
                line("merge", "210302002", "210303078", name="乙街道", parent="210303"),
            ],
            "同一原区划只能有一个去向",
        ),
    ],
)
def test_what_cannot_be_is_told(lines, reason):
    assert reason in reasons(*lines)


def test_a_merged_area_bears_one_name():
    both = [
        line("merge", "210302", "210399", name="甲"),
        line("merge", "210303", "210399", name="乙"),
    ]
    assert "名称、层级、上级须一致" in reasons(*both)


def test_a_parent_that_ends_takes_no_children():
    under = line("new", "", "210303077", name="新街道", level="town", parent="210303")
    assert "上级区划不存在" in reasons(line("end", "210303"), under)


def test_nothing_is_applied_before_its_day():
    change = line("rename", "210303", "210399")
    assert "尚未生效" in reasons(change, today=date(2025, 12, 31))
    assert not reasons(change, today=DAY)
