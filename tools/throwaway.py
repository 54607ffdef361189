"""A PostgreSQL server for a while: a fresh folder, no care for durability, gone afterwards."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.postgres import FORGETFUL, EmbeddedPostgres
from tools.postgres_binaries import DEFAULT_VERSION

# Passing through is all that the unprivileged user of the server may do here.
FOLDER_MODE = 0o711


@contextmanager
def throwaway_server(version: int = DEFAULT_VERSION) -> Iterator[str]:
    """The address of an empty database on a server of its own."""
    folder = Path(tempfile.mkdtemp(prefix="guanjia-throwaway-"))
    folder.chmod(FOLDER_MODE)
    postgres = EmbeddedPostgres(
        folder / "postgres", folder / "log", version=version, options=FORGETFUL
    )
    try:
        postgres.start(print)
        yield postgres.url()
    finally:
        postgres.stop()
        shutil.rmtree(folder)
