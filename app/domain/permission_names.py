"""权限和范围: the words of the table of rights."""

from enum import StrEnum


class Permission(StrEnum):
    """权限. Those of the ticket life-cycle bear the names of their actions."""

    SUBMIT = "submit"
    FIRST_CONTACT = "first_contact"
    ACCEPT = "accept"
    PROPOSE_REFUSAL = "propose_refusal"
    RULE_REFUSAL = "rule_refusal"
    REQUEST_SUPPLEMENT = "request_supplement"
    SUPPLY = "supply"
    WITHDRAW = "withdraw"
    DISPATCH = "dispatch"
    SIGN_FOR = "sign_for"
    GIVE_OPINION = "give_opinion"
    REPLY = "reply"
    RULE_REPLY = "rule_reply"
    ANSWER_DIRECTLY = "answer_directly"
    RECEIVE_FEEDBACK = "receive_feedback"
    RECORD_REVISIT = "record_revisit"
    EVALUATE = "evaluate"
    ARCHIVE = "archive"
    REMIND = "remind"
    ISSUE_CARD = "issue_card"

    READ_TICKETS = "read_tickets"
    READ_INTERNAL_EVENTS = "read_internal_events"
    READ_ASSIGNMENTS = "read_assignments"
    READ_ENTERPRISES = "read_enterprises"
    READ_HOUSEKEEPERS = "read_housekeepers"
    READ_REPORTS = "read_reports"
    IMPORT_REGISTER = "import_register"
    MANAGE_DELIVERIES = "manage_deliveries"
    USE_OWN_ACCOUNT = "use_own_account"
    READ_REFERENCE = "read_reference"
    UPLOAD = "upload"


class Scope(StrEnum):
    """范围."""

    OWN = "own"
    OWN_ENTERPRISE = "own_enterprise"
    PAIRING = "pairing"
    DESK = "desk"
    AREA = "area"
    LEAD_UNIT = "lead_unit"
    CO_UNIT = "co_unit"
    UNIT = "unit"
    POOL = "pool"
    ALL = "all"
