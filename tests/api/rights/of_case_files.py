"""Case files."""

from collections.abc import Mapping

from tests.api.rights.row import OBJECT, Row

ROWS: Mapping[tuple[str, str], Row] = {
    ("POST", "/tickets/{number}/case-file.json"): OBJECT,
    ("POST", "/tickets/{number}/case-file.pdf"): OBJECT,
}
