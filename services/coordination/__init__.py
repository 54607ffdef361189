"""Coordination: where a ticket belongs, and how one that lapsed begins again."""
