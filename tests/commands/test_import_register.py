"""`flask import`: the register at the console, with a summary a person can read."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from app.commands.import_register import import_register
from app.db import db
from app.models.enterprise import Enterprise
from app.models.pairing import Pairing
from tests.services.imports.register import FIRST, importer
from tests.services.imports.workbooks import (
    HOUSEKEEPER_HEADINGS,
    enterprise,
    housekeeper,
    workbook,
)


@pytest.fixture
def run(app, database, tmp_path):
    runner = app.test_cli_runner()

    def run(kind, file, *options):
        path = tmp_path / f"{kind}.xlsx"
        path.write_bytes(file.getvalue())
        return runner.invoke(import_register, [kind, str(path), *options])

    run("housekeepers", workbook([housekeeper(手机=FIRST)], HOUSEKEEPER_HEADINGS))
    return run


def count(model):
    return db.session.scalar(sa.select(sa.func.count()).select_from(model))


def test_it_imports_and_says_how_it_went(run):
    result = run("enterprises", workbook([enterprise(), enterprise(手机="1")]))
    assert result.exit_code == 0
    assert "共 2 行，通过 1，待补代码 0，有误 1，冲突 0" in result.output
    assert "第 4 行" in result.output
    assert count(Enterprise) == 1


def test_a_dry_run_stores_nothing(run):
    result = run("enterprises", workbook(), "--dry-run")
    assert "预检" in result.output
    assert count(Enterprise) == 0


@pytest.mark.parametrize(("is_confirmed", "state"), [(True, "active"), (False, "proposed")])
def test_the_authority_decides_about_pairings(run, is_confirmed, state):
    importer("报送的局", is_confirmed=is_confirmed)
    run("enterprises", workbook(), "--authority", "报送的局")
    assert db.session.scalars(sa.select(Pairing.state)).all() == [state]


def test_an_unknown_authority_and_a_bad_file_are_refused(run):
    unknown = run("enterprises", workbook(), "--authority", "没有的局")
    bad = run("enterprises", workbook(headings=["甲", "乙"]))
    assert (unknown.exit_code, bad.exit_code) == (1, 1)
    assert "没有名为" in unknown.output
    assert "表头" in bad.output
    assert count(Enterprise) == 0


def test_rows_in_error_can_be_written_to_a_file(run, tmp_path: Path):
    errors = tmp_path / "errors.xlsx"
    run("enterprises", workbook([enterprise(手机="1")]), "--errors", str(errors))
    assert errors.read_bytes().startswith(b"PK")
