"""What the web server and the `flask` command load."""

import os
import sys

from app.factory import create_app
from config import logging as log_lines
from config.settings import Settings, SettingsError

try:
    settings = Settings.from_environment(os.environ)
except SettingsError as fault:
    sys.exit(str(fault))

log_lines.configure(settings.log_level)
app = create_app(settings)
