"""各小程序: every mini-program of the installation, with credentials and openids of its own."""

from collections.abc import Iterator

from services.gateways.wechat import WeChat

OF_ENTERPRISES = frozenset({"both", "enterprises"})


class Programs:
    """The mini-programs by appid; whoever names none means the first."""

    def __init__(self, first: WeChat, *others: WeChat) -> None:
        self.first = first
        self._known = {one.appid: one for one in (first, *others)}

    def __iter__(self) -> Iterator[WeChat]:
        return iter(self._known.values())

    def __len__(self) -> int:
        return len(self._known)

    def __getitem__(self, appid: str) -> WeChat:
        return self._known[appid]

    @property
    def appids(self) -> frozenset[str]:
        """Whose openids these are."""
        return frozenset(self._known)

    def of(self, appid: str) -> WeChat | None:
        """The mini-program `appid`; None for one that is not ours, or not any more."""
        return self._known.get(appid)

    def for_enterprises(self) -> WeChat:
        """The first one that enterprises use, else the first one."""
        return next((one for one in self if one.audience in OF_ENTERPRISES), self.first)
