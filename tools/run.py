"""The launcher behind `make run`: database, migrations, web server, scheduler; one stop for all."""

import os
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from config.settings import Settings, SettingsError
from tools import wechat
from tools.children import Child, start, stop
from tools.environment import launch_environment, with_keys
from tools.faults import Fault
from tools.home import forget_run_file, hold, make_home, run_file, sign
from tools.ports import HOST, require_free
from tools.postgres import EmbeddedPostgres
from tools.processes import MARK, end, marked
from tools.programs import ROOT, prepare, scheduler, web_server
from tools.readiness import wait_until_ready
from tools.under_make import Make
from tools.watch import Stopped, listen, pause
from tools.wechat import StandIn
from tools.welcome import Tour, welcome

# Longer than the web server gives its workers.
STOP_SECONDS = 8
WATCH_SECONDS = 1
# A heap per thread costs a busy web process 20 MB, and Python's lock leaves nothing to gain by it.
FRUGAL = {"MALLOC_ARENA_MAX": "2"}


def main() -> int:
    """Run the product until it is told to stop (0) or a part of it fails (1)."""
    listen()
    make = Make()
    os.umask(0o077)
    try:
        run(launch_environment(ROOT, os.environ), make)
    except Stopped:
        say("已停止。")
    except (Fault, SettingsError) as fault:
        print(fault, file=sys.stderr, flush=True)
        return 1
    return 0


def run(environ: Mapping[str, str], make: Make) -> None:
    """Start everything, watch over it, and stop everything whatever happens."""
    began = time.monotonic()
    home = Path(environ["GUANJIA_HOME"])
    make_home(home)
    with ExitStack() as closing:
        lock = closing.enter_context(hold(home))
        clear(home)
        settings, environ = checked(environ, home)
        api = f"http://{HOST}:{settings.port}/api/v1"
        sign(lock, api)
        require_free(settings.port)
        database = start_database(environ, home, closing)
        children = [database] if database else []
        stand_in = start_stand_in(settings, environ, children, closing)
        accounts = prepare(settings, environ, children)
        if stand_in:
            accounts = wechat.introduce(stand_in, accounts, settings.wechat_secret)
        children += start_services(settings, environ, closing)
        wait_until_ready(settings.port, children, say)
        kept: dict[str, object] = {"api": api, "accounts": accounts, "pid": os.getpid()}
        kept["database_url"] = environ["DATABASE_URL"]
        if stand_in:
            kept["wechat"] = stand_in.told()
        closing.enter_context(run_file(home, kept))
        say(welcome(Tour(api, accounts, home, stand_in), time.monotonic() - began))
        watch_over(children, make)


def clear(home: Path) -> None:
    """Remove what a launcher that was killed left behind."""
    end(marked(home), signal.SIGTERM, signal.SIGKILL, patience=STOP_SECONDS)
    forget_run_file(home)


def checked(environ: Mapping[str, str], home: Path) -> tuple[Settings, dict[str, str]]:
    """The settings, and the environment for the children, before anything has been started."""
    marked_environ = {**FRUGAL, **environ, MARK: str(home)}
    if environ.get("APP_ENV") == "production":
        return Settings.from_environment(environ), marked_environ
    complete = wechat.with_wechat(with_keys(marked_environ, home), home)
    embedded = {"DATABASE_URL": "postgresql://embedded"}
    return Settings.from_environment(embedded | complete), complete


def start_database(environ: dict[str, str], home: Path, closing: ExitStack) -> Child | None:
    """Start the embedded database and put its address into `environ`, unless one is there."""
    if "DATABASE_URL" in environ:
        return None
    say("启动内置数据库……")
    server = EmbeddedPostgres(home / "postgres", home / "logs" / "postgres.log")
    closing.callback(server.stop)
    child = server.start(say)
    environ["DATABASE_URL"] = server.url()
    return child


def start_stand_in(
    settings: Settings, environ: Mapping[str, str], children: list[Child], closing: ExitStack
) -> StandIn | None:
    """Start the stand-in for WeChat when the environment speaks of one."""
    stand_in = wechat.stand_in_of(environ)
    if stand_in:
        child = start(wechat.program(settings, environ))
        closing.callback(stop, [child], patience=STOP_SECONDS)
        children.append(child)
        wechat.wait_for(stand_in, child)
    return stand_in


def start_services(
    settings: Settings, environ: Mapping[str, str], closing: ExitStack
) -> Sequence[Child]:
    """Start the web server and the scheduler; the port is asked once more right before."""
    say("启动接口服务和定时任务……")
    require_free(settings.port)
    services: list[Child] = []
    patience = settings.web_stop_seconds + STOP_SECONDS
    closing.callback(lambda: stop(services, patience=patience))
    closing.callback(say, "正在停止……")
    services.extend(map(start, (web_server(settings, environ), scheduler(settings, environ))))
    return services


def watch_over(children: Sequence[Child], make: Make) -> None:
    """Wait for a signal (Stopped) or for the end of a child (Fault)."""
    while True:
        make.require_undisturbed()
        for child in children:
            child.require_running()
        pause(WATCH_SECONDS)


def say(text: str) -> None:
    """Tell the person at the terminal, at once even through a pipe."""
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
