"""`make flask do="…"`: a flask command with the database and the keys of the running product."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools.environment import launch_environment, with_keys
from tools.faults import Fault
from tools.programs import ROOT


def main(arguments: Sequence[str]) -> int:
    """Run `flask --app wsgi` with these arguments; its exit code."""
    argv = [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]
    try:
        environ = environment_of_running(launch_environment(ROOT, os.environ))
    except Fault as fault:
        print(fault, file=sys.stderr)
        return 1
    return subprocess.run(argv, cwd=ROOT, env=environ, check=False).returncode


def environment_of_running(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment with the address of the embedded database, which must be running."""
    if environ.get("APP_ENV") == "production":
        return dict(environ)
    home = Path(environ["GUANJIA_HOME"])
    complete = dict(environ)
    if "DATABASE_URL" not in complete:
        told = home / "run.json"
        if not told.exists():
            raise Fault(f"{home} 中的产品没有在运行。请先在另一个终端运行 make run。")
        complete["DATABASE_URL"] = json.loads(told.read_text(encoding="utf-8"))["database_url"]
    return with_keys(complete, home)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
