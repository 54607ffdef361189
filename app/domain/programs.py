"""小程序的对象: whom a mini-program is for, and so through which one a person is told."""

from enum import StrEnum


class ProgramAudience(StrEnum):
    """对象 of a mini-program."""

    BOTH = "both"
    ENTERPRISES = "enterprises"
    OFFICIALS = "officials"
