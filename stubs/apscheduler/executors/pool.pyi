from collections.abc import Mapping
from typing import Any

class ThreadPoolExecutor:
    def __init__(
        self, max_workers: int = 10, pool_kwargs: Mapping[str, Any] | None = None
    ) -> None: ...
