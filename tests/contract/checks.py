"""What every answer has to keep, whoever asked for whatever."""

from schemathesis import Case
from schemathesis.checks import (
    CheckContext,
    content_type_conformance,
    negative_data_rejection,
    not_a_server_error,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)
from schemathesis.core.parameters import ParameterLocation
from schemathesis.core.transport import Response


def wrong_input_is_refused(ctx: CheckContext, response: Response, case: Case) -> bool | None:
    """`negative_data_rejection`, but for headers and forms.

    A wrong X-Request-ID is replaced, not refused, and every part of a form is text or a file.
    """
    if (case.media_type or "").startswith("multipart/"):
        return None
    header = case.meta.components.get(ParameterLocation.HEADER) if case.meta else None
    if header is not None and header.mode.is_negative:
        return None
    return negative_data_rejection(ctx, response, case)


CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    unsupported_method,
    wrong_input_is_refused,
]
