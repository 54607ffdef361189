"""What happens by itself. The table is in `schedule.py`."""
