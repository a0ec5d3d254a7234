"""Curves without an end: they approach a value and never reach it. One module a family."""
