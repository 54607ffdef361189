"""The rows of the transition table, one file per stretch of the loop."""
