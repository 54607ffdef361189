"""附件 over HTTP: uploaded as a form, handed out through a signed link."""

from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from urllib.parse import quote

import pytest

from app import clock
from app.domain.actor import Role
from app.domain.file_types import MAX_BYTES
from tests.callers import API, Caller
from tests.factories import make_account, make_cast, make_ticket
from tests.files import SAMPLES, pdf

UPLOADS = f"{API}/attachments"


@pytest.fixture
def cast(database):
    return make_cast()


@pytest.fixture
def applicant(client, cast) -> Caller:
    return Caller(client, cast.applicant)


def upload(caller, filename="证明.pdf", content=None, headers=None):
    content = SAMPLES[filename][0] if content is None else content
    return caller.client.post(
        UPLOADS,
        data={"file": (BytesIO(content), filename)},
        headers=caller.headers() | (headers or {}),
        content_type="multipart/form-data",
    )


def download(caller, url):
    return caller.client.get(url, buffered=True)


def problem(answer):
    assert answer.mimetype == "application/problem+json"
    return answer.status_code, answer.json["title"], answer.json.get("errors")


@pytest.mark.parametrize("filename", SAMPLES)
def test_a_file_goes_in_and_comes_out_as_it_was(applicant, filename):
    content, media_type = SAMPLES[filename]
    taken = upload(applicant, filename)
    assert taken.status_code == 201
    assert (taken.json["filename"], taken.json["media_type"]) == (filename, media_type)
    found = applicant.client.get(taken.headers["Location"], headers=applicant.headers()).json
    given = download(applicant, found["url"])
    assert (given.status_code, given.data, given.mimetype) == (200, content, media_type)


def test_a_download_cannot_be_run_by_a_browser_or_kept(applicant):
    attachment_id = upload(applicant).json["id"]
    given = download(applicant, applicant.get(f"/attachments/{attachment_id}").json["url"])
    disposition = given.headers["Content-Disposition"]
    assert disposition.startswith("attachment; ")
    assert disposition.endswith(f"filename*=UTF-8''{quote('证明.pdf')}")
    assert given.headers["X-Content-Type-Options"] == "nosniff"
    assert given.headers["Cache-Control"] == "no-store"
    assert given.headers["Content-Length"] == str(len(pdf()))


def test_the_link_needs_no_log_in_and_dies_after_five_minutes(applicant):
    attachment_id = upload(applicant).json["id"]
    found = applicant.get(f"/attachments/{attachment_id}").json
    expires_at = datetime.fromisoformat(found["expires_at"])
    assert timedelta(minutes=4) < expires_at - clock.real() <= timedelta(minutes=5)
    with clock.frozen(expires_at + timedelta(seconds=1)):
        late = applicant.client.get(found["url"])
    assert problem(late)[:2] == (403, "link-invalid")
    forged = applicant.client.get(found["url"][:-1] + ("0" if found["url"][-1] != "0" else "1"))
    assert problem(forged)[:2] == (403, "link-invalid")
    bare = applicant.client.get(f"{UPLOADS}/{attachment_id}/content")
    assert [error["pointer"] for error in problem(bare)[2]] == ["/expires", "/signature"]


def test_what_is_not_taken_is_explained(applicant):
    refused = problem(upload(applicant, "病毒.exe", b"MZ"))
    assert refused[:2] == (422, "invalid-input")
    assert [error["pointer"] for error in refused[2]] == ["/file"]
    assert problem(upload(applicant, "图.png", pdf()))[2][0]["code"] == "file-content"
    assert problem(upload(applicant, "空.pdf", b""))[2][0]["code"] == "empty-file"


def test_a_file_too_large_is_refused_for_its_size(applicant):
    boundary = "--x\r\n", "\r\n--x--\r\n"
    heading = 'Content-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
    start, end = (boundary[0] + heading).encode(), boundary[1].encode()
    answer = applicant.client.post(
        UPLOADS,
        data=start + b"x" * (MAX_BYTES + 1) + end,
        headers=applicant.headers(),
        content_type="multipart/form-data; boundary=x",
    )
    assert problem(answer)[:2] == (413, "too-large")


def test_the_file_must_be_a_file_of_a_form(applicant):
    as_json = applicant.post("/attachments", {"file": "证明.pdf"})
    assert problem(as_json)[:2] == (415, "unsupported-media-type")
    as_text = applicant.client.post(
        UPLOADS,
        data={"file": "text"},
        headers=applicant.headers(),
        content_type="multipart/form-data",
    )
    assert problem(as_text)[0] == 422
    other_name = applicant.client.post(
        UPLOADS, data={"bild": (BytesIO(pdf()), "a.pdf")}, headers=applicant.headers()
    )
    assert {error["pointer"] for error in problem(other_name)[2]} == {"/file", "/bild"}


def test_a_repeated_upload_is_replayed_though_its_boundary_is_new(applicant):
    key = {"Idempotency-Key": "upload-1"}
    first, again = (upload(applicant, headers=key) for _ in range(2))
    assert (again.status_code, again.json) == (201, first.json)
    assert again.headers["Idempotent-Replayed"] == "true"
    other = upload(applicant, "截图.png", headers=key)
    assert problem(other)[:2] == (422, "invalid-input")


def test_uploads_are_counted_per_account(app, client, cast, monkeypatch):
    few = replace(app.config["SETTINGS"], uploads_per_hour=3)
    monkeypatch.setitem(app.config, "SETTINGS", few)
    with clock.frozen(clock.real().replace(minute=30, second=0, microsecond=0)):
        handler = Caller(client, cast.handler)
        assert [upload(handler).status_code for _ in range(3)] == [201, 201, 201]
        refused = upload(handler)
        assert problem(refused)[:2] == (429, "too-many-requests")
        assert refused.headers["Retry-After"] == "1801"
        assert upload(Caller(client, cast.co_handler)).status_code == 201


def test_other_peoples_files_do_not_exist(client, applicant):
    attachment_id = upload(applicant).json["id"]
    stranger = Caller(client, make_cast().applicant)
    assert problem(stranger.get(f"/attachments/{attachment_id}"))[:2] == (404, "not-found")
    auditor = Caller(client, make_account(Role.AUDITOR))
    assert problem(auditor.get(f"/attachments/{attachment_id}"))[:2] == (404, "not-found")
    assert problem(upload(auditor))[:2] == (403, "forbidden")
    assert problem(client.get(f"{UPLOADS}/{attachment_id}"))[:2] == (401, "unauthenticated")


def test_an_uploaded_file_goes_with_a_submission(client, applicant, cast):
    attachment_id = upload(applicant).json["id"]
    body = {"title": "路灯不亮", "body": "厂区门前的路灯不亮。", "attachment_ids": [attachment_id]}
    ticket = applicant.submit(body).json
    assert [file["id"] for file in ticket["attachments"]] == [attachment_id]
    housekeeper = Caller(client, cast.housekeeper)
    url = housekeeper.get(f"/attachments/{attachment_id}").json["url"]
    assert download(housekeeper, url).data == pdf()
    assert make_ticket(cast=cast).number != ticket["number"]
