"""The `flask` commands, one file each."""

from app.commands.import_register import import_register
from app.commands.prepare import prepare
from app.commands.seed import seed

COMMANDS = (import_register, prepare, seed)
