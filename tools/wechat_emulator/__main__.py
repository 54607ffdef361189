"""`python -m tools.wechat_emulator`: the emulator as a process of its own."""

import os
import sys

from tools.faults import Fault
from tools.ports import require_free
from tools.watch import Stopped, listen, pause
from tools.wechat_emulator.emulator import Emulator
from tools.wechat_emulator.keeping import keeping
from tools.wechat_emulator.options import Options, read_options
from tools.wechat_emulator.server import serving

WAIT_SECONDS = 3_600


def main() -> int:
    """Serve until told to stop (0), or say why that cannot be (1)."""
    listen()
    os.umask(0o077)
    try:
        run(read_options(os.environ))
    except Stopped:
        return 0
    except Fault as fault:
        print(fault, file=sys.stderr, flush=True)
    return 1


def run(options: Options) -> None:
    """Serve, and keep the state; ends by Stopped."""
    require_free(options.port)
    emulator = Emulator(options.access, options.targets)
    with keeping(emulator, options.state), serving(emulator, options.port) as base:
        print(f"微信替身：{base}__emu/", flush=True)
        while True:
            pause(WAIT_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
