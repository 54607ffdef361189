"""会议任务: what the action must bring."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TaskDone:
    """完成会议任务: which of the ticket's tasks, and what was done."""

    task_number: int
    note: str
