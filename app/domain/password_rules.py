"""密码规则: what a new password must be, by GB/T 22239-2019 (three kinds of characters, not guessed

from the person) and NIST SP 800-63B (no common one; length makes up for kinds).
"""

from collections.abc import Collection, Container, Iterator
from dataclasses import dataclass
from string import ascii_letters, ascii_lowercase, ascii_uppercase, digits

SHORTEST = 10
LONG = 16
"""From this length on the kinds of characters do not count."""
KINDS = 3
FEWEST_DIFFERENT = 5
REMEMBERED = 5
"""So many of the passwords before cannot be taken again."""
SHORTEST_NAME = 3
PHONE_TAIL = 6
LOOKALIKES = str.maketrans("0134578@$!", "oieastbasi")


@dataclass(frozen=True, slots=True)
class Fault:
    """One rule that a password breaks, and the sentence for people."""

    code: str
    detail: str


TOO_SHORT = Fault("too-short", f"密码至少 {SHORTEST} 个字符。")
TOO_SIMPLE = Fault(
    "too-simple",
    f"密码须含大写字母、小写字母、数字、符号中的 {KINDS} 种，或不少于 {LONG} 个字符。",
)
REPEATED = Fault("repeated", "密码不能只是少数字符的重复。")
NAMES_THE_PERSON = Fault("personal", "密码不能包含账号、姓名或手机号。")
COMMON = Fault("common", "这个密码太常见，容易被猜中。")
USED_BEFORE = Fault("used-before", f"不能使用最近 {REMEMBERED} 次用过的密码。")


def faults(password: str, person: Collection[str], common: Container[str]) -> list[Fault]:
    """Every rule that `password` breaks; [] when it is good.

    `person`: login, name, phone number, as far as there are any. `common`: in lower case.
    Whether it was used before only the stored hashes can tell (`USED_BEFORE`).
    """
    broken = {
        TOO_SHORT: len(password) < SHORTEST,
        TOO_SIMPLE: len(password) < LONG and _kinds(password) < KINDS,
        REPEATED: len(set(password.lower())) < FEWEST_DIFFERENT,
        NAMES_THE_PERSON: any(part in password.lower() for part in _telling(person)),
        COMMON: any(form in common for form in _forms(password.lower())),
    }
    return [fault for fault, is_broken in broken.items() if is_broken]


def _kinds(password: str) -> int:
    """How many of upper case, lower case, digits and all else occur."""
    kinds = {_kind(character) for character in password}
    return len(kinds)


def _kind(character: str) -> str:
    known = (ascii_uppercase, ascii_lowercase, digits)
    return next((kind for kind in known if character in kind), "else")


def _telling(person: Collection[str]) -> Iterator[str]:
    """What of the person must not stand in the password: names whole, of a number its tail."""
    for name in person:
        if name.isdigit():
            yield name[-PHONE_TAIL:]
        elif len(name) >= SHORTEST_NAME or not name.isascii():
            yield name.lower()


def _forms(password: str) -> Iterator[str]:
    """The password, its repeated piece, and the word in it under digits, marks and lookalikes."""
    yield password
    yield password[: _period(password)]
    others = "".join(set(password) - set(ascii_letters))
    yield password.strip(others)
    yield password.strip(digits + "-_.#*?+ ").translate(LOOKALIKES)
    yield password.translate(LOOKALIKES).strip(others)


def _period(text: str) -> int:
    """The length of the shortest piece of whose repetition the text is a beginning."""
    return next(size for size in range(1, len(text) + 1) if text.startswith(text[size:]))
