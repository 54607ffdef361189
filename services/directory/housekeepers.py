"""管家名册."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HousekeeperEntry:
    """What a register row says of a housekeeper, read and checked. None = the row is silent."""

    name: str
    phone: str
    organisation: str
    area_code: str
    department: str | None = None
    job_title: str | None = None
    grade: str | None = None
    deputy_phone: str | None = None
    office_phone: str | None = None
    duty_state: str | None = None
