"""`python -m bench`: load, serve, drive, print. `make bench` and `make bench-record` call it."""

import os
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from functools import partial

from bench.city import read_city
from bench.errands import Place
from bench.measuring import Result, Track
from bench.options import Options, options_of
from bench.page import write_page
from bench.places import Server, database_server, floor, folder, product, product_environment
from bench.preparing import (
    CITY,
    add_untouched,
    application,
    city_of,
    draw_lives,
    floor_database,
    migrate,
    on,
    prepare_city,
    prepare_floor,
    prepare_tickets,
    product_database,
)
from bench.statements import count_statements
from bench.table import growth_lines, lines_of
from config.settings import Settings

STATEMENT_TRIES = 4


def main() -> int:
    """Measure what the command line asks for."""
    options = options_of(sys.argv[1:])
    os.umask(0o022)
    began = time.monotonic()
    with folder(options.kept) as home, database_server(home) as server:
        environ = product_environment(home, server.url(CITY))
        load(server, environ, options)
        results = {size: measure(server, environ, size, options) for size in options.sizes}
    if len(options.sizes) > 1:
        smallest, largest = results[options.sizes[0]], results[options.sizes[-1]]
        say(f"\n×, {options.sizes[0]:,} → {options.sizes[-1]:,}:")
        say("\n".join(growth_lines(smallest, largest)))
    if options.page:
        write_page(options.page, results)
    say(f"\n{time.monotonic() - began:.0f} s")
    return 0


def load(server: Server, environ: Mapping[str, str], options: Options) -> None:
    """Whatever databases are still missing; those that are there are brought up to date."""
    prefix = Settings.from_environment(environ).ticket_prefix
    prepare_city(server, environ)
    missing = [size for size in options.sizes if not server.has(product_database(size))]
    lives = draw_lives(server, environ) if missing else []
    for size in options.sizes:
        began = time.monotonic()
        if size in missing:
            prepare_tickets(server, lives, size, prefix)
        else:
            migrate(on(environ, server, product_database(size)))
        if not server.has(floor_database(size)):
            prepare_floor(server, size)
        say(f"{size:,}: {time.monotonic() - began:.0f} s")


def measure(
    server: Server, environ: Mapping[str, str], size: int, options: Options
) -> list[Result]:
    """The results of all jobs at one size; each row is shown as soon as it is there."""
    own = on(environ, server, product_database(size))
    say(f"\n{size:,} tickets")
    with ExitStack() as closing:
        served = closing.enter_context(product(own))
        bare = closing.enter_context(floor(environ, server.plain_url(floor_database(size))))
        connection = closing.enter_context(server.open(product_database(size)))
        app = closing.enter_context(application(own))
        prefix = Settings.from_environment(own).ticket_prefix
        place = Place(
            connection,
            city_of(read_city(connection), size),
            partial(add_untouched, server, size, prefix),
        )
        track = Track(served, bare, server.process, options.span, options.rounds)
        results = []
        for job in options.jobs:
            errand = job.errand(place)
            errand.before(STATEMENT_TRIES)
            results.append(track.run(job, errand, count_statements(app, errand)))
            say(lines_of(results)[-1])
    say("\n".join(lines_of(results)))
    return results


def say(text: str) -> None:
    """Tell the person at the terminal at once."""
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
