"""What is left to see of personal data."""

import pytest

from app.domain.masking import mask_name, mask_phone


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13812341234", "138****1234"),
        ("0412-5500001", "**********01"),
        ("110", "*10"),
        ("12", "12"),
        ("", ""),
    ],
)
def test_phones(phone, shown):
    assert mask_phone(phone) == shown


@pytest.mark.parametrize(
    ("name", "shown"), [("李", "李"), ("李芳", "李*"), ("欧阳娜娜", "欧***"), ("", "")]
)
def test_names(name, shown):
    assert mask_name(name) == shown
