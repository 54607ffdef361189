"""结对: who looks after whom, with history."""
