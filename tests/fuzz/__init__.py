"""Hostile text for `parse` and `from_json`: how it is made, and what may not happen."""
