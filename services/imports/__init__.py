"""Bringing the register in from workbooks: reading, judging, storing, handing back."""
