"""The people around one enterprise's request, so that every step has somebody who may take it."""

from dataclasses import dataclass

from app.domain.actor import Role
from app.models.enterprise import Enterprise
from app.models.housekeeper import Housekeeper
from app.models.organisation import Organisation
from tests.factories.people import Person, Seat, make_accounts
from tests.factories.register import (
    make_enterprise,
    make_housekeeper,
    make_organisations,
    make_pairing,
)

KINDS = ("department", "department", "service_centre", "township", "department")


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays in a ticket's story. `applicant` is the enterprise's own administrator."""

    enterprise: Enterprise
    housekeeper_row: Housekeeper
    lead_unit: Organisation
    co_unit: Organisation
    applicant: Person
    housekeeper: Person
    operator: Person
    coordinator: Person
    second_coordinator: Person
    handler: Person
    unit_approver: Person
    co_handler: Person
    revisitor: Person
    supervisor: Person


def make_cast(enterprise: Enterprise | None = None) -> Cast:
    """A whole cast: the enterprise with its housekeeper, two units, and the offices above.

    Hundreds of tests begin with one, so that rows of a kind are stored together.
    """
    lead, co, office, township, reporting = make_organisations(*KINDS)
    enterprise = enterprise or make_enterprise(reported_by=reporting)
    housekeeper = make_housekeeper(organisation=township)
    make_pairing(enterprise, housekeeper)
    paired = {"housekeeper_id": housekeeper.id, "organisation_id": township.id}
    seats = {
        "applicant": Seat(Role.ENTERPRISE_ADMIN, enterprise_id=enterprise.id),
        "housekeeper": Seat(Role.HOUSEKEEPER, **paired),
        "operator": Seat(Role.OPERATOR, organisation_id=office.id),
        "coordinator": Seat(Role.COORDINATOR, organisation_id=office.id),
        "second_coordinator": Seat(Role.COORDINATOR, organisation_id=office.id),
        "handler": Seat(Role.HANDLER, organisation_id=lead.id),
        "unit_approver": Seat(Role.UNIT_APPROVER, organisation_id=lead.id),
        "co_handler": Seat(Role.CO_HANDLER, organisation_id=co.id),
        "revisitor": Seat(Role.REVISITOR),
        "supervisor": Seat(Role.SUPERVISOR),
    }
    return Cast(enterprise, housekeeper, lead, co, **make_accounts(seats))
