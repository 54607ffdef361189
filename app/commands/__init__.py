"""The `flask` commands, one file each."""

from app.commands.seed import seed

COMMANDS = (seed,)
