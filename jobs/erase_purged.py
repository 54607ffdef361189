"""涉密清除: the content of what was purged leaves the store, each file in its own transaction."""

from flask import current_app

from app.db import transaction
from jobs.runner import Outcome, each
from services.attachments import attachments_to_erase, erase
from services.gateways.file_store import FileStore


def erase_purged() -> Outcome:
    """Take away what nobody reads any more; what fails stays marked, and comes again."""
    files = FileStore(current_app.config["SETTINGS"].file_store)
    with transaction():
        waiting = attachments_to_erase()
    return each(waiting, lambda attachment_id: erase(attachment_id, files))
