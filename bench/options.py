"""What can be asked of the benchmark."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.driving import Span
from bench.measuring import JOBS, Job

SIZES = (1_000, 100_000)


@dataclass(frozen=True, slots=True)
class Options:
    """How many tickets, which jobs, how often and how long; where to keep and to write."""

    sizes: tuple[int, ...]
    jobs: tuple[Job, ...]
    rounds: int
    span: Span
    kept: Path | None
    page: Path | None


def options_of(arguments: Sequence[str]) -> Options:
    """The options as given on the command line."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument(
        "--size", type=int, action="append", help="件数，可重复，默认 1000 和 100000"
    )
    parser.add_argument("--jobs", default=",".join(JOBS), help=f"逗号分隔：{', '.join(JOBS)}")
    parser.add_argument("--rounds", type=int, default=3, help="产品与底线各测几轮")
    parser.add_argument("--seconds", type=float, default=3.0, help="每轮计时多少秒")
    parser.add_argument("--warm", type=float, default=1.5, help="每轮计时之前预热多少秒")
    parser.add_argument("--keep", type=Path, help="保留数据的文件夹，下次不再装载")
    parser.add_argument("--write", type=Path, help="把结果写成这一页，如 docs/performance.md")
    given = parser.parse_args(arguments)
    unknown = sorted(set(given.jobs.split(",")) - JOBS.keys())
    if unknown:
        parser.error(f"没有这些项目：{', '.join(unknown)}")
    return Options(
        sizes=tuple(sorted(given.size or SIZES)),
        jobs=tuple(JOBS[name] for name in JOBS if name in given.jobs.split(",")),
        rounds=given.rounds,
        span=Span(given.warm, given.seconds),
        kept=given.keep,
        page=given.write,
    )
