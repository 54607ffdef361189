from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from apscheduler.events import SchedulerEvent
from apscheduler.job import Job
from apscheduler.triggers.base import BaseTrigger

class BaseScheduler:
    @property
    def running(self) -> bool: ...
    def __init__(self, gconfig: Mapping[str, Any] = ..., **options: Any) -> None: ...
    def start(self, paused: bool = False) -> None: ...
    def shutdown(self, wait: bool = True) -> None: ...
    def add_executor(self, executor: Any, alias: str = "default", **executor_opts: Any) -> None: ...
    def add_listener(self, callback: Callable[[SchedulerEvent], object], mask: int = ...) -> None: ...
    def add_job(
        self,
        func: Callable[..., object],
        trigger: BaseTrigger | str | None = None,
        args: Iterable[object] | None = None,
        kwargs: Mapping[str, object] | None = None,
        id: str | None = None,
        name: str | None = None,
        misfire_grace_time: int | None = ...,
        coalesce: bool = ...,
        max_instances: int = ...,
        next_run_time: datetime | None = ...,
        jobstore: str = "default",
        executor: str = "default",
        replace_existing: bool = False,
        **trigger_args: Any,
    ) -> Job: ...
    def get_jobs(self, jobstore: str | None = None, pending: bool | None = None) -> list[Job]: ...
