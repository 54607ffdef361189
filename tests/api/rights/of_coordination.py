"""What the coordination goes by."""

from collections.abc import Mapping

from app.api.schemas.dispatch_templates import TemplateBody, TemplateChanges
from app.api.schemas.enterprises import CreditBody
from app.api.schemas.examples import EXAMPLES
from tests.api.rights.row import ALIKE, FINE, Row

ROWS: Mapping[tuple[str, str], Row] = {
    ("PATCH", "/enterprises/{enterprise_id}/credit"): Row(body=EXAMPLES[CreditBody]),
    ("GET", "/dispatch-templates"): ALIKE,
    ("POST", "/dispatch-templates"): Row(
        body=EXAMPLES[TemplateBody], own=FINE | {409}, foreign=FINE | {409}
    ),
    ("PATCH", "/dispatch-templates/{template_id}"): Row(
        body=EXAMPLES[TemplateChanges], foreign=FINE
    ),
}
