"""The `flask` commands, one file each."""

from app.commands.areas import areas
from app.commands.import_register import import_register
from app.commands.organisations import organisations
from app.commands.prepare import prepare
from app.commands.rotate_keys import rotate_keys
from app.commands.seed import seed
from app.commands.seed_demo import seed_demo
from app.commands.users import users
from app.commands.verify_audit import verify_audit
from app.commands.verify_case_file import verify_case_file
from app.commands.verify_history import verify_history
from app.commands.wechat import wechat

COMMANDS = (
    areas,
    import_register,
    organisations,
    prepare,
    rotate_keys,
    seed,
    seed_demo,
    users,
    verify_audit,
    verify_case_file,
    verify_history,
    wechat,
)
