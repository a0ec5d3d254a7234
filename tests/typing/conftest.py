"""What pytest must not import: one of them fails at every line."""

collect_ignore = ["accepted.py", "refused.py"]
