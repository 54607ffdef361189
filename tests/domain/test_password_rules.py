"""密码规则: what is refused, and why."""

import pytest

from app.domain.password_rules import faults

PERSON = ("wanglixin", "王立新", "13912340567")
COMMON = frozenset({"password", "spring", "1234567890", "woaini1314", "qwertyuiop"})


def codes(password: str) -> list[str]:
    return [fault.code for fault in faults(password, PERSON, COMMON)]


@pytest.mark.parametrize(
    "password",
    [
        "Guanjia-2026",
        "kettle9!arrow",
        "correct horse battery staple",
        "春眠不觉晓Ab3456",
        "Tiger-Kx8190",
    ],
)
def test_a_good_password_breaks_no_rule(password):
    assert codes(password) == []


@pytest.mark.parametrize(
    ("password", "broken"),
    [
        ("Kx81!tor9", ["too-short"]),
        ("kettlearrow", ["too-simple"]),
        ("kettle81arrow", ["too-simple"]),
        ("kettlearrowsun", ["too-simple"]),
        ("Ab1Ab1Ab1Ab1", ["repeated"]),
        ("aaaaaaaaaaaaaaaaaaaa", ["repeated"]),
        ("x-WangLixin-1", ["personal"]),
        ("好管家王立新-Ab1", ["personal"]),
        ("Kettle-340567", ["personal"]),
        ("Password-2026!", ["common"]),
        ("P@ssw0rd-2026", ["common"]),
        ("2026-Spring!", ["common"]),
        ("12345678901234567890", ["common"]),
        ("short", ["too-short", "too-simple"]),
    ],
)
def test_what_is_refused_is_refused_by_its_rule(password, broken):
    assert codes(password) == broken


def test_sixteen_characters_make_up_for_kinds():
    assert codes("kettlearrowsunm") == ["too-simple"]
    assert codes("kettlearrowsunmo") == []


def test_a_login_too_short_to_tell_anything_is_not_looked_for():
    assert faults("Kettle-op-81", ("op",), COMMON) == []
