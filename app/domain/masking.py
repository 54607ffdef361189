"""脱敏: how personal data is shown unless a route exists to reveal it."""

MOBILE_DIGITS = 11


def mask_phone(phone: str) -> str:
    """138****1234; a shorter number keeps its last two characters only."""
    if len(phone) == MOBILE_DIGITS:
        return f"{phone[:3]}****{phone[-4:]}"
    return "*" * max(len(phone) - 2, 0) + phone[-2:]


def mask_ip(address: str) -> str:
    """10.1.*.*: the network that people know as home or office, not the device."""
    separator, hidden = (":", "*") if ":" in address else (".", "*.*")
    return separator.join([*address.split(separator)[:2], hidden])


def mask_name(name: str) -> str:
    """The surname's character, then a star for each other: 王**."""
    return name[:1] + "*" * (len(name) - 1)
