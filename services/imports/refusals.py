"""Reasons for which a whole workbook is refused: one shape, so that every door answers alike."""

from app.domain.errors import FieldError, InvalidInput

POINTER = "/workbook"


def workbook_refused(code: str, detail: str) -> InvalidInput:
    """The error of a file that is refused as a whole; `code` is stable, `detail` is for people."""
    return InvalidInput([FieldError(POINTER, code, detail)], detail)


def unreadable_workbook() -> InvalidInput:
    """The error of a file that is no workbook, or a broken one."""
    return workbook_refused("not-a-workbook", "文件不是可以读取的 .xlsx 工作簿，或已损坏。")


def too_large() -> InvalidInput:
    """The error of a file that would unpack to more than is worth reading: a bomb."""
    return workbook_refused(
        "workbook-too-large", "工作簿解压后过大，请删去多余的工作表和空白格式，或拆成几个文件。"
    )
