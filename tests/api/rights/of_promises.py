"""Work calendars and limits: read by everybody, published by one role."""

from collections.abc import Mapping

from app.api.schemas.examples import EXAMPLES
from app.api.schemas.flow_rules import RuleBody
from app.api.schemas.rung_recipients import RecipientsBody
from app.api.schemas.sla_policies import PolicyBody
from app.api.schemas.work_calendars import EditionBody
from tests.api.rights.row import ALIKE, FINE, WRONG_INPUT, Row

ROWS: Mapping[tuple[str, str], Row] = {
    ("GET", "/work-calendars"): ALIKE,
    ("GET", "/work-calendars/{calendar_version}"): ALIKE,
    ("POST", "/work-calendars"): Row(body=EXAMPLES[EditionBody], own=FINE, foreign=FINE),
    ("POST", "/work-calendars/workbook"): Row(own=WRONG_INPUT, foreign=WRONG_INPUT),
    ("GET", "/sla-policies"): ALIKE,
    ("POST", "/sla-policies"): Row(body=EXAMPLES[PolicyBody], own=FINE, foreign=FINE | {409}),
    ("GET", "/rung-recipients"): ALIKE,
    ("POST", "/rung-recipients"): Row(
        body=EXAMPLES[RecipientsBody], own=FINE, foreign=FINE | {409}
    ),
    ("GET", "/flow-rules"): ALIKE,
    ("POST", "/flow-rules"): Row(body=EXAMPLES[RuleBody], own=FINE, foreign=FINE | {409}),
}
