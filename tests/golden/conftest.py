"""What pytest must not import: the program that other Pythons run."""

collect_ignore = ["check.py"]
