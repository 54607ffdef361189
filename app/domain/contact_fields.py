"""联系方式: the personal fields that are masked everywhere and can be revealed for a reason."""

from enum import StrEnum


class ContactField(StrEnum):
    """可以申请查看的字段."""

    CONTACT_NAME = "contact_name"
    CONTACT_PHONE = "contact_phone"
    LEGAL_PERSON = "legal_person"


TO_CALL = (ContactField.CONTACT_NAME, ContactField.CONTACT_PHONE)
"""What it takes to call somebody about a ticket."""
OF_A_HOUSEKEEPER = ("phone",)
