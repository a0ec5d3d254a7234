"""What pytest must not import: the program that other Pythons run, and the one that writes."""

collect_ignore = ["check.py", "record.py"]
