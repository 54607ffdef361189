"""Asking: a request is made real, sent in somebody's name, and its answer judged."""

from dataclasses import dataclass
from random import Random
from typing import Any

from schemathesis import Case
from schemathesis.core.transport import Response

from tests.contract.checks import CHECKS
from tests.contract.operations import Operation
from tests.contract.requests import make_real
from tests.contract.town import Asking, Town, undone

REPLAYED = "idempotent-replayed"


@dataclass
class Counter:
    """Where everybody of the town asks for everything."""

    town: Town
    answered: int = 0

    def ask(self, operation: Operation, case: Case, who: Asking, chance: Random) -> None:
        """Send `case` as `who`; raises what is wrong with the answer. Nothing of it remains."""
        make_real(case, operation, who, self.town, chance)
        try:
            with undone():
                answer = self._answer(case, who)
                self.answered += 1
                if operation.marks.takes_key and _is_kept(case, answer):
                    again = self._answer(case, who)
                    assert (again.status_code, again.content) == (
                        answer.status_code,
                        answer.content,
                    )
                    assert again.headers[REPLAYED] == ["true"]
        except BaseException as failure:
            failure.add_note(f"{operation.label}, asked by {who.name}")
            raise

    def _answer(self, case: Case, who: Asking) -> Response:
        client: Any = self.town.client
        answer = case.call(app=client.application, session=client, headers=who.headers())
        case.validate_response(answer, checks=CHECKS)
        return answer


def _is_kept(case: Case, answer: Response) -> bool:
    """Whether the same request gets the same answer from now on."""
    is_named = "Idempotency-Key" in case.headers
    return is_named and case.method == "POST" and answer.status_code < 300
