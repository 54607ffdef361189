"""企业登记."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class EnterpriseEntry:
    """What a register row says of an enterprise, read and checked. None = the row is silent.

    `categories` begins with the primary one; `total_investment` is in 万元.
    """

    name: str
    uscc: str | None
    categories: tuple[str, ...]
    area_code: str
    contact_name: str
    contact_phone: str
    reporting_organisation: str
    managing_area_code: str | None = None
    operating_state: str | None = None
    industry: str | None = None
    scale: str | None = None
    project_name: str | None = None
    project_code: str | None = None
    project_stage: str | None = None
    total_investment: Decimal | None = None
    registered_address: str | None = None
    operating_address: str | None = None
    legal_person: str | None = None
    contact_title: str | None = None
    remark: str | None = None
