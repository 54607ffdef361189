"""The benchmark: a loaded database, the product next to its floor, answers that are checked."""
