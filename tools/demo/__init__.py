"""`make demo`: one story told to the running product through HTTP only, and checked."""
