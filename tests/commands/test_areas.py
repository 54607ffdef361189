"""`flask areas`: a mapping file is worked or only looked at; what waits for a person is listed."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from app.db import db, transaction
from app.models.area import Area
from app.models.area_change import AreaChange
from services.directory.areas import area_levels
from tests.factories import COUNTY, OTHER_COUNTY, make_enterprise

HEADINGS = "change,old_code,new_code,name,level,parent,effective_on"
RENAMED = "rename,210302,210398,新铁东区,,,2026-01-01"
SPLIT = (
    "split,210303,210396,西一区,county,2103,2026-01-01",
    "split,210303,210397,西二区,county,2103,2026-01-01",
)


@pytest.fixture
def run(committed_app, tmp_path):
    """The command as typed, with a mapping file of these lines where `apply` needs one."""

    def typed(word: str, *lines: str, options: tuple[str, ...] = ()) -> tuple[int, str]:
        words = ["areas", word, *options]
        if word == "apply":
            words.append(str(mapping(tmp_path, *lines)))
        result = committed_app.test_cli_runner().invoke(args=words)
        return result.exit_code, result.output

    with committed_app.app_context():
        yield typed


def mapping(folder: Path, *lines: str) -> Path:
    file = folder / "changes.csv"
    file.write_text("\n".join([HEADINGS, *lines]), encoding="gb18030")
    return file


def changes() -> int:
    with transaction():
        return db.session.scalar(sa.select(sa.func.count()).select_from(AreaChange)) or 0


def is_ended(code: str) -> bool:
    with transaction():
        return (
            db.session.scalars(sa.select(Area.ended_on).where(Area.code == code)).one() is not None
        )


def test_a_file_is_worked_and_twice_is_once(run):
    with transaction():
        make_enterprise("铁东机械", area_code=COUNTY)
    code, told = run("apply", RENAMED)
    assert code == 0, told
    assert told.startswith("调整 ")
    assert "改码 enterprises：1\n" in told
    assert told.endswith("已实施。\n")
    assert is_ended(COUNTY)
    again = run("apply", RENAMED)
    assert again[0] == 0
    assert again[1].startswith("调整 0 条，新区划 0 个，撤销 0 个。")


def test_a_dry_run_tells_the_same_and_changes_nothing(run):
    code, told = run("apply", RENAMED, options=("--dry-run",))
    assert (code, changes(), is_ended(COUNTY)) == (0, 0, False)
    only_looked, worked = told.splitlines(), run("apply", RENAMED)[1].splitlines()
    assert only_looked == [*worked[:-1], "仅检查，未作更改。"]


def test_a_wrong_file_is_refused_line_by_line_and_changes_nothing(run):
    code, told = run("apply", RENAMED, "rename,999999,,,,,yesterday")
    assert code != 0
    assert "第 3 行" in told
    assert changes() == 0


def test_a_file_that_is_not_there_is_named(committed_app):
    result = committed_app.test_cli_runner().invoke(args=["areas", "apply", "missing.csv"])
    assert result.exit_code == 2
    assert "missing.csv" in result.output


def test_what_nobody_can_decide_but_a_person_is_listed(run):
    assert run("undecided") == (0, "待定共 0 项。\n")
    with transaction():
        left = make_enterprise("西区工厂", area_code=OTHER_COUNTY).id
        towns = [code for code in area_levels("210303") if code != OTHER_COUNTY]
    moved = (f"rename,{code},210396{code[6:]},,,210396,2026-01-01" for code in towns)
    applied = run("apply", *SPLIT, *moved)
    assert applied[0] == 0, applied[1]
    code, told = run("undecided")
    assert code == 0
    [line, total] = told.splitlines()
    assert line.startswith(f"待定 enterprise {left} 西区工厂：{OTHER_COUNTY} → ")
    assert "210396000000" in line
    assert "210397000000" in line
    assert total == "待定共 1 项。"
    assert line in applied[1]
