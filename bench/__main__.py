"""`python -m bench`: load, serve, drive, print. `make bench` and `make bench-record` call it."""

import logging
import sys
import time

from bench.options import options_of
from bench.page import Record, growth, write_page
from bench.places import database_server, folder, product_environment
from bench.preparing import CITY
from bench.sizes import load, measure
from bench.table import table


def main() -> int:
    """Measure what the command line asks for."""
    options = options_of(sys.argv[1:])
    # The product's log belongs to its servers; here it would stand between the figures.
    logging.disable(logging.WARNING)
    began = time.monotonic()
    with folder(options.kept) as home, database_server(home) as server:
        environ = product_environment(home, server.url(CITY))
        load(server, environ, options)
        say(f"loaded after {time.monotonic() - began:.0f} s")
        results = {}
        for size in options.sizes:
            say(f"\n{size:,} tickets")
            results[size] = measure(server, environ, size, options, say)
            say("\n".join(table(results[size])))
        record = Record(results, options.rounds, options.span, server.version())
    say("\n".join(growth(results)))
    if options.page:
        write_page(options.page, record)
    say(f"\n{time.monotonic() - began:.0f} s")
    return 0


def say(text: str) -> None:
    """Tell the person at the terminal at once."""
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
