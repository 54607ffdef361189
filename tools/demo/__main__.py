"""`python -m tools.demo`: play the story on the product that runs on $GUANJIA_HOME."""

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

import requests

from tools.demo import closure, epilogue, loop, overdue, prologue
from tools.demo.people import Town
from tools.demo.stage import Stage, clock_time
from tools.environment import launch_environment
from tools.faults import Fault
from tools.programs import ROOT
from tools.wechat import StandIn


def main() -> int:
    """0 when everything held; 1 with a sentence about what did not."""
    try:
        home = Path(launch_environment(ROOT, os.environ)["GUANJIA_HOME"])
        play(open_stage(home))
    except Fault as fault:
        print(f"\n{fault}", file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def open_stage(home: Path) -> Stage:
    """The stage of the running product. Raises Fault when none runs, or one without demo city."""
    told: Mapping[str, object]
    try:
        told = json.loads((home / "run.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Fault(f"{home} 中的产品没有在运行。请先在另一个终端运行 make run。") from None
    accounts = told["accounts"]
    if not isinstance(accounts, list) or not accounts:
        raise Fault("正在运行的产品没有演示账号；演示需要 DEMO=1。")
    session = requests.Session()
    # The product is on this machine; a proxy of the environment would only be in the way.
    session.trust_env = False
    wechat = told.get("wechat")
    stand_in = StandIn(wechat["base"], wechat["key"]) if isinstance(wechat, dict) else None
    return Stage(Town(str(told["api"]), accounts, session, stand_in), say)


def play(stage: Stage) -> None:
    """The whole story."""
    say("企业管家演示：全部通过 HTTP 接口进行，时间为业务时间。")
    morning = stage.next_working_morning()
    stage.advance_to(morning)
    say(f"业务时钟拨到下一个工作日上午：{clock_time(morning.isoformat())}")
    before = closure.read(stage, morning.date())
    prologue.play(stage)
    answered, late = loop.play(stage), overdue.play(stage)
    supervisor = stage.town["demo-supervisor"]
    reason = "核对报表与诉求的办理情况"
    played = closure.Played(supervisor.inspect(answered, reason), supervisor.inspect(late, reason))
    closure.play(stage, before, morning.date(), played)
    epilogue.play(stage, {answered, late})
    say("\n演示完成，每一步都与预期相符。")


def say(text: str) -> None:
    """Tell the person at the terminal."""
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
