"""区划调整: the yearly changes of area codes, as a mapping file tells them.

The Ministry of Civil Affairs publishes them once a year; the statistical codes of towns follow.
"""

from enum import StrEnum


class ChangeKind(StrEnum):
    """改名改码, 合并, 拆分, 新设, 撤销."""

    RENAME = "rename"
    MERGE = "merge"
    SPLIT = "split"
    NEW = "new"
    END = "end"
