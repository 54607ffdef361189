"""An emulator of the WeChat platform for tests and local running. Production does not know it."""
