"""保存期限的种类: the terms that an installation sets; everything else has a fixed one.

Source: the personal information protection law, articles 19, 47 and 56 (records of assessments and
of processing: three years at least), and the rules of archives (ten years).
"""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import TypeAlias

from app.domain.actor import system

SWEEPER = system("到期销毁")
"""Who deletes what is past its term."""


class Term(StrEnum):
    """A term that is a setting."""

    TICKETS = "tickets"
    """Tickets, and who was responsible for whom."""
    RECORDS = "records"
    """What was done with personal data, by whom and why."""
    IMPORTS = "imports"
    """What was handed in for the register, beside what it became."""
    SESSIONS = "sessions"


Terms: TypeAlias = Mapping[Term, timedelta]
"""How long each is in this installation."""
