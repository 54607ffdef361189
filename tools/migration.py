"""`make migration m="…"`: a new numbered migration, compared with a database at the newest one."""

import os
import subprocess
import sys

from tools.environment import launch_environment
from tools.faults import Fault
from tools.programs import ROOT
from tools.throwaway import throwaway_server

VERSIONS = ROOT / "migrations" / "versions"
FLASK = (sys.executable, "-m", "flask", "--app", "wsgi", "db")
# Nothing personal is stored on the way; the settings only ask for keys of the right shape.
NAMES = ("DATA", "LOOKUP", "LINK")
KEYS = {f"{name}_KEY": letter * 43 + "=" for name, letter in zip(NAMES, "AEI", strict=True)}


def main(subject: str) -> int:
    """Write migrations/versions/NNNN_subject.py, to be read and corrected by hand."""
    if not subject:
        print('请写明这次迁移做什么，例如 make migration m="add bulletins"', file=sys.stderr)
        return 1
    number = f"{len(list(VERSIONS.glob('[0-9]*.py'))) + 1:04d}"
    try:
        with throwaway_server() as url:
            environ = launch_environment(ROOT, os.environ) | KEYS | {"DATABASE_URL": url}
            for step in (["upgrade"], ["migrate", "--message", subject, "--rev-id", number]):
                subprocess.run([*FLASK, *step], cwd=ROOT, env=environ, check=True)
    except Fault as fault:
        print(fault, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
