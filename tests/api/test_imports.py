"""批量导入 over HTTP: taken in at once, worked by the job, read row by row, handed back."""

from dataclasses import replace
from io import BytesIO

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from app.api.imports import XLSX
from app.db import db
from app.domain.actor import Role
from app.models.enterprise import Enterprise
from app.models.import_batch import ImportBatch
from jobs.work_imports import work_imports
from tests.factories import PASSWORD, make_account, make_organisation
from tests.services.imports.register import FIRST, make_roster
from tests.services.imports.workbooks import enterprise, repacked, workbook

IMPORTS = "/api/v1/imports"
OTHER_CODE = "914403001922038216"
ROWS = (enterprise(), enterprise(统一社会信用代码=OTHER_CODE, 手机="1"), enterprise())


@pytest.fixture
def officer(database):
    unit = make_organisation(is_confirmed=True)
    person = make_account(Role.REGISTER_OFFICER, organisation_id=unit.id, area_prefix="2103")
    make_roster(person.actor, FIRST)
    return person


@pytest.fixture
def headers(client, officer):
    return headers_of(client, officer)


def headers_of(client, person):
    body = {"login": person.account.login, "password": PASSWORD}
    token = client.post("/api/v1/auth/password", json=body).json["access_token"]
    return {"Authorization": f"Bearer {token}"}


def form(rows=ROWS, **changes):
    file = changes.pop("workbook", None) or workbook(rows)
    return {"kind": "enterprises", "workbook": (file, "登记.xlsx"), **changes}


def upload(client, headers, **parts):
    return client.post(
        IMPORTS, data=parts or form(), headers=headers, content_type="multipart/form-data"
    )


def test_a_workbook_is_taken_in_worked_and_read(client, headers):
    taken = upload(client, headers)
    assert taken.status_code == 202
    assert (taken.json["state"], taken.json["processed"]) == ("queued", 0)
    assert taken.headers["Location"] == f"{IMPORTS}/{taken.json['id']}"
    assert work_imports().items == 1
    done = client.get(taken.headers["Location"], headers=headers).json
    assert (done["state"], done["total"], done["processed"]) == ("done", 3, 3)
    assert done["counts"] == {"ok": 1, "pending": 0, "error": 2, "conflict": 0}
    assert done["dry_run"] is False
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Enterprise)) == 1


def test_rows_are_paged_and_filtered(client, headers):
    place = upload(client, headers).headers["Location"] + "/rows"
    work_imports()
    first = client.get(place, headers=headers, query_string={"limit": 2}).json
    cursor = {"cursor": first["next_cursor"]}
    second = client.get(place, headers=headers, query_string=cursor).json
    assert [row["row"] for row in (*first["items"], *second["items"])] == [3, 4, 5]
    assert second["next_cursor"] is None
    wrong = client.get(place, headers=headers, query_string={"verdict": "error"}).json["items"]
    assert [(row["row"], row["field"]) for row in wrong] == [(4, "phone"), (5, "duplicate")]
    assert all(row["reason"] for row in wrong)


def test_rows_in_error_are_handed_back_as_a_workbook(client, headers):
    place = upload(client, headers).headers["Location"]
    work_imports()
    answer = client.get(f"{place}/errors.xlsx", headers=headers)
    assert (answer.status_code, answer.mimetype) == (200, XLSX)
    assert "attachment" in answer.headers["Content-Disposition"]
    assert load_workbook(BytesIO(answer.data)).worksheets[0].max_row == 3


def test_a_dry_run_stores_no_enterprise(client, headers):
    taken = upload(client, headers, **form(dry_run="true"))
    assert taken.json["dry_run"] is True
    work_imports()
    done = client.get(taken.headers["Location"], headers=headers).json
    assert done["counts"]["ok"] == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Enterprise)) == 0


@pytest.mark.parametrize(
    ("parts", "pointer", "code"),
    [
        ({"kind": "enterprises"}, "/workbook", "required"),
        ({"kind": "enterprises", "workbook": "text, no file"}, "/workbook", "type"),
        (form(kind="villages"), "/kind", "choice"),
        (form(kind="housekeepers"), "/workbook", "wrong-headings"),
        (form(dry_run="perhaps"), "/dry_run", "type"),
        (form(purpose="none"), "/purpose", "unknown"),
        (form(workbook=BytesIO(b"no workbook")), "/workbook", "not-a-workbook"),
        (form(workbook=repacked(workbook(), xl__vbaProject_bin=b"x")), "/workbook", "macros"),
        (form(workbook=workbook([])), "/workbook", "no-rows"),
    ],
)
def test_bad_uploads_are_refused_with_the_place_and_leave_nothing(
    client, headers, parts, pointer, code
):
    before = db.session.scalar(sa.select(sa.func.count()).select_from(ImportBatch))
    answer = upload(client, headers, **parts)
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert (pointer, code) in [(e["pointer"], e["code"]) for e in answer.json["errors"]]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ImportBatch)) == before


def test_a_body_beyond_the_limit_is_refused(app, client, headers, monkeypatch):
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 1_000)
    answer = upload(client, headers)
    assert (answer.status_code, answer.json["title"]) == (413, "too-large")


def test_uploads_are_counted(app, client, headers, monkeypatch):
    settings = replace(app.config["SETTINGS"], uploads_per_hour=1)
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    assert upload(client, headers).status_code == 202
    refused = upload(client, headers, **form())
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0


def test_the_same_key_takes_a_workbook_in_once(client, headers):
    keyed = headers | {"Idempotency-Key": "monday"}
    content = workbook(ROWS).getvalue()
    body = b"".join(
        [
            b'--x\r\nContent-Disposition: form-data; name="kind"\r\n\r\nenterprises\r\n--x\r\n',
            b'Content-Disposition: form-data; name="workbook"; filename="a.xlsx"\r\n\r\n',
            content,
            b"\r\n--x--\r\n",
        ]
    )
    answers = [
        client.post(
            IMPORTS, data=body, headers=keyed, content_type="multipart/form-data; boundary=x"
        )
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json["id"] == answers[1].json["id"]
    assert answers[1].headers["Idempotent-Replayed"] == "true"


def test_only_register_officers_import(client, officer):
    assert client.post(IMPORTS).status_code == 401
    coordinator = headers_of(client, make_account(Role.COORDINATOR))
    assert upload(client, coordinator).status_code == 403


@pytest.mark.parametrize("what", ["", "/rows", "/errors.xlsx"])
def test_another_units_batch_does_not_exist(client, headers, what):
    place = upload(client, headers).headers["Location"]
    stranger = make_account(Role.REGISTER_OFFICER, organisation_id=make_organisation().id)
    assert client.get(place + what, headers=headers_of(client, stranger)).status_code == 404
    assert client.get(f"{IMPORTS}/999999{what}", headers=headers).status_code == 404


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"cursor": "made-up"}, "/cursor"),
        ({"limit": "101"}, "/limit"),
        ({"verdict": "fine"}, "/verdict"),
        ({"sort": "name"}, "/sort"),
    ],
)
def test_bad_queries_are_refused(client, headers, query, pointer):
    place = upload(client, headers).headers["Location"] + "/rows"
    answer = client.get(place, headers=headers, query_string=query)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json["errors"]] == [pointer]


def test_a_batch_is_taken_back(client, headers):
    place = upload(client, headers).headers["Location"]
    work_imports()
    asked = client.post(f"{place}/rollback", headers=headers)
    assert (asked.status_code, asked.json["state"]) == (202, "rolling_back")
    assert work_imports().items == 1
    done = client.get(place, headers=headers).json
    assert (done["state"], done["undone"]["removed"]) == ("rolled_back", 1)
    rows = client.get(f"{place}/rows", headers=headers, query_string={"undone": "removed"}).json
    assert [(row["row"], row["effect"]) for row in rows["items"]] == [(3, "created")]
    assert client.post(f"{place}/rollback", headers=headers).status_code == 409


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_text_files_are_taken_in_too(client, headers, encoding):
    row = enterprise()
    text = ",".join(row) + "\r\n" + ",".join(row.values()) + "\r\n"
    file = (BytesIO(text.encode(encoding)), "登记.CSV")
    taken = upload(client, headers, kind="enterprises", workbook=file)
    assert taken.status_code == 202
    work_imports()
    assert client.get(taken.headers["Location"], headers=headers).json["counts"]["ok"] == 1
