"""What the web server and the `flask` command load."""

import os
import sys

from app.factory import create_app
from config.settings import Settings, SettingsError

try:
    settings = Settings.from_environment(os.environ)
except SettingsError as fault:
    sys.exit(str(fault))

app = create_app(settings)
