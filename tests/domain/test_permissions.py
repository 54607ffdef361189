"""The table of rights keeps the separations that the roles of the domain demand (domain, 2)."""

import pytest

from app.domain.actor import ENTERPRISE_ROLES, PAIRED_ROLES, UNIT_ROLES, Actor, Role
from app.domain.errors import Forbidden
from app.domain.permissions import GRANTS, Permission, Scope, demand, may, scope_of

ADMINISTRATORS = {Role.SYS_ADMIN, Role.SEC_ADMIN, Role.AUDITOR}
PEOPLE = set(Role) - {Role.SYSTEM}


def holders(*permissions: Permission) -> set[Role]:
    return {role for permission in permissions for role in GRANTS[permission]}


def test_every_permission_is_granted_to_somebody():
    assert set(GRANTS) == set(Permission)
    assert all(GRANTS.values())


def test_only_the_enterprise_rates():
    assert holders(Permission.EVALUATE) == ENTERPRISE_ROLES


def test_who_handles_does_not_revisit():
    handling = holders(
        *(Permission.ACCEPT, Permission.DISPATCH, Permission.ANSWER_DIRECTLY),
        *(Permission.SIGN_FOR, Permission.GIVE_OPINION, Permission.REPLY, Permission.RULE_REPLY),
    )
    # A supervisor dispatches from the third round on, and who did so may not call (test_rework).
    both = {Role.SUPERVISOR}
    assert handling == PAIRED_ROLES | UNIT_ROLES | {Role.COORDINATOR} | both
    assert handling & holders(Permission.RECORD_REVISIT) == both


def test_who_drafts_does_not_approve():
    assert not holders(Permission.REPLY) & holders(Permission.RULE_REPLY)


def test_a_refusal_can_be_proposed_by_the_housekeeper_but_never_ruled():
    assert holders(Permission.PROPOSE_REFUSAL) >= PAIRED_ROLES
    assert not holders(Permission.RULE_REFUSAL) & PAIRED_ROLES


@pytest.mark.parametrize(
    "role", sorted(ADMINISTRATORS | {Role.LAY_SUPERVISOR, Role.REGISTER_OFFICER})
)
def test_who_keeps_the_system_reads_no_ticket(role):
    reading = {Permission.READ_TICKETS, Permission.READ_ASSIGNMENTS, Permission.UPLOAD}
    assert not any(role in GRANTS[permission] for permission in reading)


def test_inner_words_are_for_officials():
    assert not holders(Permission.READ_INTERNAL_EVENTS, Permission.READ_ASSIGNMENTS) & (
        ENTERPRISE_ROLES
    )


def test_jobs_alone_archive_remind_and_issue_cards():
    own = (Permission.ARCHIVE, Permission.REMIND, Permission.ISSUE_CARD, Permission.HAND_OVER)
    assert holders(*own) == {Role.SYSTEM}


def test_everybody_has_an_account_and_reads_what_is_public():
    assert holders(Permission.USE_OWN_ACCOUNT) == PEOPLE
    assert holders(Permission.READ_REFERENCE) == PEOPLE


def test_a_scope_never_reaches_beyond_the_role():
    in_units = UNIT_ROLES | {Role.REGISTER_OFFICER, Role.COORDINATOR}
    for grants in GRANTS.values():
        for role, scope in grants.items():
            assert (scope is Scope.OWN_ENTERPRISE) <= (role in ENTERPRISE_ROLES)
            assert (scope is Scope.PAIRING) <= (role in PAIRED_ROLES)
            assert (scope in {Scope.UNIT, Scope.LEAD_UNIT, Scope.CO_UNIT}) <= (role in in_units)


def test_no_grant_is_forbidden():
    auditor = Actor(role=Role.AUDITOR, name="审计")
    assert not may(auditor, Permission.SUBMIT)
    assert scope_of(auditor, Permission.SUBMIT) is None
    with pytest.raises(Forbidden):
        demand(auditor, Permission.SUBMIT)
    assert demand(auditor, Permission.READ_REFERENCE) is Scope.ALL
