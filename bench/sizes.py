"""One size after the other: the databases, the two servers, all jobs."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import partial

from bench.city import read_city
from bench.errands import Place
from bench.measuring import Result, Track
from bench.options import Options
from bench.places import Server, floor, product
from bench.preparing import (
    add_untouched,
    application,
    city_of,
    draw_lives,
    floor_database,
    loaded_database,
    on,
    prepare_city,
    prepare_copy,
    prepare_floor,
    prepare_tickets,
    product_database,
)
from bench.statements import count_statements
from bench.table import table
from config.settings import Settings

STATEMENT_TRIES = 4

Tell = Callable[[str], None]


def load(server: Server, environ: Mapping[str, str], options: Options) -> None:
    """Load what is still missing, and take copies to work on."""
    prefix = Settings.from_environment(environ).ticket_prefix
    prepare_city(server, environ)
    missing = [size for size in options.sizes if not server.has(loaded_database(size))]
    lives = draw_lives(server, environ) if missing else []
    for size in options.sizes:
        if size in missing:
            prepare_tickets(server, lives, size, prefix)
        prepare_copy(server, environ, size)
        if not server.has(floor_database(size)):
            prepare_floor(server, size)


def measure(
    server: Server, environ: Mapping[str, str], size: int, options: Options, tell: Tell
) -> list[Result]:
    """The results of all jobs at one size; each is told as soon as it is there."""
    own = on(environ, server, product_database(size))
    with ExitStack() as closing:
        served = closing.enter_context(product(own))
        bare = closing.enter_context(floor(environ, server.plain_url(floor_database(size))))
        connection = closing.enter_context(server.open(product_database(size)))
        app = closing.enter_context(application(own))
        prefix = Settings.from_environment(own).ticket_prefix
        city = city_of(read_city(connection), size)
        place = Place(connection, city, partial(add_untouched, server, size, prefix))
        track = Track(served, bare, server.process, options.span, options.rounds)
        results = []
        for job in options.jobs:
            errand = job.errand(place)
            errand.before(STATEMENT_TRIES)
            results.append(track.run(job, errand, count_statements(app, errand)))
            tell(table(results[-1:])[-1])
    return results
