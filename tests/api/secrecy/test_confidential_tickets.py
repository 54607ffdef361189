"""What is confidential reaches nobody outside its audience, by whichever door they try."""

from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from app.domain.actor import Role
from app.domain.facts.intake import Submission
from app.domain.permissions import Permission as Act
from app.domain.vocabulary import Status
from jobs.make_exports import make_exports
from services.attachments import Upload, store
from services.gateways.file_store import FileStore
from tests.api.secrecy.doors import REASON, REPORT, searched
from tests.callers import Caller
from tests.factories import (
    MONDAY,
    Case,
    Cast,
    Person,
    make_account,
    make_housekeeper,
    make_pairing,
    make_ticket,
)
from tests.files import png

TITLE, BODY = "对窗口推诿的反映", "承办窗口推诿，请勿告知管家。"
ELSEWHERE = "210303"


@pytest.fixture
def file_id(app, cast) -> int:
    files = FileStore(app.config["SETTINGS"].file_store)
    uploaded = Upload("录音截图.png", png())
    return int(store(cast.applicant.actor, uploaded, files, at=MONDAY)["id"])


@pytest.fixture
def case(cast, file_id) -> Case:
    """A confidential ticket with a file, at its units."""
    secret = Submission(TITLE, BODY, is_confidential=True, attachment_ids=(file_id,))
    case = make_ticket(cast=cast, submit=secret)
    for action in (Act.ACCEPT, Act.DISPATCH):
        case.act(action, by=cast.coordinator.actor)
    assert case.ticket.status == Status.HANDLING
    return case


def deputy_of(cast: Cast) -> Person:
    row = make_housekeeper()
    make_pairing(cast.enterprise, row, role="deputy")
    return make_account(Role.DEPUTY_HOUSEKEEPER, housekeeper_id=row.id)


OUTSIDE = {
    "its housekeeper": lambda cast: cast.housekeeper,
    "its deputy housekeeper": deputy_of,
    "another enterprise": lambda _: make_account(Role.ENTERPRISE_ADMIN),
    "another unit": lambda _: make_account(Role.HANDLER),
    "another unit's approver": lambda _: make_account(Role.UNIT_APPROVER),
    "a coordinator elsewhere": lambda _: make_account(Role.COORDINATOR, area_prefix=ELSEWHERE),
    "a supervisor elsewhere": lambda _: make_account(Role.SUPERVISOR, area_prefix=ELSEWHERE),
    "a desk elsewhere": lambda _: make_account(Role.OPERATOR, area_prefix=ELSEWHERE),
    "a lay supervisor": lambda _: make_account(Role.LAY_SUPERVISOR),
    "who keeps the register": lambda _: make_account(Role.REGISTER_OFFICER),
    "who configures": lambda _: make_account(Role.SYS_ADMIN),
    "who grants": lambda _: make_account(Role.SEC_ADMIN),
    "who reads the audit": lambda _: make_account(Role.AUDITOR),
}
INSIDE = ("applicant", "coordinator", "supervisor", "handler", "co_handler", "unit_approver")

outside = pytest.mark.parametrize("who", OUTSIDE.values(), ids=OUTSIDE)
inside = pytest.mark.parametrize("who", INSIDE)


@outside
def test_its_file_and_its_contact_are_not_there(client, case, cast, file_id, who):
    caller = Caller(client, who(cast))
    assert caller.get(f"/attachments/{file_id}").status_code == 404
    assert caller.post(f"/tickets/{case.number}/reveal", REASON).status_code in {403, 404}


@inside
def test_who_deals_with_it_reads_its_file(client, case, cast, file_id, who):
    caller = Caller(client, getattr(cast, who))
    if who == "supervisor":
        caller.inspect(case.number)
    link = caller.get(f"/attachments/{file_id}")
    assert link.status_code == 200, link.text
    content = client.get(link.json["url"])
    assert content.data == png()
    content.close()


@outside
def test_no_search_finds_it(client, case, cast, who):
    caller = Caller(client, who(cast))
    for q in (case.number, case.number[-6:], "推诿", "窗口", cast.enterprise.name[:4]):
        assert case.number not in searched(caller, q)


@inside
def test_who_deals_with_it_finds_it(client, case, cast, who):
    assert case.number in searched(Caller(client, getattr(cast, who)), "推诿")


def exported(caller: Caller, client) -> Any:
    """The cells of an export of all the caller's tickets; None where that is refused."""
    wish = {"kind": "tickets", "filters": {}, "purpose": "核对本月诉求"}
    asked = caller.post("/exports", wish)
    if asked.status_code == 403:
        return None
    assert asked.status_code == 202, asked.text
    export_id = asked.json["id"]
    assert asked.json["state"] == "queued", "nobody has to agree"
    assert make_exports().failures == 0
    link = caller.post(f"/exports/{export_id}/link").json["url"]
    file = client.get(link, headers=caller.headers())
    sheet = load_workbook(BytesIO(file.data)).active
    return [value for row in sheet.iter_rows(values_only=True) for value in row]


@outside
def test_no_export_holds_it(client, case, cast, who):
    cells = exported(Caller(client, who(cast)), client) or []
    assert case.number not in cells
    assert TITLE not in cells


def test_its_units_approver_exports_it(client, case, cast):
    assert case.number in exported(Caller(client, cast.unit_approver), client)


@outside
def test_what_figures_lead_to_stays_within_the_list(client, case, cast, who):
    """Figures count an area or a unit; what stands behind one is asked of the list."""
    caller = Caller(client, who(cast))
    report = caller.get(REPORT)
    assert report.status_code in {200, 403}
    assert case.number not in report.text
    assert TITLE not in report.text
    unit, area = cast.lead_unit.id, "210302000000"
    for narrowed in (f"lead_organisation={unit}", f"area={area}", "status=handling", "queue=open"):
        answer = caller.get(f"/tickets?{narrowed}&limit=100")
        assert case.number not in answer.text


def test_figures_of_another_unit_or_area_do_not_count_it(client, case):
    for person in (
        make_account(Role.UNIT_APPROVER),
        make_account(Role.COORDINATOR, area_prefix=ELSEWHERE),
    ):
        report = Caller(client, person).get(REPORT)
        assert report.status_code == 200
        assert report.json["totals"]["counts"]["submitted"] == 0


def test_no_handover_and_no_load_tells_of_it(client, case, cast):
    """The ticket goes over, too; neither of the two housekeepers hears of it."""
    plain = make_ticket(Status.HANDLING, cast)
    receiver = make_account(Role.HOUSEKEEPER, housekeeper_id=make_housekeeper("王华").id)
    row = cast.housekeeper_row.id
    load = Caller(client, cast.coordinator).get(f"/housekeepers/{row}/load").json
    assert load["open_tickets"] == 1
    body = {"reason": "transfer", "receiver_id": receiver.membership.housekeeper_id}
    coordinator = Caller(client, cast.coordinator)
    made = coordinator.post(f"/housekeepers/{row}/handover", body)
    assert [one["number"] for one in made.json["checklist"]["tickets"]] == [plain.number]
    signed = Caller(client, receiver).post(f"/handovers/{made.json['id']}/signature")
    assert signed.status_code == 200
    assert case.number not in signed.text
    for person in (cast.housekeeper, receiver):
        caller = Caller(client, person)
        assert case.number not in caller.get("/me/messages?limit=100").text
        assert case.number not in caller.get(f"/handovers/{made.json['id']}").text
        assert caller.get(f"/tickets/{case.number}").status_code == 404
    assert case.ticket.housekeeper_id == receiver.membership.housekeeper_id


def test_who_closes_the_enterprise_is_told_how_many_and_not_which(client, case, cast):
    officer = Caller(client, make_account(Role.REGISTER_OFFICER))
    answer = officer.post(f"/enterprises/{cast.enterprise.id}/closure", {"reason": "注销登记"})
    assert answer.status_code == 409, answer.text
    assert "1 件" in answer.json["detail"]
    assert case.number not in answer.text
