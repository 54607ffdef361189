"""The `flask` commands, one file each."""

from app.commands.import_register import import_register
from app.commands.prepare import prepare
from app.commands.seed import seed
from app.commands.verify_history import verify_history

COMMANDS = (import_register, prepare, seed, verify_history)
