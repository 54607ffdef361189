"""一次性验证码: time steps of RFC 6238, and how recovery codes are written down."""

from datetime import datetime

STEP_SECONDS = 30
DIGITS = 6
RECOVERY_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Nothing that looks like something else."""
RECOVERY_LENGTH = 10
RECOVERY_CODES = 10


def steps_near(*, at: datetime) -> tuple[int, int, int]:
    """The present time step and its neighbours: a phone's clock may be half a minute off."""
    present = int(at.timestamp()) // STEP_SECONDS
    return present - 1, present, present + 1


def shown(letters: str) -> str:
    """A recovery code as people copy it: ABCDE-FGHJK."""
    return f"{letters[:5]}-{letters[5:]}"


def typed(code: str) -> str:
    """A code as it was meant, whatever blanks, hyphens and small letters were typed."""
    return "".join(code.split()).replace("-", "").upper()


def is_of_generator(code: str) -> bool:
    """Whether this is a code of the generator, and else one that was written down."""
    return len(code) == DIGITS and code.isascii() and code.isdigit()
