"""跟踪回访: what follows when a ticket is closed, or when nothing was heard for a year."""
