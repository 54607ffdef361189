"""Product and floor in turns, round by round; what counts is the one divided by the other."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import cycle
from statistics import median

from bench.driving import Ask, Check, Measure, Span, drive
from bench.errands import Errand, Place, read, require_equal
from bench.places import Served
from bench.reading import ListQueue, Report, ShowEvents, ShowTicket
from bench.wire import Answer, Request
from bench.writing import Accept, Create

FLOOR_AGENTS = 10
FLOOR_PAGE = 25
FIRST_GUESS = 150
"""Jobs a second, until a round has told."""
MARGIN = 1.5


@dataclass(frozen=True, slots=True)
class Job:
    """A row of the table: which errand, over which floor, and the goal of its ratio."""

    name: str
    title: str
    errand: Callable[[Place], Errand]
    floor: str
    goal: float | None


JOBS: Mapping[str, Job] = {
    job.name: job
    for job in (
        Job("list", "list 25 of one queue", ListQueue, "iii", 0.60),
        Job("show", "one ticket with its records", ShowTicket, "iii", 0.60),
        Job("events", "its history", ShowEvents, "iii", 0.60),
        Job("create", "create", Create, "iv", 0.60),
        Job("accept", "state change with a note", Accept, "iv", 0.40),
        Job("report", "closure by county, 90 days", Report, "iii", 0.50),
    )
}


@dataclass(frozen=True, slots=True)
class Result:
    """What the rounds of one job gave, product and floor next to each other."""

    job: Job
    product: tuple[Measure, ...]
    floor: tuple[Measure, ...]
    statements: int

    @property
    def ratio(self) -> float:
        """Product ÷ floor in jobs a second: the median of the rounds."""
        pairs = zip(self.product, self.floor, strict=True)
        return median(product.rate / floor.rate for product, floor in pairs)

    @property
    def processor_ratio(self) -> float:
        """Floor ÷ product in processor time of server and database, whoever else is at work."""
        pairs = zip(self.product, self.floor, strict=True)
        return median(worked(floor) / worked(product) for product, floor in pairs)

    def typical(self, figure: str) -> float:
        """The median of one figure of the product."""
        figures: list[float] = [getattr(measure, figure) for measure in self.product]
        return median(figures)


def worked(measure: Measure) -> float:
    """Milliseconds of processor per job, the client's left out."""
    return measure.used["server"] + measure.used["database"]


@dataclass(frozen=True, slots=True)
class Track:
    """The two servers, their database server's head process, how long and how often to drive."""

    product: Served
    floor: Served
    database: int
    span: Span
    rounds: int

    def run(self, job: Job, errand: Errand, statements: int) -> Result:
        """Drive floor and product in turns. Raises `WrongAnswer`."""
        product: list[Measure] = []
        floor: list[Measure] = []
        asked = FLOORS[job.floor]()
        for _ in range(self.rounds):
            floor.append(self._drive(self.floor, asked))
            rate = product[-1].rate if product else FIRST_GUESS
            errand.before(int(MARGIN * rate * (self.span.warm + self.span.counted)))
            product.append(self._drive(self.product, errand.ask))
            errand.after()
        return Result(job, tuple(product), tuple(floor), statements)

    def _drive(self, served: Served, ask: Ask) -> Measure:
        heads = {"server": served.process, "database": self.database}
        return drive(served.port, ask, self.span, heads)


def _list_floor() -> Ask:
    agents = cycle(range(1, FLOOR_AGENTS + 1))

    def check(answer: Answer) -> None:
        require_equal(len(read(answer, 200)["items"]), FLOOR_PAGE)

    def ask() -> tuple[Request, Check]:
        return Request("GET", f"/list?agent={next(agents)}"), check

    return ask


def _create_floor() -> Ask:
    body = {
        "subject": "厂区用电增容办理缓慢",
        "body": "新生产线投产需要增加用电容量，供电部门尚未答复，请协调。" * 5,
        "requester": "企业",
        "category": "其他",
    }

    def check(answer: Answer) -> None:
        require_equal(type(read(answer, 201)["id"]), int)

    def ask() -> tuple[Request, Check]:
        return Request("POST", "/create", body=body), check

    return ask


FLOORS: Mapping[str, Callable[[], Ask]] = {"iii": _list_floor, "iv": _create_floor}
