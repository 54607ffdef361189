"""The people around one enterprise's request, so that every step has somebody who may take it."""

from dataclasses import dataclass
from functools import partial

from app.domain.actor import Role
from app.models.enterprise import Enterprise
from app.models.housekeeper import Housekeeper
from app.models.organisation import Organisation
from tests.factories.people import Person, make_account
from tests.factories.register import (
    make_enterprise,
    make_housekeeper,
    make_organisation,
    make_pairing,
)


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
    """A whole cast: the enterprise with its housekeeper, two units, and the offices above."""
    enterprise = enterprise or make_enterprise()
    housekeeper = make_housekeeper()
    make_pairing(enterprise, housekeeper)
    lead, co = make_organisation(), make_organisation()
    in_office = partial(make_account, organisation_id=make_organisation(kind="service_centre").id)
    return Cast(
        enterprise=enterprise,
        housekeeper_row=housekeeper,
        lead_unit=lead,
        co_unit=co,
        applicant=make_account(Role.ENTERPRISE_ADMIN, enterprise_id=enterprise.id),
        housekeeper=make_account(
            Role.HOUSEKEEPER,
            housekeeper_id=housekeeper.id,
            organisation_id=housekeeper.organisation_id,
        ),
        operator=in_office(Role.OPERATOR),
        coordinator=in_office(Role.COORDINATOR),
        second_coordinator=in_office(Role.COORDINATOR),
        handler=make_account(Role.HANDLER, organisation_id=lead.id),
        unit_approver=make_account(Role.UNIT_APPROVER, organisation_id=lead.id),
        co_handler=make_account(Role.CO_HANDLER, organisation_id=co.id),
        revisitor=make_account(Role.REVISITOR),
        supervisor=make_account(Role.SUPERVISOR),
    )
