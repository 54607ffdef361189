"""One's own things, accounts and roles."""

from collections.abc import Mapping
from typing import Any

from app.api.schemas import accounts, delegations
from app.api.schemas.data_requests import ClosingBody, DataAnswerBody, DataRequestBody
from app.api.schemas.examples import EXAMPLES
from app.api.schemas.subscriptions import PopupBody
from tests.api.rights.row import ALIKE, FINE, OBJECT, UNBOUND, WRONG_INPUT, Row

ONCE = FINE | {409}
UNFIT = frozenset({404, 422})

NOWHERE = 10**17
"""A number that nothing has: those of the examples may exist by chance."""


def account(schema: Any) -> Row:
    """Of the whole installation. Who comes second finds it done."""
    return Row(body=EXAMPLES[schema], own=ONCE, foreign=ONCE)


ROWS: Mapping[tuple[str, str], Row] = {
    ("GET", "/me/messages"): ALIKE,
    ("GET", "/me/messages/unread-count"): ALIKE,
    ("POST", "/me/messages/{message_id}/read"): OBJECT,
    ("GET", "/me/subscriptions"): ALIKE,
    ("GET", "/me/data-requests"): ALIKE,
    ("POST", "/me/data-requests"): Row(body=EXAMPLES[DataRequestBody], foreign=FINE),
    ("POST", "/me/data-requests/{request_id}/copy"): OBJECT,
    ("POST", "/me/closing"): Row(body=EXAMPLES[ClosingBody], own=WRONG_INPUT, foreign=WRONG_INPUT),
    ("GET", "/data-requests"): ALIKE,
    ("POST", "/data-requests/{request_id}/answer"): Row(
        body=EXAMPLES[DataAnswerBody], own=UNBOUND, foreign=UNBOUND
    ),
    ("POST", "/me/subscriptions"): Row(body=EXAMPLES[PopupBody], own=UNBOUND, foreign=UNBOUND),
    ("GET", "/accounts"): ALIKE,
    ("POST", "/accounts"): account(accounts.AccountBody),
    ("GET", "/accounts/{account_id}"): ALIKE,
    ("PATCH", "/accounts/{account_id}"): account(accounts.AccountChanges),
    ("POST", "/accounts/{account_id}/password-reset"): ALIKE,
    ("POST", "/accounts/{account_id}/disabling"): account(accounts.DisablingBody),
    ("POST", "/accounts/{account_id}/enabling"): account(accounts.EnablingBody),
    ("POST", "/accounts/{account_id}/move"): Row(
        body={**EXAMPLES[accounts.MoveBody], "organisation_id": NOWHERE},
        own=WRONG_INPUT,
        foreign=WRONG_INPUT,
    ),
    ("POST", "/accounts/{account_id}/second-factor/reset"): ALIKE,
    ("POST", "/accounts/{account_id}/sessions/end"): ALIKE,
    ("GET", "/accounts/{account_id}/memberships"): ALIKE,
    ("POST", "/accounts/{account_id}/memberships"): account(accounts.GrantBody),
    ("POST", "/memberships/{membership_id}/end"): account(accounts.MembershipEndBody),
    ("GET", "/delegations"): ALIKE,
    ("POST", "/delegations"): Row(
        body={**EXAMPLES[delegations.DelegationBody], "delegate_housekeeper_id": NOWHERE},
        own=UNFIT,
        foreign=UNFIT,
    ),
    ("POST", "/delegations/{delegation_id}/end"): Row(
        body=EXAMPLES[delegations.DelegationEndBody], own=ONCE
    ),
}
