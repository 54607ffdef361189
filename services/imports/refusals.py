"""Reasons for which a whole workbook is refused: one shape, so that every door answers alike."""

from app.domain.errors import FieldError, InvalidInput

POINTER = "/workbook"


def workbook_refused(code: str, detail: str) -> InvalidInput:
    """The error of a file that is refused as a whole; `code` is stable, `detail` is for people."""
    return InvalidInput([FieldError(POINTER, code, detail)], detail)


def unreadable_workbook() -> InvalidInput:
    """The error of a file that is no workbook, or a broken one."""
    return workbook_refused("not-a-workbook", "文件不是可以读取的 .xlsx 工作簿，或已损坏。")
